import zipfile

import pytest

from culturalign.demo import write_swow
from culturalign.doctor import Finding, examine, report_text
from culturalign.expected import Expected
from tests.unit.survey.wave7 import written

TRIAL = {"participant": "1", "country": "United States", "native_language": "United States",
         "cue": "cat", "R1": "dog", "R2": "fur", "R3": "#Missing"}  # fmt: skip
SWOW = Expected("cultures.us.swow", "swow.csv", "swow", ("country",))


def test_a_small_file_is_odd_and_says_how(tmp_path):
    write_swow([TRIAL], "us", tmp_path / "swow.csv")
    found = examine(SWOW, tmp_path / "swow.csv")
    assert found.state == "odd"
    assert (found.facts["release"], found.facts["detail"]) == ("SWOW-EN complete", "2018")
    assert found.advice[0] == "1 rows, the official file has 1,387,667: a subset, or cut short"


def test_a_missing_file(tmp_path):
    found = examine(SWOW, tmp_path / "absent.csv")
    assert (found.state, found.facts) == ("missing", {})
    text = report_text([found])
    assert "missing  swow.csv (cultures.us.swow)" in text
    assert "smallworldofwords.org" in text and "resources/swow/" in text


@pytest.mark.parametrize("content", ["", "cue,response\ncat,dog\n", "participantID,cue\n1,2\n"])
def test_a_faulty_file_is_told_with_its_sentence(tmp_path, content):
    (tmp_path / "swow.csv").write_text(content)
    found = examine(SWOW, tmp_path / "swow.csv")
    assert found.state == "faulty"
    assert str(tmp_path) in found.advice[0]


def test_a_survey_that_lacks_the_columns_is_faulty(tmp_path):
    expected = Expected("survey.file", "w.csv", "wvs", ("USA", "CHN"))
    found = examine(expected, written(tmp_path / "w.csv"))
    assert found.state == "faulty" and "lacks the columns Q3" in found.advice[0]


def test_questionnaires_and_norms_are_looked_into(tmp_path):
    (tmp_path / "q.csv").write_text("question,wording,code,option\nQ1,A?,1,x\nQ1,A?,2,y\n")
    (tmp_path / "q.json").write_text("[1")
    (tmp_path / "n.txt").write_text("Word\tConc.M\ncat\t4.9\n")
    kinds = [("q.csv", "questionnaire"), ("q.json", "questionnaire"), ("n.txt", "norms")]
    found = [examine(Expected("k", name, kind), tmp_path / name) for name, kind in kinds]
    assert [one.state for one in found] == ["found", "faulty", "found"]
    assert found[0].facts["sizes"] == {"questions": 1}
    assert found[2].facts["sizes"] == {"lines": 2}


def test_a_questionnaire_is_read_by_its_columns(tmp_path):
    (tmp_path / "q.csv").write_text("id,wording,code,option\nQ1,A?,1,x\nQ1,A?,2,y\n")
    expected = Expected("k", "q.csv", "questionnaire", columns={"question": "id"})
    assert examine(expected, tmp_path / "q.csv").state == "found"
    assert examine(Expected("k", "q.csv", "questionnaire"), tmp_path / "q.csv").state == "faulty"


def test_norms_in_a_zip_are_looked_into(tmp_path):
    with zipfile.ZipFile(tmp_path / "n.zip", "w") as archive:
        archive.writestr("norms.txt", "Word\tConc.M\ncat\t4.9\n")
    found = examine(Expected("k", "n.zip", "norms"), tmp_path / "n.zip")
    assert (found.state, found.facts["sizes"]) == ("found", {"lines": 2})


def test_a_run_without_licensed_files_is_told_so():
    assert "needs no licensed file" in report_text([])
    assert report_text([Finding(SWOW, "missing", {}, [])]).count("license:") == 1
