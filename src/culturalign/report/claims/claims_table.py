"""The claims page: the paper's statements, each checked on the tables of this run."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from culturalign.report.claims import association_claims, shift_claims, value_claims
from culturalign.report.claims.cases import Case, Findings
from culturalign.report.claims.cells import Tables, Untestable
from culturalign.report.claims.statements import Claim
from culturalign.report.tables import write_table

CHECKS = association_claims.CHECKS | value_claims.CHECKS | shift_claims.CHECKS
SFT = "SFT"
"""M Type of SFT, as the statements name it."""
HOLDS, FAILS, UNTESTABLE = "holds", "does not hold", "not testable on this run"
HEADER = [
    "Place", "Statement", "Model", "Data", "Paper", "Ours", "Status", "Debiased", "Control", "Note"
]  # fmt: skip
ROWS: dict[str, Any] = {
    **dict.fromkeys(("id", "place", "statement", "model", "data", "paper", "scoring"), pl.String),
    **{"status": pl.String, "control": pl.String, "part": pl.String},
    **dict.fromkeys(("value", "low", "high"), pl.Float64),
    **{"holds": pl.Boolean, "ours": pl.String, "note": pl.String},
}


class Run(NamedTuple):
    """What is known of a run.

    Attributes:
        tables: Name -> its csv.
        cultures: "US", "ZH" -> ``label``, ``name``, ``table`` (of generation), ``ranking`` (its
            table; None without one), ``attributes`` (table of the complex prompt) and whether its
            people are ``synthetic``; absent if the run has no such culture.
        models: M Class of the run's models.
        control: M Type of the shuffled control; None without one.
    """

    tables: Tables
    cultures: Mapping[str, Mapping[str, Any]]
    models: Sequence[str]
    control: str | None = None


class Outcome(NamedTuple):
    """A claim about a model: its status and what was found.

    Attributes:
        claim: The claim.
        model: M Class; "-" if it is about none.
        scoring: ``plain``, ``debiased``, or "-" where the claim is not about answers.
        status: One of the three.
        parts: What was found; empty if it is not testable.
        why: Why it is not testable.
        control: Status of the statement with the shuffled control in place of SFT; "-" if it is
            not about SFT, or cannot be tested so.
    """

    claim: Claim
    model: str
    scoring: str
    status: str
    parts: Findings
    why: str = ""
    control: str = "-"


def check_claims(claims: Sequence[Claim], run: Run) -> list[Outcome]:
    """Check every claim for each of its models, for plain and debiased answers.

    A claim holds if all its parts do, and is not testable if one of them is not.
    """
    return [
        _check(claim, run, model, scoring)._replace(control=_control(claim, run, model, scoring))
        for claim in claims
        for model in (run.models if claim.models == "own" else claim.models or ["-"])
        for scoring in CHECKS[claim.id].scorings
    ]


def _check(claim: Claim, run: Run, model: str, scoring: str, arm: str = "") -> Outcome:
    check = CHECKS[claim.id]
    try:
        cultures = _cultures(claim, run)
        found = check.find(Case(run.tables, cultures, model, scoring, arm or check.arm))
    except Untestable as reason:
        return Outcome(claim, model, scoring, UNTESTABLE, {}, str(reason))
    holds = all(finding.holds for finding in found.values())
    return Outcome(claim, model, scoring, HOLDS if holds else FAILS, found)


def _control(claim: Claim, run: Run, model: str, scoring: str) -> str:
    """Whether training on lists of other cues does what the statement says SFT does."""
    if CHECKS[claim.id].arm != SFT or not run.control:
        return "-"
    status = _check(claim, run, model, scoring, run.control).status
    return "-" if status == UNTESTABLE else status


def _cultures(claim: Claim, run: Run) -> dict[str, Mapping[str, Any]]:
    for place in claim.cultures:
        if place not in run.cultures:
            raise Untestable(f"no culture of the run stands for {place}")
        if run.cultures[place]["synthetic"] and (claim.real or claim.models != "own"):
            raise Untestable("the people of this run are synthetic")
    return {place: run.cultures[place] for place in claim.cultures}


def write_claims(stem: str, outcomes: Sequence[Outcome], run: Run) -> None:
    """Write the page: md and tex a row a claim and model, untestable ones last; csv a row a part
    and scoring."""
    debiased = {(o.claim.id, o.model): o.status for o in outcomes if o.scoring == "debiased"}
    shown = [
        [_clean(text) for text in (o.claim.place, o.claim.statement, o.model, _data(o, run))]
        + [_clean(_paper(o)), _clean(_ours(o)), o.status]
        + [debiased.get((o.claim.id, o.model), "-"), o.control, _clean(o.claim.note)]
        for o in sorted(outcomes, key=lambda outcome: outcome.status == UNTESTABLE)
        if o.scoring != "debiased"
    ]
    rows = [row for outcome in outcomes for row in _rows(outcome, run)]
    write_table(stem, pl.DataFrame(rows, schema=ROWS, orient="row"), shown, HEADER)


def _rows(outcome: Outcome, run: Run) -> Iterator[tuple[Any, ...]]:
    claim = outcome.claim
    said = (claim.id, claim.place, claim.statement, outcome.model, _data(outcome, run))
    lead = (*said, _paper(outcome), outcome.scoring, outcome.status, outcome.control)
    if not outcome.parts:
        yield *lead, "", None, None, None, None, outcome.why, claim.note
    for part, found in outcome.parts.items():
        yield *lead, part, *found, claim.note


def _data(outcome: Outcome, run: Run) -> str:
    """Labels of the cultures of this run that the claim was checked on."""
    found = [run.cultures[place] for place in outcome.claim.cultures if place in run.cultures]
    labels = [c["label"] + (" (synthetic)" if c["synthetic"] else "") for c in found]
    return ", ".join(labels) or "-"


def _paper(outcome: Outcome) -> str:
    """The paper's value for the model, or for all of the paper's models."""
    paper = outcome.claim.paper
    if isinstance(paper, str):
        return paper
    everyone = "; ".join(f"{model}: {value}" for model, value in paper.items())
    return paper.get(outcome.model, everyone)


def _ours(outcome: Outcome) -> str:
    parts = [
        f"{part}: {found.text}" if part else found.text for part, found in outcome.parts.items()
    ]
    return "; ".join(parts) or outcome.why


def _clean(text: str) -> str:
    """Without line breaks and bars, which would break the markdown table."""
    return " ".join(text.replace("|", "/").split())
