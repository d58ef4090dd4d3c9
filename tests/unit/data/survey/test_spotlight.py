"""A question's answers in the form of associations."""

import polars as pl

from culturalign.data.survey.spotlight import spotlight_answers


def test_only_countries_and_languages_with_the_question_have_answers(tmp_path):
    worded = pl.DataFrame(
        {"question": ["Q1", "Q1", "Q2"], "wording": ["Tea?", "Tea?", "?"], "code": [1, 2, 1],
         "option": ["yes", "no", "x"]}
    )  # fmt: skip
    worded.write_parquet(tmp_path / "en.parquet")
    worded.filter(question="Q2").write_parquet(tmp_path / "fr.parquet")
    human = pl.DataFrame(
        {"country": ["A", "A", "B"], "question": "Q1", "code": [2, 1, 1], "count": [1, 3, 4],
         "share": [0.25, 0.75, 1.0]}
    )  # fmt: skip
    files = {
        "a": tmp_path / "en.parquet",
        "b": tmp_path / "fr.parquet",
        "c": tmp_path / "en.parquet",
    }
    countries = {"a": "A", "b": "B", "c": "C"}
    found = spotlight_answers("Q1", human, files, countries, {"a": "Aland", "b": "B", "c": "C"})
    assert found.rows() == [
        ("Aland", "Q1", "yes", 3, 0.75, 1), ("Aland", "Q1", "no", 1, 0.25, 2),
    ]  # fmt: skip
