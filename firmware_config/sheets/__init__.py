"""Sheets for the wall of a cabinet: which wire goes to which pin, which panel has which address."""
