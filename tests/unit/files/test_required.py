from dataclasses import replace

import pytest

from culturalign.files.required import KINDS, RequiredFile, missing_text, required_files

KEEP = {"country": ["United States"], "native_language": []}
RULES = {"simplify_chinese": False, "merge_erhua": False}
WORDS = {"no_answer": ["Don't know"], "option_headings": ["Options"]}
FACTS = {"missing": ["none"], "scripts": ["Latin"], "release": "SWOW-EN"}
LANGUAGES = dict.fromkeys(("en", "zh"), FACTS | WORDS | RULES | {"system": "s"})
CULTURES = {
    "us": {
        "swow": "a/en.csv",
        "kind": "trials",
        "keep": KEEP,
        "country": "USA",
        "language": "en",
        "columns": {"cue": "Stimulus"},
    },
    "cn": {
        "swow": "a/zh.csv",
        "kind": "trials",
        "keep": {"country": []},
        "country": "CHN",
        "language": "zh",
        "columns": {},
    },
    "demo": {
        "swow": "results/demo/x.csv",
        "kind": "trials",
        "keep": KEEP,
        "country": None,
        "language": "en",
        "columns": {},
    },
}
SURVEY = {
    "file": "a/w.zip",
    "weighted": True,
    "poles": ["us", "cn"],
    "questionnaires": {
        "en": {"file": "a/q.csv", "columns": {"wording": "text"}},
        "zh": {"file": "a/z.csv", "columns": {}},
    },
}


def config(*built, survey=SURVEY, **more):
    return {
        "run": {"cultures": list(built)},
        "cultures": CULTURES,
        "survey": survey,
        "languages": LANGUAGES,
        "data": {"most_dropped": 0.3},
        **more,
    }


ENTRY = {"file": "n/w.csv", "word": "Word"}
NORMS = {"files": {"en": [ENTRY]}, "cues": 10}
READING = FACTS | {"columns": {"cue": "Stimulus"}}
SWOW = RequiredFile(
    "cultures.us.swow", "a/en.csv", "swow", ("country",),
    settings={"culture": "us", "kind": "trials", "keep": KEEP, "rules": RULES, "reading": READING},
)  # fmt: skip


@pytest.mark.parametrize(("settings", "expected"), [
    (config("us"), [
        SWOW,
        RequiredFile("survey.file", "a/w.zip", "wvs", ("USA", "CHN"), settings={"weighted": True}),
        RequiredFile("survey.questionnaires.en", "a/q.csv", "questionnaire", ("USA", "CHN"),
                     columns={"wording": "text"}, settings={"words": WORDS, "survey": "a/w.zip"}),
    ]),
    (config("demo"), []), (config("us", survey=None), [SWOW]),
    (config("us", survey=None, norms=NORMS), [
        SWOW,
        RequiredFile("norms.files.en.0.file", "n/w.csv", "norms", optional=True, settings=ENTRY),
    ]),
])  # fmt: skip
def test_files_of_the_run_are_required_with_what_is_needed_of_them(settings, expected):
    assert required_files(settings) == [replace(file, most_dropped=0.3) for file in expected]


def test_all_missing_files_are_named_at_once_with_origin_and_license():
    files = required_files(config("us", "cn"))
    text = missing_text(files, lambda path: path == "a/en.csv")
    assert "  found    a/en.csv (cultures.us.swow)" in text
    for path in ("a/zh.csv", "a/w.zip", "a/q.csv", "a/z.csv"):
        assert f"  missing  {path} (" in text
    assert f"license: {KINDS['swow'].license}" in text and "docs/data.md" in text
    assert len(text.splitlines()) < 24  # a screen
