import polars as pl
import pytest

from culturalign.data.survey.matching import align, check_scripts, complete_codes
from culturalign.data.survey.questionnaire import build, read_questionnaire
from culturalign.errors import UserError
from tests.unit.data.survey.worded import written


def human_of(**counts: dict[int, int]) -> pl.DataFrame:
    """Human answers of two countries with the same counts, by question."""
    rows = [
        (country, question, code, count, count / sum(codes.values()))
        for question, codes in counts.items()
        for country in ("CHN", "USA")
        for code, count in codes.items()
    ]
    names = ["country", "question", "code", "count", "share"]
    return pl.DataFrame(rows, schema=names, orient="row")


def test_language_by_script():
    english, chinese = (
        build([{"question": "Q1", "wording": wording, "code": 1, "option": option}])
        for wording, option in (("Is 茶 (tea) good?", "好"), ("茶好不好（tea）？", "很好"))
    )
    check_scripts(english, ["Latin"], "en.csv")
    check_scripts(chinese, ["Han"], "zh.csv")
    check_scripts(chinese, [], "ja.csv")
    with pytest.raises(UserError, match=r"zh.csv: Q1 has 18% of its letters in Han .* 1 of 1"):
        check_scripts(english, ["Han"], "zh.csv")
    with pytest.raises(UserError, match=r"en.csv: Q1 has 33% of its letters in Latin .* is 70%"):
        check_scripts(chinese, ["Latin"], "en.csv")


@pytest.mark.parametrize(("codes", "chosen", "refused"), [
    ([1, 2, 9], [1, 2], True), ([1, 2, 9], [1, 2, 9], False), ([1, 2, 99], [1, 2], True),
    ([*range(1, 11)], [1, 2], False), ([0, 5, 10], [0, 5], False), ([1, 2, 3, 8, 9], [1, 2], True),
])  # fmt: skip
def test_an_option_that_looks_like_a_missing_answer_is_refused(codes, chosen, refused):
    rows = [{"question": "Q1", "wording": "W?", "code": c, "option": f"keuze {c}"} for c in codes]
    human = human_of(Q1=dict.fromkeys(chosen, 4))
    if not refused:
        assert len(align(build(rows), human, scripts=[], source="q.csv").questionnaire) == len(
            codes
        )
        return
    with pytest.raises(UserError, match=r"q.csv: Q1: nobody chose option 'keuze (9|99|8)'"):
        align(build(rows), human, scripts=[], source="q.csv")


def test_alignment_restricts_and_lists(tmp_path):
    human = human_of(Q2={0: 3, 2: 1}, Q30={1: 2, 2: 2})
    table = read_questionnaire(written(tmp_path)).questionnaire
    found = align(table, human, scripts=["Latin"], source="x.csv")
    assert found.questionnaire["question"].to_list() == ["Q2"] * 3
    assert "line" not in found.questionnaire.columns
    assert found.unworded == ["Q30"]
    full = complete_codes(human, found.questionnaire)
    assert full.filter(question="Q2", country="USA").rows() == [
        ("USA", "Q2", 0, 3, 0.75), ("USA", "Q2", 1, 0, 0.0), ("USA", "Q2", 2, 1, 0.25),
    ]  # fmt: skip
    assert full.filter(question="Q30").equals(human.filter(question="Q30"))


def test_fewer_options_than_codes_or_none_of_the_questions_are_refused(tmp_path):
    table = read_questionnaire(written(tmp_path)).questionnaire
    with pytest.raises(UserError, match=r"x.csv: line 2: Q10 has 2 .* also used 0, 3; add"):
        align(table, human_of(Q10={0: 1, 1: 1, 3: 2}), scripts=["Latin"], source="x.csv")
    used_by_nobody = human_of(Q10={0: 0, 1: 1, 2: 1})
    assert not align(table, used_by_nobody, scripts=["Latin"], source="x.csv").unworded
    with pytest.raises(UserError, match="words none of the 1 questions"):
        align(table, human_of(Q7={1: 1, 2: 1}), scripts=["Latin"], source="x.csv")
