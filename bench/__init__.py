"""Measurements: ratios against something in the same run. Each prints a table or JSON."""
