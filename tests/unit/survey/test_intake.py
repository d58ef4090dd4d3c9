import json

import pytest

from culturalign.errors import UserError
from culturalign.survey import demo, demo_respondents, intake
from tests import tiny


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("survey")
    questions = demo.read_survey(tiny.ROOT / "resources/demo/survey")
    demo_respondents.write_wvs(folder / "WVS_demo.csv", questions, seed=0)
    for language in demo.LANGUAGES:
        demo.write_questionnaire(questions, language, folder / f"questionnaire.{language}.csv")
    return folder


def prepare(world, **changes):
    settings = {
        "questionnaires": {x: world / f"questionnaire.{x}.csv" for x in ("en", "zh")},
        "poles": ["USA", "CHN"],
        "others": [],
        "weighted": False,
    }
    return intake.prepare(world / "WVS_demo.csv", **(settings | changes))


def test_questions_asked_in_both_poles_are_worded_in_each_language(world):
    found = prepare(world)
    assert found.shares["question"].n_unique() == 54
    assert found.questionnaires["en"]["question"].n_unique() == 54
    assert found.questionnaires["zh"]["question"].n_unique() == 51
    assert found.unworded["en"] == {}
    assert found.unworded["zh"] == dict.fromkeys(
        ["Q95", "Q160", "Q189"], "no wording in this language"
    )


def test_models_and_people_have_the_same_options(world):
    found = prepare(world)
    for table in found.questionnaires.values():
        for (question,), options in table.group_by("question"):
            for country in ("USA", "CHN"):
                people = found.shares.filter(question=question, country=country)
                assert people["code"].to_list() == options["code"].to_list()
                assert people["share"].sum() == pytest.approx(1)


def test_another_country_does_not_change_which_questions_are_asked(world):
    found = prepare(world, others=["GBR"])
    assert found.shares["question"].n_unique() == 54
    assert set(found.shares["country"]) == {"USA", "CHN", "GBR"}


def test_weights_change_the_shares_and_not_the_questions(world):
    plain, weighted = prepare(world), prepare(world, weighted=True)
    assert plain.shares["question"].to_list() == weighted.shares["question"].to_list()
    assert plain.shares["share"].to_list() != weighted.shares["share"].to_list()


def test_a_json_list_takes_its_codes_from_the_answers(world, tmp_path):
    full = prepare(world).questionnaires["en"]
    entries = [
        {"id": question, "question": rows["wording"][0], "options": rows["option"].to_list()}
        for (question,), rows in full.group_by("question", maintain_order=True)
    ][:10]
    path = tmp_path / "questions.json"
    path.write_text(json.dumps(entries), encoding="utf-8")
    found = prepare(world, questionnaires={"en": path})
    taken = found.questionnaires["en"]
    assert taken["question"].unique(maintain_order=True).to_list() == [e["id"] for e in entries]
    assert taken["code"].to_list() == full["code"].to_list()[: len(taken)]
    assert len(found.unworded["en"]) == 44


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "no such file; correct survey.questionnaires"), ("{", "line 1, column 2")],
)
def test_bad_json_is_refused(world, tmp_path, content, said):
    path = tmp_path / "questions.json"
    if content:
        path.write_text(content)
    with pytest.raises(UserError, match=said):
        prepare(world, questionnaires={"en": path})
