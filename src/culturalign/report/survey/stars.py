"""Stars of table 7: what an arm has to beat to earn one, and what it beat.

``scores`` are those of ``comparison``, with the zero-knowledge answers among them (model ``-``).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.report.survey.comparison import CELL, MEASURES, flipped, question_runs
from culturalign.report.survey.zero_knowledge import GAINS_OVER, gains
from culturalign.stats.paired_tests import holm
from culturalign.stats.summary import ENDS, ends, interval_of, run_differences

PLACE = ["country", "scoring", "measure"]
GAINS: dict[str, Any] = {
    **dict.fromkeys(CELL, pl.String),
    **{f"{name}{end}": pl.Float64 for name in GAINS_OVER.values() for end in ENDS},
}
TESTS: dict[str, Any] = {
    **dict.fromkeys(CELL, pl.String),
    "n": pl.Int64,
    **dict.fromkeys((*(f"difference{end}" for end in ENDS), "p"), pl.Float64),
    **dict.fromkeys(("beats", "fails"), pl.String),
    "star": pl.Boolean,
}


def gain_rows(
    scores: pl.DataFrame, evaluation: Evaluation, measures: Sequence[str] = MEASURES
) -> pl.DataFrame:
    """Gain of every arm over the uniform answer and over the average by place, with intervals.

    Returns:
        ``model, culture, method, country, scoring, measure``; ``gain`` over the uniform answer and
        its :func:`culturalign.stats.summary.ends`, ``gain_place`` likewise, of
        :func:`culturalign.report.survey.zero_knowledge.gains`.
    """
    runs = question_runs(scores, measures)
    known = {name: dict(_known(runs, name).group_by(PLACE)) for name in GAINS_OVER}
    rows = []
    for key, block in runs.group_by(CELL, maintain_order=True):
        row = dict(zip(CELL, key, strict=True))
        for name, gain in GAINS_OVER.items():
            if key[3:] in known[name]:
                of = gains(block, known[name][key[3:]])
                found = interval_of(of, evaluation.confidence, unit="question")
                row |= ends(gain, found)
        rows.append(row)
    return pl.DataFrame(rows, schema=GAINS, orient="row")


def against_vanilla(
    scores: pl.DataFrame,
    evaluation: Evaluation,
    measures: Sequence[str] = MEASURES,
    baselines: Mapping[str, str] | None = None,
    controls: Sequence[str] = (),
) -> pl.DataFrame:
    """Test of each arm against vanilla, paired by question, whole batteries at a time; its star.

    Paper, table 7: "* indicates significant improvement over Vanilla (Wilcoxon test)". Wilcoxon's
    test is of ranks, of which small gains can have more than few large losses in the mean that
    the table prints, and takes questions of a battery for independent. Flatter answers are nearer
    to people without any knowledge of them. A star here has to beat

    - vanilla: the mean is better, its sign-flip test over batteries is significant, and its
      interval, which seeds widen, is wholly below 0;
    - uniform, and by_place, what people answer on average in an option's place: the interval of
      the gain over these answers is wholly above 0;
    - each control of the same model and culture, unless the arm is one, and the same method trained
      on other cultures, if that was evaluated (a swapped arm has to beat the own one): the
      interval of the difference is wholly below 0.

    Args:
        scores: As the module describes; without the uniform answer there is no star.
        evaluation: Level, and settings of the test.
        measures: Columns of ``scores``; smaller is better.
        baselines: Model -> model whose vanilla arm its own vanilla arm is compared with. The
            paper's stars on vanilla 70B models can only mean the small model of the family.
        controls: Names of control methods.

    Returns:
        ``model, culture, method, country, scoring, measure``; ``n`` common questions;
        ``difference`` of means (below 0: better) with its :func:`culturalign.stats.summary.ends`;
        ``p``, two-sided, null with few batteries; ``beats`` and ``fails``, of what had to be
        beaten, comma-separated; ``star``; ``p_holm``, corrected for all comparisons of the same
        scoring; ``star_holm``.
    """
    level = 1 - evaluation.confidence
    other = pl.when(method="vanilla").then(pl.col("model").replace(dict(baselines or {})))
    runs = question_runs(scores, measures).with_columns(baseline=other.otherwise(pl.col("model")))
    tested = (pl.col("method") != "vanilla") | (pl.col("baseline") != pl.col("model"))
    arms, rows = runs.filter(tested, pl.col("model") != "-"), []
    for key, block in arms.group_by(CELL, maintain_order=True):
        rivals = _rivals(runs, block, key, controls)
        shifts = run_differences(block, rivals["vanilla"], ["question"])
        if len(shifts):
            rows.append((*key, *_test(block, shifts, rivals, evaluation)))
    table = pl.DataFrame(rows, schema=TESTS, orient="row")
    return table.with_columns(p_holm=holm(pl.col("p")).over("scoring")).with_columns(
        star_holm=pl.col("star") & (pl.col("p_holm") < level)
    )


def _known(runs: pl.DataFrame, method: str) -> pl.DataFrame:
    return runs.filter(model="-", method=method)


def _rivals(
    runs: pl.DataFrame, block: pl.DataFrame, key: Sequence[Any], controls: Sequence[str]
) -> dict[str, pl.DataFrame]:
    """What an arm has to beat: ``vanilla``, ``uniform``, and by place, controls and swaps if
    there."""
    model, culture, method = key[:3]
    same = runs.filter(**dict(zip(PLACE, key[3:], strict=True)))
    found = {
        "vanilla": same.filter(method="vanilla", model=block["baseline"][0]),
        "uniform": _known(same, "uniform"),
    }
    if len(placed := _known(same, "by_place")):
        found["by_place"] = placed
    trained = same.filter(pl.col("culture").is_not_null(), model=model)
    if method not in controls:
        own = trained.filter(pl.col("culture").eq_missing(culture))
        swaps = trained.filter(_is_swap_of(method))
        found |= {name: rows for name in controls if len(rows := own.filter(method=name))}
        found |= {
            str(name): rows for (name,), rows in swaps.group_by("method", maintain_order=True)
        }
    return found


def _is_swap_of(method: str) -> pl.Expr:
    """Rows of the same method trained on other cultures; of a swapped arm, on the own one."""
    name, swapped, _ = method.partition("@")
    return pl.col("method") == name if swapped else pl.col("method").str.starts_with(f"{name}@")


def _test(
    block: pl.DataFrame,
    shifts: pl.DataFrame,
    rivals: Mapping[str, pl.DataFrame],
    evaluation: Evaluation,
) -> tuple[Any, ...]:
    """Columns of ``TESTS`` after the keys."""
    found = interval_of(shifts, evaluation.confidence, unit="question")
    p = flipped(shifts, evaluation)
    beaten = {
        name: (_gained if name in GAINS_OVER else _below)(block, rows, evaluation)
        for name, rows in rivals.items()
    }
    beaten["vanilla"] &= p is not None and p < 1 - evaluation.confidence
    listed = (", ".join(x for x, won in beaten.items() if won is side) for side in (True, False))
    return found.n, *ends("", found).values(), p, *listed, all(beaten.values())


def _below(block: pl.DataFrame, other: pl.DataFrame, evaluation: Evaluation) -> bool:
    """Whether an arm's distances are smaller, with the whole interval."""
    shifts = run_differences(block, other, ["question"])
    if shifts.is_empty():
        return False
    high = interval_of(shifts, evaluation.confidence, unit="question").high
    return high is not None and high < 0


def _gained(block: pl.DataFrame, known: pl.DataFrame, evaluation: Evaluation) -> bool:
    found = gains(block, known)
    if found.is_empty():
        return False
    low = interval_of(found, evaluation.confidence, unit="question").low
    return low is not None and low > 0
