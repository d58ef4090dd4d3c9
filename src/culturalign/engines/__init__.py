"""Engines: what loads a model, with an adapter or without, and lets it answer and score."""
