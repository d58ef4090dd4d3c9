from culturalign.files.required import KINDS, Expected, expected_files, missing_text

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


def test_files_of_the_run_are_expected_with_what_is_needed_of_them():
    assert expected_files(config("us")) == [
        Expected("cultures.us.swow", "a/en.csv", "swow", ("country",)),
        Expected("survey.file", "a/w.zip", "wvs", ("USA", "CHN")),
        Expected(
            "survey.questionnaires.en", "a/q.csv", "questionnaire", columns={"wording": "text"}
        ),
    ]


def test_the_demo_needs_no_file_and_a_run_without_survey_none_of_it():
    assert expected_files(config("demo")) == []
    assert [file.key for file in expected_files(config("cn", survey=None))] == ["cultures.cn.swow"]


def test_norm_files_are_found_at_any_depth_and_are_optional():
    entry = {"file": "n/w.csv", "word": "Word"}
    norms = {"files": {"en": [entry]}, "first": 10}
    found = expected_files(config("us", survey=None, norms=norms))[1:]
    assert found == [
        Expected("norms.files.en.0.file", "n/w.csv", "norms", optional=True, settings=entry)
    ]


def test_what_is_missing_is_told_at_once_with_origin_and_license():
    files = expected_files(config("us", "cn"))
    text = missing_text(files, lambda path: path == "a/en.csv")
    assert "  found    a/en.csv (cultures.us.swow)" in text
    for path in ("a/zh.csv", "a/w.zip", "a/q.csv", "a/z.csv"):
        assert f"  missing  {path} (" in text
    assert KINDS["swow"].license in text and "docs/data.md" in text
    assert len(text.splitlines()) < 24  # a screen
