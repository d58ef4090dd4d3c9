"""Definitions as written, as run, and sound, and what each does to the numbers of this run."""
