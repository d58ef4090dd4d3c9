"""The human row under other definitions."""

import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.data.norms.ratings import Norm
from culturalign.report.attributes.human_table import human_rows, write_humans

SCORES = pl.DataFrame(
    [
        ("most frequent", "test", "x", "valence", 4.0, 10, 9, None),
        ("most frequent", "train", "y", "valence", 6.0, 10, 7, None),
        ("first responses", "test", "x", "valence", 5.0, 10, 8, None),
        ("all", "test", "x", "valence", 7.0, 40, 20, None),
    ],
    schema=["reading", "split", "cue", "attribute", "median", "words", "known", "concrete"],
    orient="row",
    schema_overrides={"concrete": pl.Int64},
)
RECORD = [
    Norm("valence", "v.csv", "V", (1, 9), False),
    Norm("arousal", "v.csv", "A", (1, 9), False),
    Norm("concreteness", "c.csv", "C", (1, 5), True),
]


def test_every_reading_on_test_cues_and_on_all(written):
    rows = human_rows(SCORES, Evaluation(resamples=50))
    table = written(write_humans, rows, RECORD, first=10)[1]
    assert [row[:3] for row in table] == [
        ["10 most frequent of all responses", "test", "1"],
        ["10 most frequent of all responses", "all", "2"],
        ["10 most frequent of first responses (R1)", "test", "1"],
        ["10 most frequent of first responses (R1)", "all", "1"],
        ["all different responses", "test", "1"],
        ["all different responses", "all", "1"],
    ]
    assert table[1][3].startswith("5.000") and table[1][6] == "80.0"
    assert table[5][6] == "50.0"
    assert table[0][5] == "norms not available: c.csv is missing" and table[1][5] == "-"
    assert {row[4] for row in table} == {"-"}


def test_a_reading_that_a_strength_table_lacks_says_so(written):
    scores = SCORES.filter(pl.col("reading") != "first responses")
    rows = human_rows(scores, Evaluation(resamples=50))
    table = written(write_humans, rows, RECORD, first=10)[1]
    none = "no participants in a strength table"
    assert [row[3] == none for row in table] == [False, False, True, True, False, False]


def test_intervals_are_over_domains_where_cues_come_in_them(tmp_path):
    """Two cues of each domain that say the same are one: six domains have the interval of six cues,
    wider than that of twelve."""
    medians = [4.0, 5.0, 5.5, 6.0, 6.5, 7.0]
    cues = [
        ("most frequent", "test", f"c{number}{twin}", "valence", median, 10, 9, None)
        for twin in "ab" for number, median in enumerate(medians)
    ]  # fmt: skip
    twelve = pl.DataFrame(cues, schema=SCORES.schema, orient="row")
    domains = tmp_path / "domains.csv"
    domains.write_text("domain,cue\n" + "".join(f"d{cue[2][1]},{cue[2]}\n" for cue in cues))

    def interval(scores, *tables):
        rows = human_rows(scores, Evaluation(), [str(table) for table in tables])
        found = rows.filter(reading="most frequent", cues="test", measure="valence")
        return found.select("mean", "low", "high").row(0)

    mean, low, high = interval(twelve.head(6))
    assert interval(twelve, domains) == pytest.approx((mean, low, high))
    assert mean == pytest.approx(34 / 6)
    assert low < interval(twelve)[1] and interval(twelve)[2] < high
