"""Puts Lấy Số on a box, brings it up to date, and takes it away again.

A plan is worked out from what the box is and what was asked (`plan`), and carried out step by
step (`run`); a step that is done already is left alone, so that a run which was cut off is simply
made again. All that was put on the box stands in a manifest.
"""
