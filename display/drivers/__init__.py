"""Drivers of LED panels, found by name through the entry points `layso.display.panel`."""
