"""Figure 1: both parts, worked out by hand."""

import polars as pl
import pytest

from culturalign.report.spotlight_figure import SHARE, STRENGTH, association_rows, with_answers

LABELS = {"us": "US", "cn": "China", "mx": "Mexico"}
COUNTRIES = {"us": "USA", "cn": "CHN", "mx": "MEX"}


@pytest.fixture
def files(tmp_path):
    for culture, cue in (("us", "freedom"), ("cn", "自由")):
        rows = [(cue, "bird", 3, 0.75, 1), (cue, "sky", 1, 0.25, 2)]
        names = ["cue", "response", "count", "strength", "rank"]
        pl.DataFrame(rows, names, orient="row").write_parquet(tmp_path / f"{culture}.parquet")
    people = [
        ("USA", 1, 77, 0.77),
        ("USA", 2, 23, 0.23),
        ("CHN", 1, 34, 0.34),
        ("CHN", 2, 66, 0.66),
    ]
    human = pl.DataFrame(people, ["country", "code", "count", "share"], orient="row")
    human.with_columns(question=pl.lit("Q149")).write_parquet(tmp_path / "human.parquet")
    for language, options in (("en", ["Freedom", "Equality"]), ("zh", ["自由", "平等"])):
        worded = pl.DataFrame({"question": "Q149", "wording": "Which?", "code": [2, 1],
                               "option": options[::-1]})  # fmt: skip
        worded.write_parquet(tmp_path / f"{language}.parquet")
    return tmp_path


def drawn(files, human, question="Q149"):
    spotlights = {"us": ["freedom"], "cn": ["自由"]}
    rows = association_rows([files / "us.parquet", files / "cn.parquet"], spotlights, LABELS)
    asked = {"us": files / "en.parquet", "cn": files / "zh.parquet", "mx": files / "en.parquet"}
    return with_answers(rows, question, human, asked, COUNTRIES, LABELS)


def test_answers_stand_below_the_associations_in_the_order_of_the_codes(files):
    rows = drawn(files, [files / "human.parquet"])
    assert rows["axis"].to_list() == [STRENGTH] * 4 + [SHARE] * 4
    answers = rows.filter(axis=SHARE)
    assert answers.select("culture", "cue", "response", "count", "strength", "rank").rows() == [
        ("US", "Q149", "Freedom", 77, 0.77, 1),
        ("US", "Q149", "Equality", 23, 0.23, 2),
        ("China", "Q149", "自由", 34, 0.34, 1),
        ("China", "Q149", "平等", 66, 0.66, 2),
    ]


def test_without_a_survey_or_the_question_there_is_only_the_first_part(files):
    assert set(drawn(files, [])["axis"]) == {STRENGTH}
    assert set(drawn(files, [files / "human.parquet"], "Q1")["axis"]) == {STRENGTH}
