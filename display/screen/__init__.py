"""A screen of a box: one page of ours in a browser, full size, day and night, without anybody.

The kiosk's touch page, or a waiting hall's page with its device token. The browser is a child
process in a compositor of its own; its profile lives in memory and is new at each start.
"""
