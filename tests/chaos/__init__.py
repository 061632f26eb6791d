"""Breaks a real hall in every way that halls break, and counts what was lost, doubled or wrong: `make chaos`."""
