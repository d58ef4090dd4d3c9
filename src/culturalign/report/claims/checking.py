"""The paper's statements, checked on the tables of a run."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from culturalign.report.claims import association_claims, data_claims, shift_claims, value_claims
from culturalign.report.claims.cases import Case, Findings, unshown
from culturalign.report.claims.cells import Tables, Untestable
from culturalign.report.claims.statements import Claim
from culturalign.report.claims.value_claims import label_mass
from culturalign.report.claims.verdicts import (
    SUPPORTED,
    UNATTRIBUTED,
    UNTESTABLE,
    Verdict,
    corrected,
    judge,
)

SURVEY = value_claims.CHECKS | shift_claims.CHECKS
"""About answers that are read from the probability of the options' labels."""
CHECKS = association_claims.CHECKS | data_claims.CHECKS | SURVEY
SFT = "SFT"
"""M Type of SFT, as the statements name it."""


class Run(NamedTuple):
    """What is known of a run.

    Attributes:
        tables: Name -> its csv.
        cultures: "US", "ZH" -> ``label``, ``name``, ``table`` (of generation), ``ranking`` (its
            table; None without one), ``lists`` (label of the culture that these two are of),
            ``attributes`` (table of the complex prompt) and whether its people are ``synthetic``;
            absent if the run has no such culture.
        models: M Class of the run's models.
        controls: Each method whose lists belong to other cues -> its M Type.
        confidence: Level of the tables' intervals.
        seeds: Training runs of each arm.
        least_mass: Answers with less on the labels are remarked on.
        methods: Label of each method, also of swapped ones, as the tables name them.
    """

    tables: Tables
    cultures: Mapping[str, Mapping[str, Any]]
    models: Sequence[str]
    controls: Mapping[str, str] = MappingProxyType({})
    confidence: float = 0.95
    seeds: int = 1
    least_mass: float = 0.5
    methods: Mapping[str, str] = MappingProxyType({})


class Outcome(NamedTuple):
    """A claim about a model: its status and what was found.

    Attributes:
        claim: The claim.
        model: M Class; "-" if it is about none.
        scoring: ``plain``, ``debiased``, or "-" where the claim is not about answers.
        status: One of five (:mod:`culturalign.report.claims.verdicts`).
        parts: What was found; empty if it is not testable.
        why: Why it is not testable.
        p: Two-sided p behind the status; None where nothing is random.
        control: Status of the statement with each control in place of SFT; "-" if it is not about
            SFT, or cannot be tested so.
        rivals: Differences that must be shown for the claim to be attributable; None if it says
            nothing that knowledge could earn.
        p_rivals: Largest p of the claim and these, both of which attribution needs.
        holm: Status by Holm's p over all tested claims of the same scoring, twice: of the claims,
            and of their attribution.
        p_holm: Holm's p of the claim.
        labels: M Type -> probability that it gives to the labels of the options, of a claim about
            such answers.
    """

    claim: Claim
    model: str
    scoring: str
    status: str
    parts: Findings
    why: str = ""
    p: float | None = None
    control: str = "-"
    rivals: Findings | None = None
    p_rivals: float | None = None
    holm: str = "-"
    p_holm: float | None = None
    labels: Mapping[str, float] = MappingProxyType({})


def check_claims(claims: Sequence[Claim], run: Run) -> list[Outcome]:
    """Check every claim for each of its models, for plain and debiased answers.

    A claim is not testable if one of its parts is not.
    """
    found = [
        _attributed(_check(claim, run, model, scoring), run)
        for claim in claims
        for model in (run.models if claim.models == "own" else claim.models or ["-"])
        for scoring in CHECKS[claim.id].scorings
    ]
    debiased, others = ([o for o in found if (o.scoring == "debiased") is x] for x in (True, False))
    holm = {id(o): new for family in (debiased, others) for o, new in _holm(family, run)}
    return [holm.get(id(outcome), outcome) for outcome in found]


def _holm(family: Sequence[Outcome], run: Run) -> Iterator[tuple[Outcome, Outcome]]:
    tested = [outcome for outcome in family if outcome.status != UNTESTABLE]
    verdicts = corrected([Verdict(o.status, o.p) for o in tested], run.confidence)
    credited = corrected([Verdict(o.status, o.p_rivals) for o in tested], run.confidence)
    for outcome, verdict, credit in zip(tested, verdicts, credited, strict=True):
        lost = verdict.state == SUPPORTED != credit.state
        state = UNATTRIBUTED if lost else verdict.state
        yield outcome, outcome._replace(holm=state, p_holm=verdict.p)


def _check(claim: Claim, run: Run, model: str, scoring: str, arm: str = "") -> Outcome:
    check = CHECKS[claim.id]
    try:
        cultures = _cultures(claim, run)
        case = Case(run.tables, cultures, model, scoring, arm or check.arm, run.controls)
        found, labels = check.find(case), label_mass(case) if claim.id in SURVEY else {}
    except Untestable as reason:
        return Outcome(claim, model, scoring, UNTESTABLE, {}, str(reason))
    state, p = judge(found, run.confidence)
    return Outcome(claim, model, scoring, state, found, p=p, labels=labels)


def _attributed(outcome: Outcome, run: Run) -> Outcome:
    """With the controls' status, and whether the arm beats all its rivals: if not, a claim that is
    supported is not attributable; if the tables lack what they need, it is not testable."""
    found = outcome._replace(control=_control(outcome, run), p_rivals=outcome.p)
    check = CHECKS[outcome.claim.id]
    if check.rivals is None or outcome.status == UNTESTABLE:
        return found
    cultures = _cultures(outcome.claim, run)
    case = Case(run.tables, cultures, outcome.model, outcome.scoring, check.arm, run.controls)
    try:
        rivals = check.rivals(case)
    except Untestable as reason:
        if outcome.status == SUPPORTED:
            return Outcome(*outcome[:3], UNTESTABLE, {}, str(reason), control=found.control)
        rivals = {"": unshown(str(reason))}
    verdict = judge(rivals, run.confidence)
    known = [p for p in (outcome.p, verdict.p) if p is not None]
    found = found._replace(rivals=rivals, p_rivals=max(known, default=None))
    if outcome.status == SUPPORTED and not (rivals and verdict.state == SUPPORTED):
        return found._replace(status=UNATTRIBUTED)
    return found


def _control(outcome: Outcome, run: Run) -> str:
    """Whether training on lists of other cues does what the statement says SFT does."""
    claim = outcome.claim
    if CHECKS[claim.id].arm != SFT:
        return "-"
    states = [_check(claim, run, outcome.model, outcome.scoring, arm).status
              for arm in run.controls.values()]  # fmt: skip
    tested = dict.fromkeys(state for state in states if state != UNTESTABLE)
    return "; ".join(tested) or "-"


def _cultures(claim: Claim, run: Run) -> dict[str, Mapping[str, Any]]:
    for place in claim.cultures:
        if place not in run.cultures:
            raise Untestable(f"no culture of the run stands for {place}")
        if run.cultures[place]["synthetic"] and (claim.real or claim.models != "own"):
            raise Untestable("the people of this run are synthetic")
    return {place: run.cultures[place] for place in claim.cultures}
