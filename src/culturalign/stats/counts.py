"""The exact test of two counts."""


def sign_test(more: int, less: int) -> float:
    """Two-sided exact p: either direction is equally likely. 1 if both are 0.

    Source:
        McNemar (1947) for changes between two answers to the same questions.
    """
    from scipy.stats import binomtest  # half a second, in the few jobs that test

    return float(binomtest(more, more + less).pvalue) if more + less else 1.0
