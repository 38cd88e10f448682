"""Plots in reports: pure functions from plain data to the text of an SVG image that needs nothing else."""
