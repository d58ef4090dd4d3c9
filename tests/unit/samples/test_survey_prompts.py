import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.errors import UserError
from culturalign.samples.survey_prompts import (
    SurveyPrompt,
    example_chats,
    introduced,
    option_orders,
    read_survey_prompt,
)
from tests import tiny


@pytest.mark.parametrize("question", ["Tea?", "[OPTIONS]?"], ids=["a question", "a marker in it"])
def test_a_question_stands_as_it_is_above_its_options_under_their_labels(question):
    prompt = SurveyPrompt("Answer.\n\n[QUESTION]\n\n[OPTIONS]", "Be brief.")
    system, user = prompt.messages(question, ["yes", "no"], ["1", "2"])
    assert system == {"role": "system", "content": "Be brief."}
    assert user == {"role": "user", "content": f"Answer.\n\n{question}\n\n1. yes\n2. no"}


def test_the_introduction_of_a_questionnaire_stands_at_its_marker():
    prompt = SurveyPrompt("[INTRODUCTION]\n[QUESTION]\nOptions:\n[OPTIONS]\nNumber:", "")
    asked = introduced(prompt, pl.DataFrame({"introduction": ["We ask about [OPTIONS]."] * 2}))
    _, user = asked.messages("Tea?", ["yes", "no"], ["1", "2"])
    assert user["content"] == ("We ask about [OPTIONS].\nTea?\nOptions:\n1. yes\n2. no\nNumber:")


def test_a_prompt_that_asks_for_an_introduction_is_refused_without_one():
    none = pl.DataFrame({"introduction": [None]}, schema={"introduction": pl.String})
    with pytest.raises(UserError, match=r"holds \[INTRODUCTION\], but the questionnaire has no"):
        introduced(SurveyPrompt("[INTRODUCTION] [QUESTION] [OPTIONS]", ""), none)
    plain = SurveyPrompt("[QUESTION] [OPTIONS]", "")
    assert introduced(plain, none) == plain


def test_a_missing_introduction_is_found_where_labels_are_chosen(tmp_path):
    prompt = tmp_path / "survey.txt"
    prompt.write_text("[INTRODUCTION] [QUESTION] [OPTIONS]")
    asked = tmp_path / "en.parquet"
    table = pl.DataFrame({"introduction": ["Good day."]})
    table.write_parquet(asked)
    chats = example_chats([str(prompt)], ["Be brief."], [str(asked)])
    assert [m["content"] for m in chats[str(prompt)]] == ["Be brief.", "Good day. ? -. -"]
    table.with_columns(introduction=pl.lit(None, pl.String)).write_parquet(asked)
    with pytest.raises(UserError, match="fill its column introduction"):
        example_chats([str(prompt)], ["Be brief."], [str(asked)])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_prompts_as_run_hold_the_introduction_and_end_by_asking_for_a_number(language):
    path = tiny.ROOT / f"resources/prompts/{language}/survey_run.txt"
    template = read_survey_prompt(path, system="").template
    assert template.startswith("[INTRODUCTION]") and template.index("[QUESTION]") > 20
    assert template.splitlines()[-1].endswith({"en": ":", "zh": "："}[language])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_prompts_of_the_repository_have_both_markers(language):
    path = tiny.ROOT / f"resources/prompts/{language}/survey.txt"
    assert read_survey_prompt(path, system="").template.endswith("[OPTIONS]")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no markers", r"must hold the marker \[QUESTION\] exactly once"),
        (b"[QUESTION] [OPTIONS] [OPTIONS]", r"the marker \[OPTIONS\] exactly once"),
        (b"\xff", "not UTF-8 at byte 0"),
        (None, "no such file; correct languages"),
    ],
)
def test_bad_prompt_files_are_refused(tmp_path, content, said):
    path = tmp_path / "survey.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match=said):
        read_survey_prompt(path, system="")


@pytest.mark.parametrize("options", range(2, 12))
def test_a_model_that_only_knows_places_is_exactly_uniform_over_all_rotations(options):
    places = np.random.default_rng(options).dirichlet(np.full(options, 0.3), size=20)
    for orders in ("cyclic", options, options + 1):
        found = option_orders(options, orders)
        assert len(found) == options
        shares = np.zeros((20, options))
        for order in found:
            shares[:, list(order)] += places / options  # the option at each place has its share
        assert shares == pytest.approx(np.full((20, options), 1 / options))


def test_fewer_orders_begin_with_the_plain_one_and_its_reverse():
    assert option_orders(5, 2) == [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0)]
    assert option_orders(3, 4) == [(0, 1, 2), (1, 2, 0), (2, 0, 1)]


@given(st.integers(2, 11), st.integers(1, 24))
def test_orders_are_different_permutations_the_plain_one_first(options, orders):
    found = option_orders(options, orders)
    assert found[0] == tuple(range(options))
    assert all(sorted(order) == list(range(options)) for order in found)
    assert len(set(found)) == len(found) == min(orders, options)


@given(st.integers(2, 11), st.integers(1, 5))
def test_with_pairs_of_orders_every_place_is_as_often_early_as_late(options, pairs):
    orders = option_orders(options, 2 * pairs)
    if len(orders) % 2 == 0:
        places = [sum(order.index(option) for order in orders) for option in range(options)]
        assert len(set(places)) == 1  # every option has the same mean place
