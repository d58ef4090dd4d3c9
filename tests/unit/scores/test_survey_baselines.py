"""Zero-knowledge answers to the survey, worked out by hand."""

import math

import polars as pl
import pytest

from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.survey_scores import SURVEY_REFERENCES
from culturalign.scores.survey_baselines import score_references, zero_knowledge

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
