"""What was dropped, and which questions are not evaluated, on three questions."""

import polars as pl

from culturalign.report import read_table
from culturalign.survey.ledger_table import ledger_rows, write_ledger

LEDGER = pl.DataFrame(
    [
        ("USA", "Q10", 12, 10, 2), ("CHN", "Q10", 10, 10, 0),
        ("USA", "Q9", 12, 1_011, 1), ("CHN", "Q9", 10, 8, 2),
        ("USA", "Q82", 12, 12, 0), ("CHN", "Q82", 10, 0, 10),
        ("GBR", "Q9", 7, 0, 7),
    ],
    schema=["country", "question", "respondents", "valid", "dont_know"], orient="row",
)  # fmt: skip
HUMAN = pl.DataFrame({"question": ["Q9", "Q10", "Q10"]})
UNWORDED = {"en": {}, "zh": {"Q10": "no wording"}}


def rows():
    return ledger_rows(LEDGER, HUMAN, UNWORDED, ["USA", "CHN"])


def test_every_question_has_its_counts_and_why_it_is_not_evaluated():
    found = rows()
    assert found["question"].to_list() == ["Q9"] * 3 + ["Q10"] * 2 + ["Q82"] * 2
    reasons = dict(found.select("question", "not_evaluated").iter_rows())
    assert reasons == {"Q9": "", "Q10": "zh: no wording", "Q82": "no valid answer in CHN"}
    assert (
        found.drop("topic", "not_evaluated")
        .sort("country", "question")
        .equals(LEDGER.sort("country", "question"))
    )


def test_the_table_is_written_in_full(tmp_path):
    stem = tmp_path / "survey_ledger"
    write_ledger(str(stem), rows(), {"USA": "US", "CHN": "ZH"})
    page = read_table(stem.with_suffix(".md"))
    assert page["header"] == [
        "Id", "topic", "nation", "respondents", "valid", "dont know", "not evaluated",
    ]  # fmt: skip
    assert page["rows"][0] == ["Q9", "Social values", "US", "12", "1,011", "1", ""]
    assert page["rows"][2][2] == "GBR"
    assert page["rows"][-1][-1] == "no valid answer in CHN"
    assert len(pl.read_csv(stem.with_suffix(".csv"))) == 7
