"""The grid of a run: its arms, files, tables, figures, and resources, from the configuration."""
