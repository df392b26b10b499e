"""Printer drivers, chosen by name in the kiosk's file."""
