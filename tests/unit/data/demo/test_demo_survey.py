import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from culturalign.data.demo.demo_survey import LANGUAGES, planted_shares, write_questionnaires
from culturalign.data.survey.topics import topic_of

SURVEY = Path(__file__).resolve().parents[4] / "resources/demo/survey"
PAPER = {"Q118": 4, "Q149": 2, "Q165": 2, "Q166": 2, "Q168": 2}
"""Questions of the paper's table 8, and their options."""


def test_questions_come_by_number_with_options_by_code_in_the_order_given(small):
    assert [question.name for question in small] == ["Q3", "Q5", "Q12"]
    assert [question.order for question in small] == [(1, 2, 3), (1, 3), ()]
    ladder, _, nominal = small
    assert ladder.options == {1: ("Dark", "阴"), 2: ("2", "2"), 3: ("Bright", "晴")}
    assert ladder.shares == {"a": (0.5, 0.3, 0.2), "b": (0.5, 0.3, 0.2)}
    assert nominal.options == {0: ("Neither", "都不要"), 1: ("Tea", "茶"), 2: ("Coffee", "咖啡")}
    assert nominal.shares == {"a": (0.1, 0.2, 0.7)}


def test_planted_shares_have_a_row_for_each_option_of_each_country_asked(small):
    assert planted_shares(small[1:]).rows() == [
        ("USA", "Q5", 1, 0.6), ("USA", "Q5", 2, 0.3), ("USA", "Q5", 3, 0.1),
        ("CHN", "Q5", 1, 0.1), ("CHN", "Q5", 2, 0.6), ("CHN", "Q5", 3, 0.3),
        ("USA", "Q12", 0, 0.1), ("USA", "Q12", 1, 0.2), ("USA", "Q12", 2, 0.7),
    ]  # fmt: skip


def test_questionnaires_hold_what_is_worded_in_a_language_with_the_place_in_the_order(
    small, tmp_path
):
    paths = [tmp_path / f"questionnaire.{language}.csv" for language in LANGUAGES]
    write_questionnaires(small, paths)
    english, chinese = (pl.read_csv(path) for path in paths)
    topic = topic_of("Q5")
    assert english.columns == [
        "question", "topic", "wording", "code", "option", "ordinal", "place"
    ]  # fmt: skip
    assert english.rows()[3:7] == [
        ("Q5", topic, "Is it late?", 1, "Yes", True, 0),
        ("Q5", topic, "Is it late?", 2, "Perhaps", True, None),
        ("Q5", topic, "Is it late?", 3, "No", True, 1),
        ("Q12", topic, "Tea or coffee?", 0, "Neither", False, None),
    ]
    assert chinese["question"].to_list() == ["Q12"] * 3


def test_the_shipped_survey_covers_all_topics_and_the_papers_questions(survey):
    text = "".join(file.read_text(encoding="utf-8") for file in SURVEY.glob("*.yaml"))
    assert len(re.findall(r"^Q\d+:", text, re.MULTILINE)) == len(survey)  # none occurs twice
    topics = [topic_of(question.name) for question in survey if len(question.shares) == 2]
    assert len(topics) >= 48
    assert set(topics) == {topic_of(f"Q{number}") for number in range(1, 260)}
    assert min(topics.count(topic) for topic in topics) >= 3
    of_paper = [question for question in survey if question.name in PAPER]
    assert {question.name: len(question.options) for question in of_paper} == PAPER
    assert all(set(question.wording) == set(LANGUAGES) for question in of_paper)
    assert all("en" in question.wording for question in survey)
    assert sum("zh" not in question.wording for question in survey) == 3


@pytest.mark.parametrize(("language", "most"), [("en", 25), ("zh", 40)])
def test_wordings_and_labels_are_short_distinct_and_in_their_language(survey, language, most):
    wordings = [q.wording[language] for q in survey if language in q.wording]
    assert len(set(wordings)) == len(wordings)
    for wording in wordings:
        assert len(wording.split() if language == "en" else wording) <= most, wording
        assert wording.endswith("?" if language == "en" else "？"), wording
        assert wording.isascii() == (language == "en"), wording
    for question in survey:
        labels = [both[LANGUAGES.index(language)] for both in question.options.values()]
        assert len(set(labels)) == len(labels), question.name
        for label in labels:
            assert isinstance(label, str), question.name  # a bare yes would be true
            assert label.isdigit() or label.isascii() == (language == "en"), label


def test_codes_orders_and_shares_are_like_those_of_real_surveys(survey):
    assert {len(question.options) for question in survey} == {2, 3, 4, 5, 7, 10}
    assert {min(question.options) for question in survey} == {0, 1}
    for question in survey:
        codes = list(question.options)
        assert codes == list(range(codes[0], codes[0] + len(codes))), question.name
        assert len(set(question.order)) == len(question.order) != 1
        assert set(question.order) <= set(codes) and question.shares, question.name
        for shares in question.shares.values():
            assert len(shares) == len(codes) and min(shares) >= 0, question.name
            assert sum(shares) == pytest.approx(1), question.name
    orders = {question.name: question.order for question in survey}
    assert (orders["Q56"], orders["Q119"], orders["Q152"]) == ((1, 3, 2), (1, 2, 3, 4), ())


def test_most_answers_depend_on_the_culture_and_some_do_not_at_all(survey):
    both = [q for q in survey if len(q.shares) == 2]
    # total variation distance: the share of people who would have to change their answer
    distance = [np.abs(np.subtract(*q.shares.values())).sum() / 2 for q in both]
    assert sum(d > 0.15 for d in distance) >= 30
    assert sum(d > 0.35 for d in distance) >= 12
    assert sum(d == 0 for d in distance) >= 8
    assert sum(0 < d < 0.15 for d in distance) >= 5
