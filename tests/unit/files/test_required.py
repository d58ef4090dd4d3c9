from culturalign.files.required import KINDS, RequiredFile, missing_text, required_files

KEEP = {"country": ["United States"], "native_language": []}
CULTURES = {
    "us": {"swow": "a/en.csv", "keep": KEEP, "country": "USA", "language": "en"},
    "cn": {"swow": "a/zh.csv", "keep": {"country": []}, "country": "CHN", "language": "zh"},
    "demo": {"swow": "results/demo/x.csv", "keep": KEEP, "country": None, "language": "en"},
}
SURVEY = {
    "file": "a/w.zip",
    "poles": ["us", "cn"],
    "questionnaires": {
        "en": {"file": "a/q.csv", "columns": {"wording": "text"}},
        "zh": {"file": "a/z.csv", "columns": {}},
    },
}


def config(*built, survey=SURVEY, **more):
    return {"run": {"cultures": list(built)}, "cultures": CULTURES, "survey": survey, **more}


def test_files_of_the_run_are_required_with_what_is_needed_of_them():
    assert required_files(config("us")) == [
        RequiredFile("cultures.us.swow", "a/en.csv", "swow", ("country",)),
        RequiredFile("survey.file", "a/w.zip", "wvs", ("USA", "CHN")),
        RequiredFile(
            "survey.questionnaires.en", "a/q.csv", "questionnaire", columns={"wording": "text"}
        ),
    ]


def test_the_demo_requires_no_file_and_a_run_without_a_survey_none_of_it():
    assert required_files(config("demo")) == []
    assert [file.key for file in required_files(config("cn", survey=None))] == ["cultures.cn.swow"]


def test_norm_files_are_optional():
    entry = {"file": "n/w.csv", "word": "Word"}
    norms = {"files": {"en": [entry]}, "cues": 10}
    found = required_files(config("us", survey=None, norms=norms))[1:]
    assert found == [
        RequiredFile("norms.files.en.0.file", "n/w.csv", "norms", optional=True, settings=entry)
    ]


def test_all_missing_files_are_named_at_once_with_origin_and_license():
    files = required_files(config("us", "cn"))
    text = missing_text(files, lambda path: path == "a/en.csv")
    assert "  found    a/en.csv (cultures.us.swow)" in text
    for path in ("a/zh.csv", "a/w.zip", "a/q.csv", "a/z.csv"):
        assert f"  missing  {path} (" in text
    assert KINDS["swow"].license in text and "docs/data.md" in text
    assert len(text.splitlines()) < 24  # a screen
