"""The paper's claims on shifts of answers: tension set, examples, topics, questions of belief."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from culturalign.report.arm_tables import number_or_dash
from culturalign.report.claims.cases import Case, Check, Findings, against, swapped, untested
from culturalign.report.claims.cells import (
    Estimate,
    Untestable,
    difference,
    estimate_in,
    mean_of,
    number_in,
    row_of,
)
from culturalign.report.claims.findings import Finding, above, below
from culturalign.report.survey.zero_knowledge import GAINS_OVER
from culturalign.scores.survey_distances import SCORINGS

FIGURES = ("fig12", "fig13")
"""Topics in JS and in EMD."""
BETTER = [
    (figure, topic)
    for figure in FIGURES
    for topic in ("Ethical values", "Political participation", "Religious values",
                  "Social capital and trust", "Security")
]  # fmt: skip
"""Where SFT is said to bring Qwen nearer to people."""
WORSE = [(figure, topic) for figure in FIGURES for topic in ("Economic values", "Corruption")]
"""Where it is said to take Qwen further away."""
OWN = "own minus other culture"
FEW = "no interval: questions {}, batteries {}, five needed; {} has the answers"


def _tension(case: Case) -> str:
    return f"tension_{case.culture['name']}"


def leans(case: Case, side: str) -> Findings:
    """More than half of the answers to the tension set are nearer to a side (section 5.3).

    Args:
        case: The case.
        side: ``first`` for the US, ``second`` for China.
    """
    where = case.row(scoring=case.scoring)
    return {"": above(_share(case, where, side), 0.5)}


def shifts(case: Case) -> Findings:
    """The shift correlates with the difference between the countries (section 5.3).

    Without what flattening explains, since flatter answers alone correlate with it.
    """
    where = case.row(scoring=case.scoring)
    return {"": above(mean_of(case.tables, _tension(case), where, "all_partial"))}


def leaning(
    case: Case, side: str, sign: int, factor: tuple[float, float] | None = None
) -> Findings:
    """More or fewer answers lean to a side than with vanilla, by flipping signs of batteries
    (section 5.3, appendix H.3).

    Args:
        case: The case.
        side: ``first`` for the US, ``second`` for China.
        sign: 1 for more, -1 for fewer.
        factor: Smallest and largest after / before that the paper gives; then all questions of
            the set must have been asked.
    """
    vanilla, row = (row_of(case.tables, _tension(case), x) for x in _before_after(case))
    was, now = number_in(vanilla, side), number_in(row, side)
    n, of, gained, lost, p = (number_in(row, x) for x in ("n", "of", "gained", "lost", "changed_p"))
    fits = factor is None or factor[0] * was <= now <= factor[1] * was
    if factor:
        _all_asked(n, of)
    text = f"{was:.0f} to {now:.0f} of {n:.0f}{f' (set of {of:.0f})' * (n < of)}, "
    text += f"gained {gained:.0f}, lost {lost:.0f}, p {number_or_dash(p)}"
    agrees, changed = sign * (now - was) > 0, round(gained + lost)
    return {
        "": Finding(now - was, None, None, agrees, text, p=p, fits=fits, changed=changed),
    }


def surplus_falls(case: Case) -> Findings:
    """SFT takes a third (28 to 38 percent) of the surplus of US-leaning answers (section 5.3)."""
    vanilla, row = (row_of(case.tables, _tension(case), x) for x in _before_after(case))
    was, now = (number_in(x, "first") - number_in(x, "second") for x in (vanilla, row))
    _all_asked(number_in(row, "n"), number_in(row, "of"))
    if was <= 0:
        raise Untestable("vanilla has no surplus that could fall")
    drop, p = 100 * (was - now) / was, number_in(row, "changed_p")
    text = f"{was:.0f} to {now:.0f}: {-drop:+.0f} %, p {number_or_dash(p)}"
    return {"": Finding(drop, None, None, drop > 0, text, p=p, fits=28 <= round(drop) <= 38)}


def _share(case: Case, where: Mapping[str, Any], side: str) -> Estimate:
    row = row_of(case.tables, _tension(case), where)
    return estimate_in(row, f"{side}_share", note=f", n = {row['n']}")


def _before_after(case: Case) -> list[dict[str, str]]:
    return [case.row(arm, scoring=case.scoring) for arm in ("Vanilla", case.arm)]


def _all_asked(n: float, of: float) -> None:
    if n < of:
        raise Untestable(f"only {n:.0f} of the {of:.0f} questions are worded")


def leaning_rivals(case: Case, side: str, sign: int = 1) -> Findings:
    """More or fewer answers lean to a side than with what knows nothing: answers without a model,
    the controls, and the same method trained on other cultures.

    The shares are compared as if they were independent, which is wider than pairs of questions.
    """

    def beyond(rival: str, _: Any) -> Finding:
        shares = (
            _share(case, where, side)
            for where in (case.row(scoring=case.scoring), _rival(case, rival))
        )
        return (above if sign > 0 else below)(difference(*shares))

    return against(
        case, beyond, [*GAINS_OVER, *swapped(case, _tension(case), scoring=case.scoring)]
    )


def known_lean_less(case: Case, side: str) -> Findings:
    """An untrained arm leans more to a side than answers that know nothing of the question."""
    return {x: found for x, found in leaning_rivals(case, side).items() if x in GAINS_OVER}


def shift_rivals(case: Case) -> Findings:
    """The shift follows the difference between the countries more than that of the controls, and
    of the same method trained on other cultures, if it was evaluated."""
    table, name = _tension(case), "all_partial"

    def more(rival: str, _: Any) -> Finding:
        own = case.row(scoring=case.scoring)
        if rival == OWN:
            return above(mean_of(case.tables, table, own, f"{name}_own"))
        arms = own, _rival(case, rival)
        return above(difference(*(mean_of(case.tables, table, arm, name) for arm in arms)))

    return against(case, more, [OWN])


def _rival(case: Case, method: str) -> dict[str, str]:
    model = "-" if method in GAINS_OVER else case.model
    return {"method": method, "M Class": model, "scoring": case.scoring}


def topic_change(case: Case, figure: str, topic: str, method: str = "") -> Estimate:
    """Mean distance of an arm, by default the claim's, minus that of vanilla over a topic."""
    return mean_of(case.tables, figure, _topic(case, topic, method), "difference")


def _topic(case: Case, topic: str, method: str = "") -> dict[str, str]:
    arm = {"method": method} if method else {"state": case.arm}
    return {"M Class": case.model, "topic": topic} | arm


def topics_better(case: Case) -> Findings:
    """SFT brings Qwen nearer in five topics (appendix H.4)."""
    return {f"{f}, {x}": below(topic_change(case, f, x)) for f, x in BETTER}


def topics_worse(case: Case) -> Findings:
    """SFT takes Qwen further away in two topics (appendix H.4)."""
    return {f"{f}, {x}": above(topic_change(case, f, x)) for f, x in WORSE}


def topic_rivals(case: Case) -> Findings:
    """SFT brings Qwen nearer in these topics than its controls do, than the same method trained on
    other cultures, if it was evaluated, and than answers that know nothing of the question."""

    def nearer(rival: str, place: tuple[str, str]) -> Finding:
        figure, topic = place
        if rival in GAINS_OVER:
            return below(mean_of(case.tables, figure, _topic(case, topic), f"minus_{rival}"))
        return below(_less(case, rival, place))

    return against(case, nearer, [*GAINS_OVER, *swapped(case, FIGURES[0], title="state")], BETTER)


def worse_rivals(case: Case) -> Findings:
    """SFT takes Qwen further away in these topics than its controls do, and the same method trained
    on other cultures."""

    def further(rival: str, place: tuple[str, str]) -> Finding:
        return above(_less(case, rival, place))

    return against(case, further, swapped(case, FIGURES[0], title="state"), WORSE)


def _less(case: Case, rival: str, place: tuple[str, str]) -> Estimate:
    """What training changes in a topic minus what a rival changes."""
    return difference(*(topic_change(case, *place, method) for method in ("", rival)))


_answers = partial(Check, scorings=SCORINGS)


def _vanilla(side: str) -> Check:
    rivals = partial(known_lean_less, side=side)
    return _answers(partial(leans, side=side), "Vanilla", rivals=rivals)


def _leaning(side: str, sign: int, factor: tuple[float, float] | None = None) -> Check:
    find = partial(leaning, side=side, sign=sign, factor=factor)
    return _answers(find, "SFT", rivals=partial(leaning_rivals, side=side, sign=sign))


CHECKS = {
    "vanilla_bias": _vanilla("first"),
    "vanilla_qwen_chinese": _vanilla("second"),
    "vanilla_english_tension": _vanilla("first"),
    "shift_mandarin": _answers(shifts, "SFT", rivals=shift_rivals),
    "shift_english": _answers(shifts, "SFT", rivals=shift_rivals),
    "leaning_mandarin": _leaning("second", 1),
    "qwen_doubles": _leaning("second", 1, factor=(1.75, 2.25)),
    "llama_third": _answers(
        surplus_falls, "SFT", rivals=partial(leaning_rivals, side="first", sign=-1)
    ),
    "english_qwen": _leaning("first", -1),
    "english_llama": _leaning("first", 1),
    "examples": Check(partial(untested, why=FEW.format(5, 3, "table8"))),
    "topics_better": Check(topics_better, "SFT", rivals=topic_rivals),
    "topics_worse": Check(topics_worse, "SFT", rivals=worse_rivals),
    "belief": Check(partial(untested, why=FEW.format(4, 1, "table14"))),
    "heaven": Check(partial(untested, why=FEW.format(1, 1, "table14"))),
    "cost": Check(
        partial(
            untested,
            why="no table measures cost; the table ledger counts the responses of this run",
        )
    ),
}
"""Id in ``resources/paper/claims.yaml`` -> its check."""
