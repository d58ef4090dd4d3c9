"""Claims on the data: how much there is, how many questions; and CLCA's claim on its answers."""

import math
from functools import partial

from culturalign.report.claims.cases import Case, Check, Findings, beaten, untested
from culturalign.report.claims.cells import Untestable, estimate_in, row_of, rows_of
from culturalign.report.claims.findings import Finding, below
from culturalign.report.clca.persona_tables import CONSTANT

RESPONSES = 3
"""Of a trial."""


def has_values(case: Case, column: str, number: int, table: str = "survey_questions") -> Findings:
    """A column of a table has a number of different values (section 5.1)."""
    rows = rows_of(case.tables, table, {})
    if column not in rows.columns:
        raise Untestable(f"{table} has no {column}")
    found = rows[column].drop_nulls().n_unique()
    return {"": Finding(float(found), None, None, found == number, str(found), float(number))}


def data_size(case: Case, cues: int, responses: float) -> Findings:
    """Thousands of cues, rounded, and millions of responses, cut to a decimal (section 3.2).

    Cues are those kept for the culture; responses three for each trial of the whole file.
    """
    name = case.culture["name"]
    kept = rows_of(case.tables, "ledger", {"culture": name, "unit": "cues"})["count"].sum()
    row = row_of(case.tables, "ledger", {"culture": name, "unit": "trials", "what": "read"})
    given = RESPONSES * row["count"] / 1e6
    return {
        "cues": Finding(
            float(kept), None, None, round(kept / 1000) == cues, f"{kept:,}", 1000.0 * cues
        ),
        "responses (millions)": Finding(
            given, None, None, math.floor(10 * given) / 10 == responses, f"{given:.2f}", responses
        ),
    }


def answers_as_people(case: Case) -> Findings:
    """CLCA's answers as respondents are nearer to people than those of the persona prompt."""
    return {"": _nearer_than(case, "persona-prompt")}


def constant_rivals(case: Case) -> Findings:
    """CLCA's answers are nearer to people than answers that ignore who is asked."""
    return beaten(lambda rival, _: _nearer_than(case, rival), CONSTANT)


def _nearer_than(case: Case, minus: str) -> Finding:
    where = {"culture": case.culture["name"], "M Class": case.model, "measure": "js"}
    row = row_of(case.tables, "personas_contrasts", where | {"method": "clca", "minus": minus})
    return below(estimate_in(row | {"mean": row["difference"]}, "mean", "+"))


CHECKS = {
    "data_english": Check(partial(data_size, cues=12, responses=3.6)),
    "data_mandarin": Check(partial(data_size, cues=10, responses=2.0)),
    "questions_of_wave_7": Check(
        partial(has_values, column="question", number=259, table="survey_ledger")
    ),
    "questions": Check(partial(has_values, column="question", number=221)),
    "tension_size": Check(partial(has_values, column="rank", number=50)),
    "topics": Check(partial(has_values, column="topic", number=12)),
    "weights": Check(partial(untested, why="no table counts the trained parameters")),
    "clca_english": Check(answers_as_people, rivals=constant_rivals),
    "clca_mandarin": Check(answers_as_people, rivals=constant_rivals),
}
"""Id in ``resources/paper/claims.yaml`` -> its check."""
