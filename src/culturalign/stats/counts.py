"""Exact tests and intervals of counts."""


def mcnemar(gained: int, lost: int) -> float:
    """Two-sided exact p: changes in either direction are equally likely. 1 without changes.

    Source:
        McNemar (1947); the exact form is the sign test on the discordant pairs.
    """
    from scipy.stats import binomtest  # half a second, in the few jobs that test

    changed = gained + lost
    return float(binomtest(gained, changed).pvalue) if changed else 1.0


def clopper_pearson(count: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Exact interval of a share; (0, 1) without observations.

    It takes the n questions for independent draws, which questions of one battery are not.

    Source:
        Clopper and Pearson (1934).
    """
    from scipy.stats import binomtest

    if n == 0:
        return 0.0, 1.0
    found = binomtest(count, n).proportion_ci(confidence_level=confidence, method="exact")
    return float(found.low), float(found.high)
