"""Pure rules: life cycle, numbering, calendar, dispatch, estimates. No I/O, no clock."""
