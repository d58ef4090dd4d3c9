import csv
import re
from pathlib import Path

import numpy as np
import pytest

from culturalign.data.demo.demo_survey import LANGUAGES, planted_shares, write_questionnaire
from culturalign.data.survey.topics import topic_of

SURVEY = Path(__file__).resolve().parents[4] / "resources/demo/survey"
PAPER = {"Q118": 4, "Q149": 2, "Q165": 2, "Q166": 2, "Q168": 2}
"""Questions of the paper's table 8, and their options."""


def test_questions_come_by_number_and_options_by_code(small):
    assert [question.name for question in small] == ["Q3", "Q5", "Q12"]
    assert small[2].options == {0: ("Neither", "都不要"), 1: ("Tea", "茶"), 2: ("Coffee", "咖啡")}
    assert small[2].shares == {"us": (0.1, 0.2, 0.7)}


def test_a_ladder_names_only_its_ends_and_both_cultures_may_share_their_answers(small):
    assert small[0].options == {1: ("Dark", "阴"), 2: ("2", "2"), 3: ("Bright", "晴")}
    assert small[0].shares == {"us": (0.5, 0.3, 0.2), "cn": (0.5, 0.3, 0.2)}


def test_the_order_is_that_of_the_codes_unless_given(small):
    assert [question.order for question in small] == [(1, 2, 3), (1, 3), ()]


def test_planted_shares_have_a_row_for_each_option_of_each_country_asked(small):
    assert planted_shares(small[1:]).rows() == [
        ("USA", "Q5", 1, 0.6), ("USA", "Q5", 2, 0.3), ("USA", "Q5", 3, 0.1),
        ("CHN", "Q5", 1, 0.1), ("CHN", "Q5", 2, 0.6), ("CHN", "Q5", 3, 0.3),
        ("USA", "Q12", 0, 0.1), ("USA", "Q12", 1, 0.2), ("USA", "Q12", 2, 0.7),
    ]  # fmt: skip


def test_questionnaires_hold_what_is_worded_in_a_language_with_the_place_in_the_order(
    small, tmp_path
):
    for language in LANGUAGES:
        write_questionnaire(small, language, tmp_path / f"questionnaire.{language}.csv")
    topic = topic_of("Q5")
    with (tmp_path / "questionnaire.en.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["question", "topic", "wording", "code", "option", "ordinal", "place"]
    assert rows[3:7] == [
        ["Q5", topic, "Is it late?", "1", "Yes", "true", "0"],
        ["Q5", topic, "Is it late?", "2", "Perhaps", "true", ""],
        ["Q5", topic, "Is it late?", "3", "No", "true", "1"],
        ["Q12", topic, "Tea or coffee?", "0", "Neither", "false", ""],
    ]
    with (tmp_path / "questionnaire.zh.csv").open(encoding="utf-8", newline="") as file:
        assert [row[0] for row in csv.reader(file)] == ["question", "Q12", "Q12", "Q12"]


def test_no_question_stands_in_the_files_twice(survey):
    text = "".join(file.read_text(encoding="utf-8") for file in SURVEY.glob("*.yaml"))
    assert len(re.findall(r"^Q\d+:", text, re.MULTILINE)) == len(survey)


def test_there_are_enough_questions_of_every_topic(survey):
    asked_in_both = [question for question in survey if len(question.shares) == 2]
    assert len(asked_in_both) >= 48
    topics = [topic_of(question.name) for question in asked_in_both]
    assert len(set(topics)) == len({topic_of(f"Q{number}") for number in range(1, 260)})
    assert min(topics.count(topic) for topic in topics) >= 3


def test_the_questions_of_the_papers_table_8_are_there_in_both_languages(survey):
    of_paper = [question for question in survey if question.name in PAPER]
    assert {question.name: len(question.options) for question in of_paper} == PAPER
    assert all(set(question.wording) == set(LANGUAGES) for question in of_paper)


def test_three_questions_lack_a_mandarin_wording_and_none_an_english_one(survey):
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


def test_codes_orders_and_numbers_of_options_are_those_of_real_surveys(survey):
    sizes = {len(question.options) for question in survey}
    assert sizes == {2, 3, 4, 5, 7, 10}
    assert {min(question.options) for question in survey} == {0, 1}
    for question in survey:
        codes = list(question.options)
        assert codes == list(range(codes[0], codes[0] + len(codes))), question.name
        assert set(question.order) <= set(codes)
        assert len(set(question.order)) == len(question.order) != 1
    orders = {question.name: question.order for question in survey}
    assert orders["Q56"] == (1, 3, 2)
    assert orders["Q119"] == (1, 2, 3, 4)
    assert orders["Q152"] == orders["Q153"] == ()


def test_planted_shares_are_one_for_each_option_and_add_up(survey):
    for question in survey:
        assert question.shares, question.name
        for shares in question.shares.values():
            assert len(shares) == len(question.options), question.name
            assert sum(shares) == pytest.approx(1), question.name
            assert min(shares) >= 0


def test_most_answers_depend_on_the_culture_and_some_do_not_at_all(survey):
    both = [q for q in survey if len(q.shares) == 2]
    # total variation distance: the share of people who would have to change their answer
    distance = [np.abs(np.subtract(*q.shares.values())).sum() / 2 for q in both]
    assert sum(d > 0.15 for d in distance) >= 30
    assert sum(d > 0.35 for d in distance) >= 12
    assert sum(d == 0 for d in distance) >= 8
    assert sum(0 < d < 0.15 for d in distance) >= 5
