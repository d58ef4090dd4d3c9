import json
import zipfile

import pytest

from culturalign.data.check_files import (
    check_file,
    check_files,
    refuse_faults,
    table_text,
    write_findings,
)
from culturalign.data.demo import demo_respondents, demo_survey
from culturalign.data.demo.demo_swow import write_swow
from culturalign.errors import UserError
from culturalign.files.required import RequiredFile
from tests import tiny

TRIAL = {"participant": "1", "country": "United States", "native_language": "United States",
         "cue": "cat", "R1": "dog", "R2": "fur", "R3": "#Missing"}  # fmt: skip
ENGLISH = {"culture": "us", "kind": "trials", "keep": {"country": []}, "rules": {},
           "reading": {"scripts": ["Latin"], "release": "SWOW-EN"}}  # fmt: skip
SWOW = RequiredFile("cultures.us.swow", "swow.csv", "swow", ("country",), settings=ENGLISH)
NEEDS = {"swow": ("country",), "wvs": ("USA", "CHN")}


def look(path, kind, content, **more):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    more = {"settings": ENGLISH, **more} if kind == "swow" else more
    return check_file(RequiredFile("k", path.name, kind, **more), path)


def norm(column="Conc.M", attribute="concreteness", span=(1, 5)):
    rating = {"column": column, "span": list(span)}
    return {"file": "n", "word": "Word", "attributes": {attribute: rating}}


def test_a_missing_file_is_named_with_its_origin_unless_it_may_be_absent(tmp_path):
    found = check_file(SWOW, tmp_path / "absent.csv")
    assert (found.state, found.record) == ("missing", None)
    text = table_text([found])
    assert "missing  swow.csv (cultures.us.swow)" in text and text.count("license:") == 1
    assert "smallworldofwords.org" in text and "resources/swow/" in text
    norms = RequiredFile("k", "n.csv", "norms", optional=True)
    assert check_file(norms, tmp_path / "n.csv").state == "absent"
    assert "needs no licensed file" in table_text([])


def test_findings_are_written_and_faults_refused(tmp_path):
    write_swow([TRIAL], "en", tmp_path / "swow.csv")
    files = [vars(SWOW), vars(RequiredFile("k", "n.csv", "norms", optional=True))]
    places = {"swow.csv": str(tmp_path / "swow.csv"), "n.csv": str(tmp_path / "n.csv")}
    findings, table = check_files(files, places)
    assert table.startswith("odd      swow.csv (cultures.us.swow)\n         SWOW-EN complete, 2018")
    assert "! 1 rows, the official file has 1,387,667: a subset, or cut short" in table
    write_findings(findings, tmp_path / "files.json")
    written = json.loads((tmp_path / "files.json").read_text())
    assert written["k"] == {"state": "absent"}
    assert written["cultures.us.swow"]["release"] == "SWOW-EN complete"
    with pytest.raises(UserError, match="1 of 2 files are missing, faulty or odd, as said above"):
        refuse_faults(findings)
    refuse_faults(findings[1:])


def test_a_file_of_two_cultures_counts_once(tmp_path):
    keys = {"cultures.us.swow": "a.csv", "cultures.uk.swow": "a.csv", "cultures.cn.swow": "b.csv"}
    files = [RequiredFile(key, name, "swow", settings=ENGLISH) for key, name in keys.items()]
    with pytest.raises(UserError, match=r"^2 of 2 files are missing"):
        refuse_faults([check_file(file, tmp_path / file.path) for file in files])


@pytest.mark.parametrize(("name", "kind", "content", "said"), [
    ("swow.csv", "swow", "", "the file is empty"),
    ("swow.csv", "swow", "participantID,cue\n1,2\n", "no column 'R1'"),
    ("w.csv", "wvs", "B_COUNTRY,W_WEIGHT,Q1,Q2\n1,1,1,1\n", "lacks the columns Q3"),
    ("q.csv", "questionnaire", "id,wording,code,option\n", "lacks the columns question"),
    ("q.json", "questionnaire", "[1", "line 1, column 3"),
    ("q.json", "questionnaire", "5", "must hold a list of questions, holds int"),
    ("q.json", "questionnaire", "[]", "words none of the questions"),
    ("q.json", "questionnaire", "[" * 100_000, "not a questionnaire (maximum recursion depth"),
    ("q.json", "questionnaire", "1" * 5000, "not a questionnaire (Exceeds the limit"),
    ("n.xlsx", "norms", bytes(range(256)) * 4, "cannot be read as xlsx"),
    ("n.csv", "norms", "<html>\n<body>Not found</body>\n", "no column 'Word'"),
    ("n.csv", "norms", "Word,Conc.M\ncat,99\n", "no number from 1 to 5"),
    ("n.csv", "norms", "Word,Conc.M\ncat,4,5\n", "line 2 has 3 fields, the header 2"),
])  # fmt: skip
def test_a_faulty_file_is_reported_in_one_sentence(tmp_path, name, kind, content, said):
    settings = {"settings": norm()} if kind == "norms" else {}
    found = look(tmp_path / name, kind, content, needs=NEEDS.get(kind, ()), **settings)
    assert found.state == "faulty"
    assert said in found.advice[0] and str(tmp_path) in found.advice[0]
    assert "\n" not in found.advice[0] and len(found.advice[0]) < 600
    assert "put it into" not in table_text([found])  # it is there


def test_questionnaires_are_read(tmp_path):
    rows = "id,wording,code,option\nQ1,A?,1,x\nQ1,A?,2,y\n"
    listed = '[{"id": "Q1", "question": "A?", "options": ["x", "y"]}]'
    for name, content in (("q.csv", rows), ("q.json", listed)):
        found = look(tmp_path / name, "questionnaire", content, columns={"question": "id"})
        assert (found.state, found.record.sizes) == ("found", {"questions": 1})


def test_norms_of_the_official_size_are_found(tmp_path):
    table = "Word\tConc.M\n" + "".join(f"w{n}\t{1 + n / 9989}\n" for n in range(39_954))
    found = look(tmp_path / "n.txt", "norms", table, settings=norm())
    assert (found.state, found.record.release) == ("found", "Brysbaert et al. 2014")
    assert (found.record.sizes, found.record.encoding) == ({"rows": 39_954}, "utf-8")


@pytest.mark.parametrize(("settings", "word", "said"), [
    (norm(), "cat", "1 rows, the official file has 39,954: a subset, or cut short"),
    (norm("V.Mean.Sum", "valence"), "cat", "has 13,915"),
    (norm("Arousal_Mean", "arousal"), "猫", "has 11,310"), (norm("Mean"), "自由", "has 9,877"),
])  # fmt: skip
def test_norms_of_another_size_are_odd(tmp_path, settings, word, said):
    (rating,) = settings["attributes"].values()
    text = f"Word,{rating['column']}\n{word},4\n"
    found = look(tmp_path / "n.csv", "norms", text, settings=settings)
    assert found.state == "odd" and said in found.advice[0]


def test_norms_we_do_not_know_have_no_official_size(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("norms.txt", "Word\tMean\ncat\t4.9\n")
    packed = (tmp_path / "x.zip").read_bytes()
    found = look(tmp_path / "n.zip", "norms", packed, settings=norm("Mean"))
    record = found.record
    assert (found.state, record.release, record.sizes) == ("found", "norms", {"rows": 1})


def test_a_json_list_is_checked_against_the_surveys_answers(tmp_path):
    questions = demo_survey.read_survey(tiny.ROOT / "resources/demo/survey")
    demo_respondents.write_wvs(tmp_path / "w.csv", questions, seed=0)
    settings = {"words": {"no_answer": ["Don't know"]}, "survey": "w.csv"}
    poles = ("USA", "CHN")
    file = RequiredFile("k", "q.json", "questionnaire", poles, settings=settings)
    places = {"q.json": str(tmp_path / "q.json"), "w.csv": str(tmp_path / "w.csv")}
    shades = ["Red", "Pink", "Pale", "White"]  # Q46 has four codes in the demo's file
    for options, state, said in (
        ([*shades, "Don't know"], "found", []),
        ([*shades, "Gray"], "faulty", ["none of its 1 questions can be taken, the first Q46: 5 o"]),
    ):
        entry = {"id": "Q46", "question": "Which?", "options": options}
        (tmp_path / "q.json").write_text(json.dumps([entry]))
        ((finding,), _) = check_files([vars(file)], places)
        assert finding.state == state
        assert [text in found for text, found in zip(said, finding.advice, strict=True)] == [
            True for _ in said
        ]


def test_what_is_left_of_an_official_release_stands_beside_the_authors_counts(tmp_path):
    rows = "".join(f"{n},猫,狗,{'鱼' if n % 2 else '毛'},\n" for n in range(55))
    reading = {"scripts": ["Han"], "release": "SWOW-ZH"}
    settings = ENGLISH | {"reading": reading, "keep": {}}
    text = "participantID,cue,R1,R2,R3\n" + rows
    found = look(tmp_path / "z.csv", "swow", text, settings=settings).record
    assert found.release == "SWOW-ZH R55"
    assert "1 cues (the paper's authors: 10,024), 3 pairs (the paper's authors: 8" in found.detail


def test_a_strength_table_stands_beside_the_authors_counts(tmp_path):
    settings = ENGLISH | {"kind": "strengths", "keep": {}}
    text = "cue\tresponse\tR123\tN\tR123.Strength\ncat\tdog\t2\t3\t0.667\ncat\tfur\t1\t3\t0.333\n"
    found = look(tmp_path / "s.csv", "swow", text, settings=settings)
    assert found.record.release == "SWOW-EN R123 strengths"
    assert found.record.detail.startswith(
        "no participants; 1 cues (the paper's authors: 12,272), 2 pairs (the paper's authors: 1,384"
    )
    assert found.state == "odd"
    wrong = look(tmp_path / "s.csv", "swow", text.replace("0.333", "0.4"), settings=settings)
    assert wrong.state == "faulty" and "strength is '0.4'" in wrong.advice[0]
