"""Tables 3 and 4 of the paper, with differences between arms and the human ceiling."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.report import arm_tables
from culturalign.report.arm_tables import TITLES, Cell, Columns, Labels
from culturalign.stats.summary import SHARE, contrast, summarize

REFERENCE = {
    "human": "Half of the humans",
    "best": "Best strict ranking",
    "corpus": "Frequency in the corpus",
    "shown": "Order shown",
    "random": "Random order",
}
BASELINE = ("-", "corpus")
MAIN = {"rho": "Spearman ρ", "ratio": "ρ / attainable", "reward": "reward"}
"""Scores of the main table; an answer without a complete ranking is worth -1."""
SHARES = {"incomplete": "incomplete", "unparsed": "no ranking", "truncated": "cut short"}
"""Shares of an arm's answers; those without a ranking are incomplete too."""
CEILING = {"rho": "ρ, all humans", "ratio": "ρ / attainable, all humans",
           "rho_half": "ρ, half of the humans",
           "ratio_half": "ρ / attainable, half of the humans",
           "incomplete": "incomplete"}  # fmt: skip
CONTRASTS = {"rho": "Spearman ρ", "ratio": "ρ / attainable", "incomplete": "incomplete"}
"""Differences; a failure is worth -1 in the first two, so fewer failures are enough to raise
them."""
INCOMPLETE = (~pl.col("complete")).cast(pl.Float64).alias("incomplete")
"""1 for an answer without a complete ranking."""
SIGNED = ("rho", "ratio", "reward", "rho_half", "ratio_half", "rho_complete")
"""Scores from -1 to 1; the others are shares."""
LEAK = (
    "Split by question: the test cues and some of their words are in the training data too, so a "
    "gain may be memorization."
)
INTERVAL = {"mean": "", "low": "_low", "high": "_high", "n_cues": "_n", "df": "_df"}


def summaries(
    scores: pl.DataFrame, measures: Iterable[str], evaluation: Evaluation
) -> pl.DataFrame:
    """Means of several scores of each arm: over the examples of a cue, over seeds, over cues.

    Args:
        scores: ``model, method, seed, cue, k`` and the scores; nulls are left out.
        measures: Columns; one without any value is left out.

    Returns:
        ``model, method, k``; each measure with ``_low, _high, _n`` (cues) and ``_seed_sd``.
    """
    names = [name for name in measures if scores[name].count()]
    parts = [
        summarize(
            scores.drop_nulls(name), name, evaluation, (-1.0, 1.0) if name in SIGNED else SHARE
        ).with_columns(measure=pl.lit(name))
        for name in names
    ]
    values = INTERVAL | {"seed_sd": "_seed_sd"}
    return arm_tables.pivot_measures(pl.concat(parts), ["model", "method", "k"], names, values)


def write_main(
    stem: str, scores: pl.DataFrame, labels: Labels, evaluation: Evaluation, *, split: str = "cue"
) -> None:
    """The paper's table: M Type, M Class, SWOW, Spearman's rho; with failures and intervals.

    Args:
        split: ``ranking.split``: whether cues or questions were held out.
    """
    scores = scores.with_columns(
        INCOMPLETE,
        unparsed=(~pl.col("parsed")).cast(pl.Float64),
        truncated=pl.col("truncated").cast(pl.Float64),
        rho_complete=pl.when("complete").then("rho"),
    )
    rows = summaries(scores, [*MAIN, *SHARES, "rho_complete"], evaluation)
    rows = arm_tables.title_arms(rows, labels, REFERENCE, culture=scores["culture"][0])
    columns: Columns = {
        **arm_tables.texts(*TITLES),
        **{title: arm_tables.interval(name) for name, title in MAIN.items()},
        **{title: arm_tables.number(name) for name, title in SHARES.items()},
        "ρ, complete only (cues)": _with_cues("rho_complete"),
        "cues": "rho_n",
    }
    leak = f" {LEAK}" if split == "question" else ""
    arm_tables.write_rows(stem, rows, columns, note=arm_tables.unit_note(scores) + leak)


def write_contrasts(
    stem: str,
    scores: pl.DataFrame,
    labels: Labels,
    controls: Sequence[str],
    evaluation: Evaluation,
) -> None:
    """Paired differences, cue by cue: each training minus vanilla, control and corpus.

    ``rho_both`` is over the cues for which every answer of both arms is a complete ranking. A
    reference has no answers, and always ranks.
    """
    scores = scores.with_columns(complete=pl.col("complete").fill_null(True)).with_columns(
        INCOMPLETE,
        rho_both=pl.when(pl.col("complete").all().over("model", "method", "cue")).then("rho"),
    )
    pairs, names = arm_tables.contrast_pairs(scores, controls, [BASELINE]), [*CONTRASTS, "rho_both"]
    parts = [
        contrast(scores.drop_nulls(name), pairs, name, evaluation).with_columns(
            measure=pl.lit(name)
        )
        for name in names
    ]
    rows = arm_tables.pivot_measures(
        pl.concat(parts), ["model", "method", "minus", "k"], names, INTERVAL
    )
    rows = arm_tables.name_arms(rows, labels, REFERENCE)
    rows = rows.with_columns(Difference=arm_tables.difference(labels, REFERENCE))
    columns: Columns = {
        **arm_tables.texts("M Class", "Difference"),
        **{title: arm_tables.interval(name) for name, title in CONTRASTS.items()},
        "ρ, both complete": _with_cues("rho_both"),
        "cues": "rho_n",
    }
    arm_tables.write_rows(stem, rows, columns, note=arm_tables.unit_note(scores))


def write_ceiling(stem: str, scores: pl.DataFrame, labels: Labels, evaluation: Evaluation) -> None:
    """Arms and references: half against half, and what needs no model."""
    found = summaries(scores.with_columns(INCOMPLETE), CEILING, evaluation)
    ends = pl.col("^(rho|ratio)_(low|high)$")  # what no ranking exceeds has no interval
    found = found.with_columns(pl.when(pl.col("method") != "best").then(ends))
    if not scores["rho_half"].count():
        people = {"model": "-", "method": "human", "note": arm_tables.NO_PARTICIPANTS}
        found = pl.concat([found, pl.DataFrame([people])], how="diagonal")
    rows = arm_tables.name_arms(found, labels, REFERENCE)
    titles, cells = TITLES[:2], {name: arm_tables.interval(name) for name in CEILING}
    columns: Columns = {
        **arm_tables.texts(*titles),
        **{
            title: arm_tables.noted(cells[name]) if name.endswith("_half") else cells[name]
            for name, title in CEILING.items()
        },
    }
    rows, note = arm_tables.columns_first(rows, titles), arm_tables.unit_note(scores)
    arm_tables.write_rows(stem, rows, columns, note=note)


def _with_cues(name: str) -> Cell:
    """A mean with its interval and number of cues."""

    def written(row: Mapping[str, Any]) -> str:
        return arm_tables.interval(name)(row) + (
            "" if row.get(name) is None else f" ({row[f'{name}_n']})"
        )

    return written
