"""Zero-knowledge answers beside arms: which stand in a table, their names, and the gain over them.

``references`` are the rows of ``survey_baselines.score_references``.
"""

from collections.abc import Mapping

import polars as pl

GAINS_OVER = {"uniform": "gain", "by_place": "gain_place"}
"""Answers that know nothing of the question, which every arm has to beat -> the gain over them."""
_SOURCE = pl.col("method").str.extract("^(?:people|modal|sample)_(.+)$")
_SAMPLE = pl.col("method").str.starts_with("sample_")


def reference_names(nations: Mapping[str, str]) -> dict[str, str]:
    """Method -> label, in the order of tables; ``nations``: country -> label."""
    found = {"uniform": "Uniform answer", "first": "Always the first option"}
    found |= {"by_place": "Average by place"}
    for kind, label in (("modal", "Commonest answer"), ("people", "People")):
        found |= {f"{kind}_{country}": f"{label}, {name}" for country, name in nations.items()}
    return found | {"sample": "Sample of the people"}


def of_strangers(references: pl.DataFrame) -> pl.DataFrame:
    """Without what knows the country: of its own people only the sample, the floor, is kept.

    Returns:
        The same columns; the method of samples is ``sample``.
    """
    own = pl.col("country") == _SOURCE
    kept = references.filter(_SOURCE.is_null() | (own == _SAMPLE))
    return kept.with_columns(
        pl.when(_SAMPLE).then(pl.lit("sample")).otherwise("method").alias("method")
    )


def without_samples(references: pl.DataFrame) -> pl.DataFrame:
    """Answers only, each with its distances to all countries."""
    return references.filter(~_SAMPLE)


def gains(runs: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Gain over a zero-knowledge answer, 1 - mean distance / its mean distance, by question.

    1: as people answer; 0: no nearer than the answer without content; below 0: further away.

    Args:
        runs: One arm's ``question, seed, value`` and ``cluster``.
        known: The same columns of the uniform answer, or another, to the same questions.

    Returns:
        ``question, seed, cluster, value``, whose mean is the gain and whose spread that of the
        ratio of the two means, so that an interval of the mean is one of the gain.

    Source:
        Linearization of a ratio: Cochran (1977), Sampling techniques, section 6.4.
    """
    base = known.select("question", base="value")
    both = runs.join(base, on="question", maintain_order="left")
    flat = both["base"].to_numpy()
    ours = both["value"].to_numpy() - flat
    mean = flat.mean() if flat.any() else 1.0
    gain = -ours.mean() / mean if len(both) else 0.0
    # an arm's distance is ours + flat; (1 - gain) * flat is what the ratio of means expects
    values = gain - (ours + gain * flat) / mean
    return both.select(pl.exclude("value", "base"), value=pl.Series(values, dtype=pl.Float64))
