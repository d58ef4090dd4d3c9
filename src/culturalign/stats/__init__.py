"""Statistics: intervals, paired tests, summaries of seeds, and distances of distributions."""
