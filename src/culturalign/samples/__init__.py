"""Samples: what models answer. Raw answers are kept, so scoring never needs a GPU."""
