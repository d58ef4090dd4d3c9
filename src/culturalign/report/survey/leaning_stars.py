"""Stars of the tension counts: what an arm that leans to its target has to beat, and what it beat.

Answers that training only flattens lean elsewhere than before, and the uniform answer leans, too:
to the country whose people are more even.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.report.survey.comparison import flipped
from culturalign.report.survey.leaning import leaning_shifts, own_minus_other
from culturalign.report.survey.zero_knowledge import GAINS_OVER
from culturalign.stats.summary import ends

Key = tuple[Any, ...]
"""Scoring, model, culture of the training data, method."""


def swaps(arms: Iterable[Key], key: Key) -> list[Key]:
    """Of arms, those of the same model and method trained on other cultures."""
    return [each for each in arms if each[:2] == key[:2] and each[3].startswith(f"{key[3]}@")]


def own(
    leanings: Mapping[Key, pl.DataFrame], key: Key, target: str, confidence: float
) -> dict[str, float | None]:
    """``own`` and its ends: share nearer to the target minus that of the swapped arms."""
    others = [leanings[each] for each in swaps(leanings, key)]
    found = own_minus_other(leanings[key], others, target, confidence)
    return ends("own", found) if found else {}


def star(
    leanings: Mapping[Key, pl.DataFrame],
    key: Key,
    target: str,
    controls: Sequence[str],
    evaluation: Evaluation,
) -> dict[str, Any]:
    """Whether more answers are nearer to the target than those of anything without its knowledge.

    An arm has to beat vanilla, the uniform answer, the average by place, the controls of its model
    and culture unless it is one, and, where it was evaluated, the same method trained on other
    cultures: more answers are nearer to the target, by the test that flips signs of whole
    batteries. An interval would not do: it is undefined where nearly all questions differ alike.
    Several training runs are counted separately, and have to agree.

    Args:
        leanings: Arm -> its leanings, from :func:`culturalign.report.survey.leaning.nearer` by
            ``seed``.
        key: The arm.
        target: Country of its training data.
        controls: Names of control methods.
        evaluation: Level, and settings of the test.

    Returns:
        ``beats, fails``, comma-separated; ``star``. Nothing for an arm of another culture: it is a
        control.
    """
    scoring, model, culture, method = key
    if "@" in method:
        return {}
    trained = [(scoring, model, culture, name) for name in controls if method not in controls]
    trained += swaps(leanings, key)
    known = [(scoring, "-", None, name) for name in GAINS_OVER]
    rivals = [(scoring, model, None, "vanilla"), known[0]]
    rivals += [each for each in [*known[1:], *trained] if each in leanings]
    won = {each[3]: _more(leanings, key, each, target, evaluation) for each in rivals}
    beats, fails = (", ".join(x for x, y in won.items() if y is side) for side in (True, False))
    return {"beats": beats, "fails": fails, "star": all(won.values())}


def _more(
    leanings: Mapping[Key, pl.DataFrame], key: Key, rival: Key, target: str, evaluation: Evaluation
) -> bool:
    """Whether an arm has more answers near the target than a rival."""
    if rival not in leanings:
        return False
    shifts = leaning_shifts(leanings[key], [leanings[rival]], target)
    p = flipped(shifts, evaluation)
    more = bool(shifts["value"].sum() > 1e-9)
    return more and p is not None and p < 1 - evaluation.confidence
