"""The claims page: the paper's statements, their states, and what had to be beaten."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from culturalign.report import mcq_tables, ranking_tables
from culturalign.report.claims.association_claims import choice_rivals
from culturalign.report.claims.checking import CHECKS, Outcome, Run
from culturalign.report.claims.data_claims import constant_rivals
from culturalign.report.claims.findings import Finding
from culturalign.report.claims.value_claims import SWAPPED
from culturalign.report.claims.verdicts import (
    UNDECIDED,
    UNTESTABLE,
    detectable,
    shows_equivalence,
)
from culturalign.report.clca.persona_tables import CONSTANT
from culturalign.report.generation_tables import ZERO
from culturalign.report.survey.zero_knowledge import reference_names
from culturalign.report.tables import write_table

ONE_RUN, FEW_LABELS = "one training run", "hardly answers with the labels"
HEADER = [
    "Place", "Statement", "Model", "Data", "Paper", "Ours", "Status", "Holm", "Average of orders",
    "Control", "Had to beat", "Note",
]  # fmt: skip
ROWS: dict[str, Any] = {
    **dict.fromkeys(("id", "place", "statement", "model", "data", "paper", "scoring"), pl.String),
    **dict.fromkeys(("status", "holm", "control", "rivals"), pl.String),
    **{"p": pl.Float64, "p_holm": pl.Float64, "seeds": pl.Int64, "part": pl.String},
    "labels": pl.Float64,
    **dict.fromkeys(("value", "low", "high", "bound", "detectable"), pl.Float64),
    **{"agrees": pl.Boolean, "ours": pl.String, "note": pl.String},
}
KNOW_NOTHING = {
    **{**ZERO, **reference_names({}), "corpus": ranking_tables.REFERENCE["corpus"]},
    SWAPPED: "trained on the other culture",
}
"""Rival -> its label in the tables, where it is no method of the run."""
WITHOUT_MODEL: Mapping[Any, Mapping[str, str]] = {
    choice_rivals: mcq_tables.REFERENCE,
    constant_rivals: CONSTANT,
}
"""The same, of rivals whose names are others' elsewhere."""


def write_claims(stem: str, outcomes: Sequence[Outcome], run: Run) -> None:
    """Write the page: md and tex a row a claim and model, untestable ones last; csv a row a part
    and scoring."""
    debiased = {(o.claim.id, o.model): _said(o, run) for o in outcomes if o.scoring == "debiased"}
    shown = [
        [_clean(text) for text in (o.claim.place, o.claim.statement, o.model, _data(o, run))]
        + [_clean(_paper(o)), _clean(_ours(o, run.confidence)), _said(o, run), o.holm]
        + [debiased.get((o.claim.id, o.model), "-"), o.control, _clean(_rivals(o, run))]
        + [_clean(o.claim.note)]
        for o in sorted(outcomes, key=lambda outcome: outcome.status == UNTESTABLE)
        if o.scoring != "debiased"
    ]
    rows = [row for outcome in outcomes for row in _rows(outcome, run)]
    write_table(stem, pl.DataFrame(rows, schema=ROWS, orient="row"), shown, HEADER)


def _rows(outcome: Outcome, run: Run) -> Iterator[tuple[Any, ...]]:
    claim = outcome.claim
    said = (claim.id, claim.place, claim.statement, outcome.model, _data(outcome, run))
    states = (outcome.scoring, outcome.status, outcome.holm, outcome.control, _rivals(outcome, run))
    lead = (*said, _paper(outcome), *states, outcome.p, outcome.p_holm, run.seeds)
    labels = min(outcome.labels.values(), default=None)
    if not outcome.parts:
        yield *lead, "", *[None] * 7, outcome.why, claim.note
    for part, found in outcome.parts.items():
        seen = detectable(found, run.confidence)
        yield (
            *lead,
            part,
            labels,
            *found[:3],
            found.bound,
            seen,
            found.agrees,
            found.text,
            claim.note,
        )


def _said(outcome: Outcome, run: Run) -> str:
    """The status; whether a single training run is behind it, and which arms hardly answer with
    the options' labels."""
    trained = outcome.p is not None and CHECKS[outcome.claim.id].arm != "Vanilla"
    remarks = [ONE_RUN] * (trained and run.seeds == 1)
    remarks += [
        f"{arm} {FEW_LABELS}" for arm, mass in outcome.labels.items() if mass < run.least_mass
    ]
    return outcome.status + (f" ({'; '.join(remarks)})" if remarks else "")


def _rivals(outcome: Outcome, run: Run) -> str:
    """What the claim's arm had to beat, as the tables name it, and by how much it did."""
    if outcome.rivals is None:
        return "-"
    names = {**WITHOUT_MODEL.get(CHECKS[outcome.claim.id].rivals, KNOW_NOTHING), **run.methods}
    found = {
        ", ".join(names.get(part, part) for part in name.split(", ")): finding.text
        for name, finding in outcome.rivals.items()
    }
    return "; ".join(f"{name}: {text}" for name, text in found.items()) or "nothing here"


def _data(outcome: Outcome, run: Run) -> str:
    """Labels of the cultures of this run that the claim was checked on."""
    found = [run.cultures[place] for place in outcome.claim.cultures if place in run.cultures]
    labels = [c["label"] + (" (synthetic)" if c["synthetic"] else "") + _lists(c) for c in found]
    return ", ".join(labels) or "-"


def _lists(culture: Mapping[str, Any]) -> str:
    """Whose lists and rankings stand for a culture, if not its own."""
    other = culture.get("lists", culture["label"])
    return f" (tables 1 to 4: {other})" if other != culture["label"] else ""


def _paper(outcome: Outcome) -> str:
    """The paper's value for the model, or for all of the paper's models."""
    paper = outcome.claim.paper
    if isinstance(paper, str):
        return paper
    everyone = "; ".join(f"{model}: {value}" for model, value in paper.items())
    return paper.get(outcome.model, everyone)


def _ours(outcome: Outcome, confidence: float) -> str:
    """What was found; if it is undecided, also what the run could have shown."""
    undecided = outcome.status == UNDECIDED
    parts = [
        (f"{part}: " if part else "") + found.text + _could(found, confidence) * undecided
        for part, found in outcome.parts.items()
    ]
    masses = ", ".join(f"{arm} {mass:.3f}" for arm, mass in outcome.labels.items())
    parts += [f"probability of the labels: {masses}"] if masses else []
    return "; ".join(parts) or outcome.why


def _could(found: Finding, confidence: float) -> str:
    """The smallest effect that would have been seen, or whether equivalence would have been."""
    if found.margin is not None:
        enough = "enough" if shows_equivalence(found, confidence) else "too few"
        return f" (n is {enough} to show equal means within the margin with 80 % power)"
    seen = detectable(found, confidence)
    if seen is None:
        return ""
    beyond = f" beyond {found.bound:g}" if found.bound else ""
    return f" (80 % power from {seen:.3g}{beyond})"


def _clean(text: str) -> str:
    """Without line breaks and bars, which would break the markdown table."""
    return " ".join(text.replace("|", "/").split())
