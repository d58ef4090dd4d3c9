"""Parsing of model answers, and the rewards of PPO. Nothing here imports torch or polars."""
