import polars as pl
import pytest

from culturalign.clca.personas import chosen_questions, draw_personas, read_persona_texts
from culturalign.data.demo import demo_respondents
from culturalign.errors import UserError
from tests.unit.clca.scripted import CLCA

TEXTS = {language: read_persona_texts(CLCA / f"personas/{language}.yaml")
         for language in ("en", "zh")}  # fmt: skip


def test_a_respondent_is_described_without_missing_answers():
    codes = {"Q260": 2, "Q262": 47, "Q273": 1, "Q279": 8, "Q288": -2}
    assert TEXTS["en"].described(codes, "Utopia") == (
        "You live in Utopia. You are a woman. You are 47 years old. You are married. "
        "Answer the question as this person would."
    )


def test_both_languages_word_the_same_answers():
    english, chinese = (TEXTS[language].answers for language in ("en", "zh"))
    assert english.keys() == chinese.keys()
    for question, texts in english.items():
        if isinstance(texts, dict):
            assert texts.keys() == chinese[question].keys()
            assert len(set(texts.values())) == len(texts)
    sizes = {"Q273": 6, "Q275": len(demo_respondents.EDUCATION), "Q279": 7, "Q287": 5}
    assert {question: len(english[question]) for question in sizes} == sizes


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("country: {x}\nlast: a\nbetween: x\nanswers: {}\n", "country"),
        ("country: In {country}.\nlast: a\nbetween: x\nanswers: {Q262: You are old.}\n",
         "Q262 must hold"),
        ("country: In {country}.\nbetween: x\nanswers: {}\n", "last"),
    ],
)  # fmt: skip
def test_broken_texts_are_refused(tmp_path, text, fault):
    path = tmp_path / "en.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=fault):
        read_persona_texts(path)


def table(rows):
    return pl.DataFrame(rows, schema=["country", "respondent", "question", "code"], orient="row")


DEMOGRAPHICS = table([("USA", i, "Q262", 20 + i) for i in range(10)] + [("CHN", 50, "Q262", 99)])
ANSWERS = table(
    [("USA", i, q, i % 3 - 1) for i in range(10) for q in ("Q2", "Q10")] + [("CHN", 50, "Q2", 1)]
)


def drawn(**changes):
    given = {"country": "USA", "name": "Utopia", "respondents": 4, "seed": 0} | changes
    return list(draw_personas(DEMOGRAPHICS, ANSWERS, ["Q2", "Q10"], TEXTS["en"], **given))


def test_respondents_are_paired_with_their_own_valid_answers():
    rows = drawn(respondents=10)
    assert {row["respondent"] for row in rows} == {1, 2, 4, 5, 7, 8}  # code -1 is not an answer
    for row in rows:
        assert row["code"] == row["respondent"] % 3 - 1
        assert f"{20 + row['respondent']} years" in row["persona"]
    assert [row["question"] for row in rows[:2]] == ["Q2", "Q10"]


def test_the_sample_depends_on_the_seed_and_needs_demographics():
    assert drawn() == drawn()
    assert any(drawn() != drawn(seed=seed) for seed in range(1, 4))
    assert len({row["respondent"] for row in drawn()}) <= 4
    with pytest.raises(UserError, match=r"clca\.personas: null"):
        drawn(country="GBR")


ALL = ["Q3", "Q7", "Q9", "Q20", "Q50", "Q100"]


@pytest.mark.parametrize(("most", "chosen"), [(None, ALL), (3, ["Q3", "Q9", "Q50"]), (60, ALL)])
def test_questions_are_spread_evenly(most, chosen):
    assert chosen_questions([f"Q{n}" for n in (100, 3, 20, 7, 50, 9)], most) == chosen
