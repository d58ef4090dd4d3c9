import zipfile

import pytest

from culturalign.data.check_files import Finding, check_file, table_text
from culturalign.data.demo.demo_swow import write_swow
from culturalign.files.required import RequiredFile
from tests.unit.data.survey.wave7 import written

TRIAL = {"participant": "1", "country": "United States", "native_language": "United States",
         "cue": "cat", "R1": "dog", "R2": "fur", "R3": "#Missing"}  # fmt: skip
SWOW = RequiredFile("cultures.us.swow", "swow.csv", "swow", ("country",))


def test_a_small_file_is_odd_and_says_how(tmp_path):
    write_swow([TRIAL], "us", tmp_path / "swow.csv")
    found = check_file(SWOW, tmp_path / "swow.csv")
    assert found.state == "odd"
    assert (found.record.release, found.record.detail) == ("SWOW-EN complete", "2018")
    assert found.advice[0] == "1 rows, the official file has 1,387,667: a subset, or cut short"


def test_a_missing_file(tmp_path):
    found = check_file(SWOW, tmp_path / "absent.csv")
    assert (found.state, found.record) == ("missing", None)
    text = table_text([found])
    assert "missing  swow.csv (cultures.us.swow)" in text
    assert "smallworldofwords.org" in text and "resources/swow/" in text


@pytest.mark.parametrize("content", ["", "cue,response\ncat,dog\n", "participantID,cue\n1,2\n"])
def test_a_faulty_file_is_told_with_its_sentence(tmp_path, content):
    (tmp_path / "swow.csv").write_text(content)
    found = check_file(SWOW, tmp_path / "swow.csv")
    assert found.state == "faulty"
    assert str(tmp_path) in found.advice[0]


def test_a_survey_that_lacks_the_columns_is_faulty(tmp_path):
    required = RequiredFile("survey.file", "w.csv", "wvs", ("USA", "CHN"))
    found = check_file(required, written(tmp_path / "w.csv"))
    assert found.state == "faulty" and "lacks the columns Q3" in found.advice[0]


def test_norms_may_be_absent(tmp_path):
    found = check_file(RequiredFile("k", "n.csv", "norms", optional=True), tmp_path / "n.csv")
    assert (found.state, found.record) == ("absent", None)


def look(path, kind, content, **more):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return check_file(RequiredFile("k", path.name, kind, **more), path)


def test_a_questionnaire_is_read_by_its_columns(tmp_path):
    (tmp_path / "q.csv").write_text("id,wording,code,option\nQ1,A?,1,x\nQ1,A?,2,y\n")
    required = RequiredFile("k", "q.csv", "questionnaire", columns={"question": "id"})
    assert check_file(required, tmp_path / "q.csv").state == "found"
    assert (
        check_file(RequiredFile("k", "q.csv", "questionnaire"), tmp_path / "q.csv").state
        == "faulty"
    )


def test_questionnaires_are_read(tmp_path):
    rows = "question,wording,code,option\nQ1,A?,1,x\nQ1,A?,2,y\n"
    listed = '[{"id": "Q1", "question": "A?", "options": ["x", "y"]}]'
    for name, content in (("q.csv", rows), ("q.json", listed)):
        found = look(tmp_path / name, "questionnaire", content)
        assert (found.state, found.record.sizes) == ("found", {"questions": 1})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[1", "line 1, column 3"),
        ("5", "must hold a list of questions, holds int"),
        ('{"a": 1}', "must hold a list of questions, holds dict"),
        ("[]", "words none of the questions"),
        ('[{"id": "x", "question": "A?", "options": []}]', "entry 1: id is 'x'"),
        ('[{"id": "Q1", "question": "A?"}]', "entry 1: 'options' must be list, is missing"),
        ("[" * 100_000, "no questionnaire (maximum recursion depth"),
        ("1" * 5000, "no questionnaire (Exceeds the limit"),
    ],
)
def test_what_is_no_questionnaire_is_faulty(tmp_path, content, said):
    found = look(tmp_path / "q.json", "questionnaire", content)
    assert found.state == "faulty" and said in found.advice[0]
    assert "\n" not in found.advice[0] and len(found.advice[0]) < 300


def entry(column="Conc.M", attribute="concreteness", span=(1, 5)):
    rating = {"column": column, "span": list(span)}
    return {"file": "n", "word": "Word", "attributes": {attribute: rating}}


def test_norms_of_the_official_size_are_found(tmp_path):
    table = "Word\tConc.M\n" + "".join(f"w{n}\t4.9\n" for n in range(39_954))
    found = look(tmp_path / "n.txt", "norms", table, settings=entry())
    assert (found.state, found.record.release) == ("found", "Brysbaert et al. 2014")
    assert (found.record.sizes, found.record.encoding) == ({"rows": 39_954}, "utf-8")


@pytest.mark.parametrize(
    ("settings", "word", "said"),
    [
        (entry(), "cat", "1 rows, the official file has 39,954: a subset, or cut short"),
        (entry("V.Mean.Sum", "valence"), "cat", "has 13,915"),
        (entry("Arousal_Mean", "arousal"), "猫", "has 11,310"),
        (entry("Mean"), "自由", "has 9,877"),
    ],
)
def test_norms_of_another_size_are_odd(tmp_path, settings, word, said):
    (rating,) = settings["attributes"].values()
    text = f"Word,{rating['column']}\n{word},4\n"
    found = look(tmp_path / "n.csv", "norms", text, settings=settings)
    assert found.state == "odd" and said in found.advice[0]


def test_norms_we_do_not_know_have_no_official_size(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("norms.txt", "Word\tMean\ncat\t4.9\n")
    packed = (tmp_path / "x.zip").read_bytes()
    found = look(tmp_path / "n.zip", "norms", packed, settings=entry("Mean"))
    assert (found.state, found.record.release, found.record.sizes) == (
        "found",
        "norms",
        {"rows": 1},
    )


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("n.xlsx", bytes(range(256)) * 4, "cannot be read as xlsx"),
        ("n.csv", "<!DOCTYPE html>\n<html>\n<body>Not found</body>\n", "no column 'Word'"),
        ("n.csv", "Word,Conc.M\ncat,99\n", "no number from 1 to 5"),
        ("n.csv", "Word,Conc.M\ncat,4,5\n", "line 2 has 3 fields, the header 2"),
    ],
)
def test_what_is_no_norm_file_is_faulty(tmp_path, name, content, said):
    found = look(tmp_path / name, "norms", content, settings=entry())
    assert found.state == "faulty" and said in found.advice[0]


def test_a_run_without_licensed_files_is_told_so():
    assert "needs no licensed file" in table_text([])
    assert table_text([Finding(SWOW, "missing")]).count("license:") == 1
