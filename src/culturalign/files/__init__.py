"""Intake of any file: archives, character sets, delimited text, and records of what was read."""
