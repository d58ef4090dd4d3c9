import json
from pathlib import Path

import polars as pl
import pytest

from culturalign.data.survey.questionnaire_json import from_json
from culturalign.errors import UserError

TEA = {"id": "Q10", "question": " Do you like\ntea? ", "options": ["Yes", " No "]}


def written(path: Path, content: object) -> Path:
    path.write_bytes(encoded(content))
    return path


def human_of(**codes: list[int]) -> pl.DataFrame:
    """One country's answers, one respondent a code."""
    rows = [("USA", question, code, 1, 0.1) for question in codes for code in codes[question]]
    names = ["country", "question", "code", "count", "share"]
    return pl.DataFrame(rows, schema=names, orient="row")


@pytest.mark.parametrize(("options", "codes", "expected"), [
    (3, [1, 2, 3], [1, 2, 3]), (3, [0, 2, 5], [0, 2, 5]), (5, [1, 2, 5], [1, 2, 3, 4, 5]),
    (5, [2, 3, 4], None), (2, [1, 2, 3], None), (4, [1, 2, 5], None),
])  # fmt: skip
def test_codes_of_options(tmp_path, options, codes, expected):
    far = {"id": "Q4", "question": "Far?", "options": [f"label {n}" for n in range(options)]}
    path = written(tmp_path / "q.json", [TEA, far])
    table, refused, _ = from_json(path, human_of(Q10=[1, 2], Q4=codes))
    assert table.filter(question="Q4")["code"].to_list() == (expected or [])
    used = ", ".join(map(str, codes))
    assert list(refused) == ([] if expected else ["Q4"])
    if not expected:
        assert refused["Q4"].startswith(
            f"{options} options, but respondents used the codes {used};"
        )


def test_text_is_trimmed_and_other_questions_are_left(tmp_path):
    other = {"id": "Q234A", "question": "", "options": []}
    table, refused, _ = from_json(written(tmp_path / "q.json", [other, TEA]), human_of(Q10=[1, 2]))
    assert table.select("question", "wording", "code", "option").rows() == [
        ("Q10", "Do you like tea?", 1, "Yes"), ("Q10", "Do you like tea?", 2, "No"),
    ]  # fmt: skip
    assert refused == {}


def test_a_mapping_brings_the_introduction(tmp_path):
    path = tmp_path / "q.json"
    for content, expected in (
        ({"introduction": " Good day.\nI ask. ", "questions": [TEA]}, "Good day.\nI ask."),
        ({"questions": [TEA]}, None), ({"introduction": " ", "questions": [TEA]}, None),
        ([TEA], None),
    ):  # fmt: skip
        table, _, _ = from_json(written(path, content), human_of(Q10=[1, 2]))
        assert table["introduction"].to_list() == [expected] * 2


def encoded(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


@pytest.mark.parametrize(("content", "message"), [
    *((encoded(entries), message) for entries, message in (
        ({"Q10": TEA}, "unknown key 'Q10'; a mapping has introduction and questions"),
        ({"introduction": "Hi."}, "'questions' must be list, is missing"),
        ({"introduction": 1, "questions": [TEA]}, "'introduction' must be str, is int"),
        (5, "must hold a list"),
        ([TEA, {"id": "Q2"}], "entry 2: 'question' must be str, is missing"),
        ([TEA | {"options": "Yes"}], "entry 1: 'options' must be list, is str"),
        ([TEA | {"options": ["Yes", 2]}], "options must be texts"), (["Q10"], "'id' must be str"),
        ([TEA, TEA | {"id": "q2"}], "entry 2: id is 'q2'; it must be the id of a question"),
        ([TEA | {"id": "Q010"}], "entry 1: id is 'Q010'"),
        ([TEA, TEA], "entry 2: Q10 occurs twice"), ([], "words none"),
        ([TEA | {"options": ["Yes", "yes"]}], "Q10: option 'yes' occurs twice"),
        ([TEA | {"question": " "}], "Q10: the wording is empty"),
    )),
    (None, "no such file; correct survey.questionnaires"),
    (b'[\n{"id": "Q1', r"line 2, column 8.*interrupted download"),
    ('["é"]'.encode("latin-1"), "not UTF-8"),
])  # fmt: skip
def test_faults(tmp_path, content, message):
    path = tmp_path / "q.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match=message) as caught:
        from_json(path, human_of(Q10=[1, 2]))
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(("content", "said"), [
    ('[{"id": "Q1", "question": "a", "question": "b", "options": ["x", "y"]}]', "'question' is"),
    ('{"introduction": "a", "introduction": "b", "questions": []}', "'introduction' is there tw"),
    ('[{"id": "Q1", "question": "a", "options": ["x", "y"], "codes": [2, 1]}]', "order of their"),
    ('[{"id": "Q1", "question": "a", "options": ["x", "y"], "n": {"x": 2, "y": 1}}]', "'n' has"),
])  # fmt: skip
def test_what_would_be_passed_over_is_refused(tmp_path, content, said):
    path = tmp_path / "q.json"
    path.write_text(content, encoding="utf-8")
    human = pl.DataFrame({"country": "USA", "question": "Q1", "code": [1, 2], "count": 1})
    with pytest.raises(UserError, match=said):
        from_json(path, human)
