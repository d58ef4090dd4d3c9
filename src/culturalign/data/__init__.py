"""Data: from SWOW responses to associations, splits, and training examples."""
