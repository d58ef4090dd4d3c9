"""Answers at the softmax temperature that suits people best: what flatness cannot explain.

Training of any kind tends to flatten answers, which brings them nearer to everybody. At its best
temperature an arm has no flatness left to gain, so that two arms differ by what they know.
"""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from culturalign.data.survey.batteries import battery
from culturalign.data.survey.topics import number_of
from culturalign.report.survey.zero_knowledge import gains
from culturalign.stats.distances import Array, js_distance
from culturalign.stats.summary import interval_of, run_differences

INVERSE = np.array([0, *np.geomspace(0.02, 5, 60)])
"""One over the temperature; 0 makes every answer uniform, 1 leaves it as it is."""
TEMPERED = [
    "tempered_js",
    *(f"tempered_{kind}{end}" for kind in ("gain", "difference") for end in ("", "_low", "_high")),
]
FLAT = ["tempered_flat", "tempered_flat_vanilla"]
"""Whether the uniform answer is the best of an arm's temperatures, on both halves."""


def tempered(
    vanilla: pl.DataFrame,
    trained: pl.DataFrame,
    human: pl.DataFrame,
    target: str,
    *,
    scoring: str = "plain",
    confidence: float = 0.95,
    seed: int = 0,
) -> dict[str, Any]:
    """JS to people at the temperature that is best on one half of the questions, on the other.

    Args:
        vanilla: Answers ``seed, question, code`` and the scoring.
        trained: The same questions and codes; each training run has temperatures of its own.
        human: ``question, country, code, share``.
        target: Country whose people are asked.
        scoring: ``plain`` or ``debiased``.
        confidence: Level of the intervals, over batteries and training runs.
        seed: Seed of the halves, of whole batteries.

    Returns:
        ``tempered_js``, the trained arm's mean; ``tempered_gain`` over the uniform answer and
        ``tempered_difference`` from vanilla, each at its own temperatures (below 0: nearer to
        people), with ``_low, _high``; null without two batteries. ``tempered_flat`` and
        ``tempered_flat_vanilla``: the best temperature makes the arm's, or vanilla's, answers
        uniform, so that the gain, or the difference if both are, is 0 by construction and has no
        interval.
    """
    people = human.filter(country=target)
    ours, flat = _runs(trained, people, scoring, seed)
    before, _ = _runs(vanilla, people, scoring, seed)
    if ours.is_empty():
        return dict.fromkeys([*TEMPERED, *FLAT])
    even = [
        bool((run_differences(each, flat, ["question"])["value"] == 0).all())
        for each in (ours, before)
    ]
    gain = interval_of(gains(ours, flat), confidence, unit="question")
    shifts = run_differences(ours, before, ["question"])
    shift = interval_of(shifts, confidence, unit="question")
    ends = [(None, None) if nothing else (each.low, each.high)
            for each, nothing in ((gain, even[0]), (shift, all(even)))]  # fmt: skip
    values = [float(ours["value"].to_numpy().mean()), gain.mean, *ends[0], shift.mean, *ends[1]]
    return dict(zip([*TEMPERED, *FLAT], [*values, *even], strict=True))


def _runs(
    answers: pl.DataFrame, people: pl.DataFrame, scoring: str, seed: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """:func:`_halved` of all training runs, and of uniform."""
    runs = answers.partition_by("seed", maintain_order=True) or [answers]
    found = [(run, *_halved(run, people, scoring, seed)) for run in runs]
    mine = [own.with_columns(seed=run["seed"].first()) for run, own, _ in found]
    return pl.concat(mine), found[0][2]


def _halved(
    answers: pl.DataFrame, people: pl.DataFrame, scoring: str, seed: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``question, seed, value, cluster`` of a run at its temperatures, and of uniform."""
    keys = ["question", "code"]
    asked = pl.col("question").is_in(people["question"].unique().to_list())
    own = answers.filter(asked).select(*keys, answer=scoring)
    both = own.join(people.select(*keys, "share"), on=keys, how="left")
    both = both.with_columns(pl.col("share").fill_null(0.0)).sort(number_of(), "code")
    questions = both.select("question").unique(maintain_order=True)
    table = questions.with_columns(battery(), seed=pl.lit(None, pl.Int64))
    if table["cluster"].n_unique() < 2:
        nothing = table.clear().with_columns(value=pl.lit(None, pl.Float64))
        return nothing, nothing
    distances = _distances(both)
    first = _first_half(table["cluster"], seed)
    values = np.zeros(len(table))
    for half in (first, ~first):
        values[half] = distances[distances[:, ~half].mean(1).argmin()][half]
    mine, flat = (table.with_columns(value=pl.Series(x)) for x in (values, distances[0]))
    return mine, flat


def _first_half(clusters: pl.Series, seed: int) -> NDArray[np.bool_]:
    """Whether a question is in the first of two halves of the batteries."""
    names = clusters.unique(maintain_order=True).to_list()
    chosen = np.random.default_rng(seed).permutation(len(names))[: len(names) // 2]
    half: NDArray[np.bool_] = clusters.is_in([names[i] for i in chosen]).to_numpy()
    return half


def _distances(both: pl.DataFrame) -> Array:
    """JS of every question at every temperature: (temperatures, questions)."""
    columns: list[Any] = []
    for _, rows in both.group_by("question", maintain_order=True):
        answer, share = (rows[name].to_numpy() for name in ("answer", "share"))
        logits = INVERSE[:, None] * np.log(np.maximum(answer, 1e-12))
        softened = np.exp(logits - logits.max(1, keepdims=True))
        softened /= softened.sum(1, keepdims=True)
        columns.append(js_distance(softened, np.broadcast_to(share, softened.shape)))
    return np.stack(columns, 1)
