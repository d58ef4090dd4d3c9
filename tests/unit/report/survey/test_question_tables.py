"""The table of all questions, on two questions worked out by hand."""

import polars as pl

from culturalign.report.survey import question_tables as tables
from culturalign.report.survey.question_tables import ledger_rows, question_rows

NATIONS = {"USA": "US", "CHN": "ZH"}
DISTANCES = ["js", "js_chance", "js_p", "emd", "emd_chance", "emd_p"]


def frame(columns, *rows):
    return pl.DataFrame(rows, schema=columns.split(), orient="row")


def parts():
    """Q10 and Q9, in this order; Q10 is worded only in English and outside the tension set."""
    human = frame(
        "country question code count share",
        *(("USA", "Q10", 1, 6, 0.6), ("USA", "Q10", 2, 4, 0.4)),
        *(("CHN", "Q10", 1, 5, 0.5), ("CHN", "Q10", 2, 5, 0.5)),
        # code 3 of Q9 was used in China only
        *(("USA", "Q9", 1, 2, 0.2), ("USA", "Q9", 2, 8, 0.8), ("USA", "Q9", 3, 0, 0.0)),
        *(("CHN", "Q9", 1, 4, 0.5), ("CHN", "Q9", 2, 2, 0.25), ("CHN", "Q9", 3, 2, 0.25)),
    )
    return {
        "human": human,
        "ledger": frame(
            "country question respondents valid dont_know",
            *(("USA", "Q10", 12, 10, 2), ("CHN", "Q10", 10, 10, 0)),
            *(("USA", "Q9", 12, 10, 2), ("CHN", "Q9", 10, 8, 2)),
        ),
        "poles": frame(
            " ".join(["question", *DISTANCES]),
            ("Q9", 0.4, 0.3, 0.5, 0.2, 0.1, 0.3),
            ("Q10", 0.07, 0.01, 0.12, 0.1, 0.02, 0.2),
        ),
        "floor": frame(
            "question country js emd",
            *(("Q9", "CHN", 0.11, 0.51), ("Q9", "USA", 0.12, 0.52)),
            *(("Q10", "CHN", 0.13, 0.5), ("Q10", "USA", None, None)),
        ),
        "tension": frame("question combo rank other_rank half_share", ("Q9", 0.3, 1, 2, 0.9)),
        "questionnaires": {
            "en": frame("question wording", ("Q9", "A?"), ("Q9", "A?"), ("Q10", "B?")),
            "zh": frame("question wording", ("Q9", "甲？")),
        },
        "nations": NATIONS,
    }


def test_every_question_has_its_people_and_its_poles():
    rows = question_rows(**parts())
    assert rows["question"].to_list() == ["Q9", "Q10"]  # by number, not by text
    first, second = rows.iter_rows(named=True)
    names = ("topic", "options", "languages", "rank", "scales_differ")
    assert [first[name] for name in names] == ["Social values", 3, "en, zh", 1, True]
    assert (first["valid_USA"], first["valid_CHN"]) == (10, 8)
    assert (first["floor_USA"], first["floor_CHN"]) == (0.12, 0.11)
    assert (first["floor_emd_USA"], first["floor_emd_CHN"]) == (0.52, 0.51)
    assert [first[name] for name in DISTANCES] == [0.4, 0.3, 0.5, 0.2, 0.1, 0.3]
    assert second["options"] == 2 and second["languages"] == "en"
    assert second["rank"] is None and second["floor_USA"] is None
    assert not second["scales_differ"]


def test_a_question_without_a_wording_or_without_a_country_is_listed():
    """Other countries may lack questions that the poles have."""
    given = parts() | {"nations": NATIONS | {"DEU": "Germany"}}
    given["questionnaires"] = {"zh": given["questionnaires"]["zh"]}
    rows = question_rows(**given)
    assert rows["languages"].to_list() == ["zh", ""]
    assert rows["valid_DEU"].to_list() == rows["floor_DEU"].to_list() == [None, None]
    assert rows["valid_USA"].to_list() == [10, 10]


def test_the_table_shows_dashes_for_what_is_not_there(written):
    header, rows, numbers = written(tables.write_questions, question_rows(**parts()))
    assert header == [
        "Id", "topic", "options", "worded in", "JS between poles", "JS by chance", "JS, p",
        "positional EMD between poles", "positional EMD by chance", "positional EMD, p",
        "answers, USA", "answers, CHN", "JS of a sample, USA",
        "EMD of a sample, USA", "JS of a sample, CHN", "EMD of a sample, CHN",
        "tension rank", "rank, other score", "share of halves", "scales differ",
    ]  # fmt: skip
    assert rows == [
        ["Q9", "Social values", "3", "en, zh", "0.400", "0.300", "0.500", "0.200", "0.100",
         "0.300",
         "10", "8", "0.120", "0.520", "0.110", "0.510", "1", "2", "0.900", "yes"],
        ["Q10", "Social values", "2", "en", "0.070", "0.010", "0.120", "0.100", "0.020", "0.200",
         "10", "10", "-", "-", "0.130", "0.500", "-", "-", "-", ""],
    ]  # fmt: skip
    assert numbers["js_chance"].to_list() == [0.3, 0.01]
    assert numbers["scales_differ"].to_list() == [True, False]


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


def test_every_question_has_its_counts_and_why_it_is_not_evaluated(written):
    found = ledger_rows(LEDGER, HUMAN, UNWORDED, ["USA", "CHN"])
    assert found["question"].to_list() == ["Q9"] * 3 + ["Q10"] * 2 + ["Q82"] * 2
    reasons = dict(found.select("question", "not_evaluated").iter_rows())
    assert reasons == {"Q9": "", "Q10": "zh: no wording", "Q82": "no valid answer in CHN"}
    keys = ["country", "question"]
    assert found.select(LEDGER.columns).sort(keys).equals(LEDGER.sort(keys))
    header, rows, numbers = written(tables.write_ledger, found, NATIONS)
    assert header == [
        "Id", "topic", "nation", "respondents", "valid", "dont know", "not evaluated",
    ]  # fmt: skip
    assert rows[0] == ["Q9", "Social values", "US", "12", "1,011", "1", ""]
    assert rows[2][2] == "GBR" and rows[-1][-1] == "no valid answer in CHN"
    assert len(numbers) == 7
