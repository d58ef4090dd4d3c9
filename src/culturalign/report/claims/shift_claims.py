"""The paper's claims on shifts of answers: tension set, examples, topics, questions of belief."""

from functools import partial

from culturalign.report.arm_tables import number_or_dash
from culturalign.report.claims.cases import Case, Check, Findings, untested
from culturalign.report.claims.cells import (
    Estimate,
    Untestable,
    mean_of,
    number_in,
    row_of,
    share_of,
)
from culturalign.report.claims.findings import Finding, above, below
from culturalign.scores.survey_distances import SCORINGS

FIGURES = ("fig12", "fig13")
"""Topics in JS and in EMD."""
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
    return {"": above(share_of(case.tables, _tension(case), where, side), 0.5)}


def shifts(case: Case) -> Findings:
    """The shift correlates with the difference between the countries (section 5.3).

    Without what flattening explains, since flatter answers alone correlate with it.
    """
    where = case.row(scoring=case.scoring)
    return {"": above(mean_of(case.tables, _tension(case), where, "all_partial"))}


def leaning(
    case: Case, side: str, sign: int, factor: tuple[float, float] | None = None
) -> Findings:
    """More or fewer answers lean to a side than with vanilla, by McNemar's exact test
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
    n, of, gained, lost, p = (number_in(row, x) for x in ("n", "of", "gained", "lost", "mcnemar_p"))
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
    drop, p = 100 * (was - now) / was, number_in(row, "mcnemar_p")
    text = f"{was:.0f} to {now:.0f}: {-drop:+.0f} %, p {number_or_dash(p)}"
    return {"": Finding(drop, None, None, drop > 0, text, p=p, fits=28 <= round(drop) <= 38)}


def _before_after(case: Case) -> list[dict[str, str]]:
    return [case.row(arm, scoring=case.scoring) for arm in ("Vanilla", case.arm)]


def _all_asked(n: float, of: float) -> None:
    if n < of:
        raise Untestable(f"only {n:.0f} of the {of:.0f} questions are worded")


def topic_change(case: Case, figure: str, topic: str) -> Estimate:
    """Mean distance of Qwen's SFT minus that of vanilla over a topic's questions."""
    where = {"panel": "Qwen, SFT", "topic": topic, "state": "SFT"}
    return mean_of(case.tables, figure, where, "difference")


def topics_better(case: Case) -> Findings:
    """SFT brings Qwen nearer in five topics (appendix H.4)."""
    topics = ("Ethical values", "Political participation", "Religious values",
              "Social capital and trust", "Security")  # fmt: skip
    return {f"{f}, {x}": below(topic_change(case, f, x)) for f in FIGURES for x in topics}


def topics_worse(case: Case) -> Findings:
    """SFT takes Qwen further away in two topics (appendix H.4)."""
    topics = ("Economic values", "Corruption")
    return {f"{f}, {x}": above(topic_change(case, f, x)) for f in FIGURES for x in topics}


_answers = partial(Check, scorings=SCORINGS)
CHECKS = {
    "vanilla_bias": _answers(partial(leans, side="first"), "Vanilla"),
    "vanilla_qwen_chinese": _answers(partial(leans, side="second"), "Vanilla"),
    "vanilla_english_tension": _answers(partial(leans, side="first"), "Vanilla"),
    "shift_mandarin": _answers(shifts, "SFT"),
    "shift_english": _answers(shifts, "SFT"),
    "leaning_mandarin": _answers(partial(leaning, side="second", sign=1), "SFT"),
    "qwen_doubles": _answers(partial(leaning, side="second", sign=1, factor=(1.75, 2.25)), "SFT"),
    "llama_third": _answers(surplus_falls, "SFT"),
    "english_qwen": _answers(partial(leaning, side="first", sign=-1), "SFT"),
    "english_llama": _answers(partial(leaning, side="first", sign=1), "SFT"),
    "examples": Check(partial(untested, why=FEW.format(5, 3, "table8"))),
    "topics_better": Check(topics_better),
    "topics_worse": Check(topics_worse),
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
