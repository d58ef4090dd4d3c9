"""Scores: from raw answers to numbers, cue by cue and question by question."""
