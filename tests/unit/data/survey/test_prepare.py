import json
import re

import polars as pl
import pytest

from culturalign.data.demo import demo_respondents, demo_survey
from culturalign.data.survey import prepare
from culturalign.errors import UserError
from tests import tiny
from tests.unit.data.survey.worded import written


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("survey")
    questions = demo_survey.read_survey(tiny.ROOT / "resources/demo/survey")
    demo_respondents.write_wvs(folder / "WVS_demo.csv", questions, seed=0)
    paths = [folder / f"questionnaire.{language}.csv" for language in demo_survey.LANGUAGES]
    demo_survey.write_questionnaires(questions, paths)
    return folder


def prepared(world, **changes):
    files = {x: world / f"questionnaire.{x}.csv" for x in ("en", "zh")}
    settings = {"questionnaires": files, "poles": ["USA", "CHN"], "others": [], "weighted": False}
    return prepare.prepare(world / "WVS_demo.csv", **(settings | changes))


def test_wordings_that_were_decoded_twice_are_refused(tmp_path):
    right = ["Q1,¿Cuánto le gusta?,1,Mucho", "Q1,¿Cuánto le gusta?,2,Ningún gusto"]
    assert (
        len(prepare.read_any(written(tmp_path, right), pl.DataFrame(), {}, {}).questionnaire) == 2
    )
    rows = [row.encode().decode("latin-1") for row in [*right, "Q2,¿Según quién?,1,Sí"]]
    rows.append(rows[-1].replace(",1,", ",2,").replace("SÃ\xad", "No"))
    with pytest.raises(UserError, match=r"words beyond ASCII \('NingÃºn'.* saved again"):
        prepare.read_any(written(tmp_path, rows), pl.DataFrame(), {}, {})


def test_questions_asked_in_both_poles_are_worded_in_each_language_with_peoples_options(world):
    found = prepared(world)
    assert found.shares["question"].n_unique() == 54
    worded = {x: table["question"].n_unique() for x, table in found.questionnaires.items()}
    assert worded == {"en": 54, "zh": 51}
    missing = dict.fromkeys(["Q95", "Q160", "Q189"], "no wording in this language")
    assert found.unworded == {"en": {}, "zh": missing}
    for table in found.questionnaires.values():
        for (question,), options in table.group_by("question"):
            for country in ("USA", "CHN"):
                people = found.shares.filter(question=question, country=country)
                assert people["code"].to_list() == options["code"].to_list()
                assert people["share"].sum() == pytest.approx(1)


def test_other_countries_and_weights_do_not_change_which_questions_are_asked(world):
    plain = prepared(world).shares
    more, weighted = prepared(world, others=["GBR"]), prepared(world, weighted=True)
    assert set(more.shares["country"]) == {"USA", "CHN", "GBR"}
    assert set(more.shares["question"]) == set(plain["question"])
    assert weighted.shares["question"].to_list() == plain["question"].to_list()
    assert weighted.shares["share"].to_list() != plain["share"].to_list()


def test_everything_is_written_and_summed_up(world, tmp_path):
    found, survey = prepared(world), world / "WVS_demo.csv"
    names = ("answers", "ledger", "human", "unworded", "respondents", "source", "en", "zh")
    paths = [tmp_path / name for name in names]
    prepare.write(found, survey, paths)
    assert pl.read_parquet(paths[2]).equals(found.shares)
    assert json.loads(paths[3].read_text())["zh"]["Q95"] == "no wording in this language"
    assert json.loads(paths[5].read_text())["release"] == "WVS wave 7 v6"
    assert pl.read_parquet(paths[7]).equals(found.questionnaires["zh"])
    files = {x: world / f"questionnaire.{x}.csv" for x in ("en", "zh")}
    lines = prepare.summary(found, survey, files).splitlines()
    assert lines[0] == f"odd      {survey}"  # smaller than the official file
    assert lines[-1] == "zh: 51 questions worded, 3 not"


def test_a_json_list_takes_its_codes_from_the_answers(world, tmp_path):
    full = prepared(world).questionnaires["en"]
    entries = [
        {"id": question, "question": rows["wording"][0], "options": rows["option"].to_list()}
        for (question,), rows in full.group_by("question", maintain_order=True)
    ][:10]
    path = tmp_path / "questions.json"
    path.write_text(json.dumps(entries), encoding="utf-8")
    found = prepared(world, questionnaires={"en": path})
    taken = found.questionnaires["en"]
    assert taken["question"].unique(maintain_order=True).to_list() == [e["id"] for e in entries]
    assert taken["code"].to_list() == full["code"].to_list()[: len(taken)]
    assert len(found.unworded["en"]) == 44
    for entry in entries[:3]:  # their codes are unclear
        entry["options"] += ["one more", "and another", "and a third"]
    path.write_text(json.dumps(entries), encoding="utf-8")
    assert len(prepared(world, questionnaires={"en": path}).unworded["en"]) == 47
    said = r"3 of 10 questions \(30%\) are dropped: options without clear codes \(Q\d+: \d+ options"
    with pytest.raises(UserError, match=said):
        prepared(world, questionnaires={"en": path}, most_dropped=0.2)


def with_options_of_q46(world, folder, places, ordinal="true"):
    """Both files; the Mandarin one has other options at Q46, code and place."""
    lines = (world / "questionnaire.zh.csv").read_text(encoding="utf-8").splitlines()
    new = [f"Q46,Happiness,昨天怎么样？,{code},选项{code},{ordinal},{p}" for code, p in places]
    path = folder / "questionnaire.zh.csv"
    others = [line for line in lines if not line.startswith("Q46,")]
    path.write_text("\n".join(others + new) + "\n", encoding="utf-8")
    return {"en": world / "questionnaire.en.csv", "zh": path}


@pytest.mark.parametrize(("places", "ordinal", "why"), [
    ([(1, 0), (2, 1), (3, 2), (4, 3), (5, 4)], "true",
     "code differs between languages: en 1, 2, 3, 4; zh 1, 2, 3, 4, 5"),
    ([(1, 0), (2, 2), (3, 1), (4, 3)], "true", "place differs .*: en 0, 1, 2, 3; zh 0, 2, 1, 3"),
    ([(n, "") for n in (1, 2, 3, 4)], "false", "ordinal differs .*: en true, .*; zh false, "),
])  # fmt: skip
def test_a_question_with_other_options_in_another_language_is_asked_in_none(
    world, tmp_path, places, ordinal, why
):
    """With five options instead of four the earth mover's distance would be another measure."""
    found = prepared(world, questionnaires=with_options_of_q46(world, tmp_path, places, ordinal))
    for language in ("en", "zh"):
        assert "Q46" not in set(found.questionnaires[language]["question"])
        assert re.match(f"its {why}", found.unworded[language]["Q46"])
    assert found.shares.filter(question="Q46")["code"].n_unique() == 4
    # what is worded in only one language differs from nothing
    assert "Q95" in set(found.questionnaires["en"]["question"])


def test_many_questions_with_other_options_in_another_language_are_refused(world, tmp_path):
    text = (world / "questionnaire.zh.csv").read_text(encoding="utf-8")
    path = tmp_path / "q.csv"
    path.write_text(
        re.sub(r"(?m)^(Q\d*[0-4],.*),(true|false),\d*$", r"\1,,", text), encoding="utf-8"
    )
    codes = [(line.split(",")[0], line) for line in path.read_text(encoding="utf-8").splitlines()]
    last = {question: line for question, line in codes if line.endswith(",,")}
    extra = [re.sub(r",\d+,([^,]*),,$", r",55,不知所云,,", line) for line in last.values()]
    path.write_text("\n".join([line for _, line in codes] + extra) + "\n", encoding="utf-8")
    files = {"en": world / "questionnaire.en.csv", "zh": path}
    assert set(prepared(world, questionnaires=files).questionnaires) == {"en", "zh"}
    with pytest.raises(UserError, match="dropped: other options than in another language"):
        prepared(world, questionnaires=files, most_dropped=0.2)


def test_a_csv_with_other_headers_is_read_by_its_columns(world, tmp_path):
    text = (world / "questionnaire.en.csv").read_text(encoding="utf-8")
    path = tmp_path / "q.csv"
    path.write_text(text.replace("question,topic,wording", "id,topic,text", 1), encoding="utf-8")
    columns = {"en": {"question": "id", "wording": "text"}}
    found = prepared(world, questionnaires={"en": path}, columns=columns)
    assert found.questionnaires["en"].equals(prepared(world).questionnaires["en"])
    with pytest.raises(UserError, match="line 1 lacks the columns question, wording"):
        prepared(world, questionnaires={"en": path})


def test_languages_without_a_question_in_common_form_are_refused(world, tmp_path):
    path = tmp_path / "q.csv"
    rows = [f"Q46,w,{code},option {code}\n" for code in (1, 2, 3, 4, 5)]
    path.write_text("question,wording,code,option\n" + "".join(rows), encoding="utf-8")
    files = {"zh": world / "questionnaire.zh.csv", "en": path}
    with pytest.raises(UserError, match=r"q.csv: all 1 questions have other .* Q46: its code"):
        prepared(world, questionnaires=files)
