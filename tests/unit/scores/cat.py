"""A cue to rank, and the two halves of two splits of its respondents."""

EXAMPLE = {"cue": "cat", "candidates": ["a", "b", "c"], "counts": [1, 5, 3]}
# in the second split's second half nothing is ordered
SPLITS = [
    ({"cat": {"b": 3, "c": 2, "a": 1}}, {"cat": {"b": 2, "c": 1}}),
    ({"cat": {"b": 2, "c": 1}}, {"cat": {"a": 1, "b": 1, "c": 1}}),
]
