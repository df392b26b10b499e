"""The acceptance record (biên bản nghiệm thu): what a box is, what was tried, and how it went.

Facts are read from the box (`facts`), each program tries its own devices (`trials`), the
technician is asked what only people see or hear (`questions`), and all of it becomes one page to
sign (`page`). What was not tried is said as not tried. Standard library only; no personal data.
"""
