"""The grid of a run: its arms, tables, figures, settings, and resources, from the configuration."""
