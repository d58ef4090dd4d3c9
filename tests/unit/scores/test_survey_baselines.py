"""Zero-knowledge answers to the survey, worked out by hand."""

import math

import polars as pl
import pytest

from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.survey_scores import SURVEY_REFERENCES
from culturalign.scores.survey_baselines import (
    average_by_place,
    score_references,
    zero_knowledge,
)

POLES = ("USA", "CHN")
COUNTS = {"Q1": {"USA": [10, 60, 30], "CHN": [50, 25, 25]},
          "Q2": {"USA": [40, 40], "CHN": [0, 80], "GBR": [40, 40]}}  # fmt: skip
HUMAN = pl.DataFrame(
    [
        (country, question, code, count, count / sum(counts))
        for question, people in COUNTS.items()
        for country, counts in people.items()
        for code, count in enumerate(counts, 1)
    ],
    schema=["country", "question", "code", "count", "share"], orient="row",
)  # fmt: skip
QUESTIONNAIRE = HUMAN.filter(country="USA").select(
    "question", "code", topic=pl.lit("Trust"), ordinal=pl.lit(True), place=pl.col("code") - 1
)


def scored(**arguments):
    return score_references(HUMAN, QUESTIONNAIRE, POLES, repeats=400, seed=0, **arguments)


def test_answers_that_know_nothing_or_only_the_other_country():
    found = zero_knowledge(HUMAN, QUESTIONNAIRE, POLES)
    third = pytest.approx(1 / 3)
    expected = {
        "uniform": [third, third, third, 0.5, 0.5],
        "first": [1, 0, 0, 1, 0],
        "by_place": [third, third, third, 0.5, 0.5],  # no other question has as many options
        "people_USA": [0.1, 0.6, 0.3, 0.5, 0.5],
        "modal_USA": [0, 1, 0, 1, 0],  # the first of equal ones
        "people_CHN": [0.5, 0.25, 0.25, 0, 1],
        "modal_CHN": [1, 0, 0, 0, 1],
    }
    assert {name: rows["plain"].to_list() for name, rows in found.items()} == expected
    assert all(rows["plain"].equals(rows["debiased"]) for rows in found.values())


def test_the_first_option_is_the_one_shown_first():
    turned = QUESTIONNAIRE.reverse()
    first = zero_knowledge(HUMAN, turned, POLES)["first"].sort("question", "code")
    assert first["plain"].to_list() == [0, 0, 1, 0, 1]


def answered(**counts):
    rows = [
        (country, question, code, count / sum(people))
        for question, both in counts.items()
        for country, people in zip(POLES, both, strict=True)
        if people
        for code, count in enumerate(people, 1)
        if count
    ]
    names = ["country", "question", "code", "share"]
    return pl.DataFrame(rows, schema=names, orient="row")


def asked(**codes):
    """Questions with their codes in the order in which options are shown."""
    rows = [(question, code) for question, mine in codes.items() for code in mine]
    return pl.DataFrame(rows, schema=["question", "code"], orient="row").with_columns(
        topic=pl.lit("Trust"), ordinal=pl.lit(True), place=pl.col("code") - 1
    )


PLACED = answered(
    Q1=([10, 90], [30, 70]), Q2=([100, 0], [50, 50]), Q3=([20, 80], None),
    Q4=([1, 1, 2], [2, 1, 1]),
)  # fmt: skip


def test_the_average_by_place_leaves_the_question_out_and_takes_both_countries_alike():
    table = asked(Q1=[1, 2], Q2=[1, 2], Q3=[1, 2], Q4=[1, 2, 3])
    shares = average_by_place(PLACED, table, POLES).partition_by("question", as_dict=True)
    first = {question: rows["share"].to_list() for (question,), rows in shares.items()}
    # Q1: of 1, .5 and .2 (Q3 was asked in one country); Q2: of .1, .3, .2; Q3: of .1, .3, 1, .5
    expected = {"Q1": 1.7 / 3, "Q2": 0.2, "Q3": 0.475}
    assert {x: first[x][0] for x in expected} == pytest.approx(expected)
    assert first["Q4"] == pytest.approx([1 / 3] * 3)  # the only one with three
    assert all(sum(row) == pytest.approx(1) for row in first.values())
    third = pl.concat([PLACED, PLACED.with_columns(country=pl.lit("DEU"), share=pl.lit(0.5))])
    assert average_by_place(third, table, POLES).equals(average_by_place(PLACED, table, POLES))


def test_a_place_is_that_of_the_questionnaire_and_the_question_itself_plays_no_part():
    """Options of Q2 are shown in the reverse of their codes; answers stay with the option."""
    table = asked(Q1=[1, 2], Q2=[2, 1], Q3=[1, 2], Q4=[1, 2, 3])
    found = average_by_place(PLACED, table, POLES)
    rows = dict(zip(found.select("question", "code").rows(), found["share"], strict=True))
    # first places: Q1 .1, .3; Q2 0, .5 (code 2); Q3 .2
    assert rows["Q1", 1] == pytest.approx(0.7 / 3)
    assert (rows["Q2", 2], rows["Q2", 1]) == pytest.approx((0.2, 0.8))
    changed = answered(Q2=([20, 80], [10, 90]))
    other = pl.concat([PLACED.filter(pl.col("question") != "Q2"), changed])
    again = average_by_place(other, table, POLES)
    for before, after in zip(found.rows(), again.rows(), strict=True):
        assert (before == after) == (before[0] in ("Q2", "Q4"))
    scoring = zero_knowledge(PLACED, table, POLES)["by_place"]
    assert scoring["plain"].equals(scoring["debiased"])  # of options, in any order they are shown


def test_every_answer_is_scored_against_every_country(tmp_path):
    found = scored()
    write_artifact(found, tmp_path / "survey.en.parquet", SURVEY_REFERENCES)
    rows = {
        (row["method"], row["question"], row["country"]): row
        for row in found.filter(scoring="plain").iter_rows(named=True)
    }
    assert rows["people_USA", "Q1", "USA"]["js"] == 0
    assert rows["people_USA", "Q2", "GBR"]["js"] == 0
    assert ("uniform", "Q1", "GBR") not in rows  # not asked there
    # cumulated .1 .7 and .33 .67 differ by .233 and .033, over two steps
    assert rows["uniform", "Q1", "USA"]["emd"] == pytest.approx(0.8 / 3 / 2)
    assert rows["uniform", "Q2", "CHN"]["emd_free"] == pytest.approx(0.5)
    assert rows["first", "Q2", "CHN"]["js"] == pytest.approx(math.sqrt(math.log(2)))
    assert rows["first", "Q2", "CHN"]["emd_free"] == 0  # but as peaked
    assert set(found["model"]) == {"-"} and found["culture"].null_count() == len(found)
    assert found.filter(method="first")["scoring"].unique().to_list() == ["plain"]


def test_a_sample_is_as_far_from_its_people_as_chance_has_it():
    """Expected |share of n - p|: sqrt(2/pi) * sqrt(p (1-p) / n); far from others as its people."""
    found = scored().filter(method="sample_GBR", question="Q2", scoring="debiased")
    emd = dict(found.select("country", "emd").iter_rows())
    assert emd["GBR"] == pytest.approx(math.sqrt(2 / math.pi * 0.25 / 80), rel=0.1)
    assert emd["USA"] == emd["GBR"]
    assert emd["CHN"] == pytest.approx(0.5, abs=0.01)
    china = scored().filter(method="sample_CHN", question="Q2", country="CHN")
    assert china["js"].to_list() == [0, 0]  # unanimous
