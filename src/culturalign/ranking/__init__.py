"""The ranking task (paper, section 3.4, appendices B, D and E): data, reward, evaluation.

Reward and parsing import neither torch nor polars, since training engines load them by themselves.
"""
