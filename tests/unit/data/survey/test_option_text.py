"""Options that bring labels, missing answers, or a list in the wording."""

import re

import pytest

from culturalign.config.language_facts import FACTS
from culturalign.data.survey.option_numbering import Unclear, plain_options
from culturalign.data.survey.option_text import is_no_answer
from culturalign.data.survey.option_text import plain_wording as wording_of
from culturalign.data.survey.questionnaire import read_questionnaire
from culturalign.data.survey.questionnaire_json import from_json
from culturalign.errors import UserError
from tests.unit.data.survey.test_questionnaire_json import human_of, written
from tests.unit.data.survey.worded import HEADER
from tests.unit.data.survey.worded import written as written_csv

WORDS = {name: FACTS["en"][name] for name in ("no_answer", "option_headings")}
SHADES = ["Dark red", "Red", "Pale", "White"]


def plain(*options: str, codes: list[int] | None = None) -> list[str]:
    places = list(range(1, len(options) + 1))
    return plain_options(options, codes or places, places)


@pytest.mark.parametrize("label", [
    "{n}. ", "{n}.", "{n}) ", "({n}) ", "[{n}] ", "{n}.) ", "{n}: ", "{n} - ", "{n} = ", "{n}、",
    "（{n}）", "{n}．", "{a}. ", "{a}) ", "({a}) ", "{A}. ", "{A}: ", "({r}) ", "{r}. ", "{h}、",
    "（{h}）", "{c} ", "{c}", "- ", "• ", "0{n}. ", "- {n}. ", "{n}. ({a}) ", "{k}) ", "{s}、",
    "{n}\ufe0f\u20e3 ", "{d} ",
])  # fmt: skip
def test_labels_in_order_are_removed(label):
    given = [
        label.format(n=n, a="abcd"[n - 1], A="ABCD"[n - 1], h="一二三四"[n - 1],
                     c="①②③④"[n - 1], r=("i", "ii", "iii", "iv")[n - 1], k="абвг"[n - 1],
                     s="甲乙丙丁"[n - 1], d="❶❷❸❹"[n - 1]) + shade
        for n, shade in enumerate(SHADES, 1)
    ]  # fmt: skip
    assert plain(*given) == SHADES


@pytest.mark.parametrize("options", [
    SHADES, ["1", "2", "3"], ["1.5 hours", "2.5 hours"], ["1-5", "6-10"], ["1 - 5", "6 - 10"],
    ["A great deal", "I do not mind"], ["U.S.", "U.K."], ["e.g. tea", "coffee"], ["No", "一般"],
    ["18:30", "19:30"], ["2 cups", "3 cups"], ["-", "+"], ["C", "D"], ["1/2", "1/3"],
    ["A", "B"], ["Type 1", "Type 2"], ["Day 1 of 7", "Day 2 of 7"], ["1–2", "2–3"], ["A lot", "No"],
    ["No child", "1 child", "2 children", "More"], ["up to 1", "1 to 2", "2 to 3", "3 to 4"],
    ["A bit", "Bad"], ["一般", "二手"],
])  # fmt: skip
def test_options_without_labels_are_left(options):
    assert plain(*options) == options


def test_labels_may_be_codes_or_places_in_the_whole_list():
    assert plain("0. Red", "5. Pale", codes=[0, 5]) == ["Red", "Pale"]
    assert plain("1. Red", "2. Pale", codes=[0, 5]) == ["Red", "Pale"]
    assert plain_options(["a) Red", "c) Pale"], [1, 2], [1, 3]) == ["Red", "Pale"]


@pytest.mark.parametrize(("options", "said"), [
    (["1. Red", "Pale"], "labels 1, none, which"),
    (["2. Red", "1. Pale"], "labels 2, 1, which are not in the order of the codes 1, 2"),
    (["0. Red", "1. Pale"], "labels 0, 1"), (["a) Red", "c) Pale"], "labels a, c"),
    (["1. Worst", "2. 5", "Best"], "labels 1, 2, none"),
    *((options, "options are numbered (1, 2|2, 1|a, b|i, ii|一, 二)") for options in (
        ["1 Red", "2 Pale"], ["1Red", "2Pale"], ["１红", "２白"], ["1 (dark)", "2 (pale)"],
        ["2 Red", "1 Pale"], ["1 Red", "2 Pale", "White"], ["1/ Red", "2/ Pale"],
        ["Red 1", "Pale 2"], ["Red (1)", "Pale (2)"], ["Red - code 1", "Pale - code 2"],
        ["Option 1: Red", "Option 2: Pale"], ["No. 1 Red", "No. 2 Pale"], ["选1：红", "选2：白"],
        ["A Red", "B Pale"], ["A红", "B白"], ["Red (A)", "Pale (B)"], ["I Red", "II Pale"],
        ["一 红", "二 白"], ["**1** Red", "**2** Pale"], ["1. 1 Red", "2. 2 Pale"],
        ["1 child", "2 children"], ["1: 1 child", "2: 2 children"], ["1st", "2nd"],
    )),
])  # fmt: skip
def test_labels_that_leave_doubt_are_refused(options, said):
    with pytest.raises(Unclear, match=said):
        plain(*options)


@pytest.mark.parametrize(("language", "option"), [
    ("en", "Don't know"), ("en", "5. Don’t know"), ("en", "DON´T KNOW"), ("en", "(e) No answer"),
    ("en", "Don't know / No answer"), ("en", "Refused or don't know"), ("en", "N/A"),
    ("en", "9 Don't know"), ("en", "No answer -2"),
    ("en", "Don't know (do not read out)"), ("en", "[No answer]"), ("zh", "不知道"),
    ("zh", "9. 拒绝回答"), ("zh", "不知道／无回答"), ("nl", "Weet niet"), ("de", "Weiß nicht"),
    ("es", "NS/NC"), ("es", "No sabe / No contesta"), ("sl", "Ne vem"),
])  # fmt: skip
def test_missing_answers(language, option):
    assert is_no_answer(option, FACTS[language]["no_answer"])


@pytest.mark.parametrize("option", ["No", "Neither", "I know", "None", "Do not trust", "", "/"])
def test_answers(option):
    assert not is_no_answer(option, WORDS["no_answer"])


LIST = "1. Dark red 2. Red 3. Pale 4. White"


@pytest.mark.parametrize("tail", [
    f" Options: {LIST}", f"\nOPTIONS: {LIST}.", f" (Options: {LIST})", f" Answer options：{LIST}",
    "\nOptions:\n- Dark red\n- Red\n- Pale\n- White", " Dark red, red, pale, white?", f"\n{LIST}",
    " Choices: (a) Dark red; (b) Red; (c) Pale; (d) White", " 1 Dark red 2 Red 3 Pale 4 White",
    " Say it. Dark red / Red / Pale / White", " (dark red, red, pale, white)",
])  # fmt: skip
def test_a_list_of_the_options_is_removed_from_the_wording(tail):
    wording = "Which shade do you like?"
    kept = wording + " Say it." if "Say it" in tail else wording
    assert wording_of(wording + tail, SHADES, WORDS["option_headings"]) == kept


@pytest.mark.parametrize("wording", [
    "Dark red, red, pale, white: which?", "Which of 1. dark red 2. red 3. pale 4. white is it?",
    "Is it dark red/red/pale/white in your eyes?",
])  # fmt: skip
def test_a_list_of_the_options_amid_the_wording_is_refused(wording):
    with pytest.raises(Unclear, match="its wording lists the options, as the prompt does"):
        wording_of(wording, SHADES, WORDS["option_headings"])


@pytest.mark.parametrize("start", ["Q7. ", "Q7: ", "Q7 ", "(Q7) ", "7. ", "7) "])
def test_the_id_of_the_question_is_removed_from_the_wording(tmp_path, start):
    entry = {"id": "Q7", "question": f"{start}Which?", "options": SHADES}
    table, _, removed = from_json(written(tmp_path / "q.json", [entry]), human_of(Q7=[1, 4]), WORDS)
    assert table["wording"].unique().to_list() == ["Which?"]
    assert [*removed.notes()] == [
        "the id of the question in the wording: removed from 1 questions, first Q7"
    ]


def test_marks_that_open_a_wording_stay_behind_its_id(tmp_path):
    entry = {"id": "Q7", "question": "Q7. ¿Cuál?", "options": SHADES}
    table, _, _ = from_json(written(tmp_path / "q.json", [entry]), human_of(Q7=[1, 4]), WORDS)
    assert table["wording"].unique().to_list() == ["¿Cuál?"]


@pytest.mark.parametrize("start", ["Q8. ", "70 years? ", "7 days? ", "Q77: "])
def test_another_number_stays(tmp_path, start):
    entry = {"id": "Q7", "question": f"{start}Which?", "options": SHADES}
    table, _, _ = from_json(written(tmp_path / "q.json", [entry]), human_of(Q7=[1, 4]), WORDS)
    assert table["wording"].unique().to_list() == [f"{start}Which?"]


@pytest.mark.parametrize(("text", "shown"), [
    ("Is <b>it</b>?", "<b>"), ("Is &it;?", "&it;"), ("Is &lt;b&gt;it?", "<b>"),
    ("Is {shade} it?", "{shade}"),
    ("Is it, in [COUNTRY]?", "[COUNTRY]"), ("Is it? (READ OUT; ONE ANSWER)", "(READ OUT; ONE AN"),
    ("Is it (go on)? [MENTION Q5, THEN Q6]", "[MENTION Q5, T"),
])  # fmt: skip
def test_what_respondents_do_not_read_is_refused(tmp_path, text, shown):
    for entry in (
        {"id": "Q7", "question": text, "options": SHADES},
        {"id": "Q7", "question": "Which?", "options": [text, *SHADES[1:]]},
    ):
        path = written(tmp_path / "q.json", [entry])
        with pytest.raises(UserError, match=rf"it holds '{re.escape(shown)}") as caught:
            from_json(path, human_of(Q7=[1, 2, 3, 4]), WORDS)
        assert "Write what respondents read" in str(caught.value)


@pytest.mark.parametrize("text", [
    "NATO (the alliance)?", "Level (ISCED 8)?", "a < b > c?", "R&D; or not?", "Is [it] (OK)?",
])  # fmt: skip
def test_signs_and_capitals_that_respondents_read_stay(tmp_path, text):
    entry = {"id": "Q7", "question": text, "options": SHADES}
    table, refused, _ = from_json(written(tmp_path / "q.json", [entry]), human_of(Q7=[1, 4]), WORDS)
    assert (table["wording"].unique().to_list(), refused) == ([text], {})


SCALE = ["Not at all", "2", "3", "4", "Very"]


@pytest.mark.parametrize("listed", [
    "1. Not at all\n2. 2\n3. 3\n4. 4\n5. Very", "1. Not at all\n2.\n3.\n4.\n5. Very",
    "1. Not at all\n2\n3\n4\n5. Very", "Not at all, 2, 3, 4, Very",
    "(1) Not at all (2) 2 (3) 3 (4) 4 (5) Very",
])  # fmt: skip
def test_a_list_of_a_scale_with_words_only_at_its_ends_is_removed(listed):
    wording = "How important is it?"
    found = wording_of(f"{wording}\nOptions:\n{listed}", SCALE, WORDS["option_headings"])
    assert found == wording


def test_a_scale_with_words_only_at_its_ends():
    assert plain("1. Not at all", "2. 2", "3. 3", "4. 4", "5. Very") == SCALE
    assert plain("1 Not at all", "2", "3", "4", "5 Very") == SCALE
    assert plain("1. Not at all", "2", "3.", "4", "5 - Very") == SCALE
    assert plain("1. 1 - Not at all", "2. 2", "3. 3", "4. 4", "5. 5 - Very") == SCALE
    assert plain("7 Low", "8", "9 High", codes=[7, 8, 9]) == ["Low", "8", "High"]
    assert plain("1", "2", "3") == ["1", "2", "3"]


@pytest.mark.parametrize("options", [
    ["1", "2", "3", "4 or more"], ["1", "2", "3+"], ["1", "2", "10 Best"],
])  # fmt: skip
def test_words_of_the_last_number_alone_are_a_part_of_it(options):
    assert plain(*options) == options


@pytest.mark.parametrize("options", [
    ["1 or fewer", "2", "3 or more"], ["1人以下", "2", "3人以上"],
    ["1 Or less", "2", "3 (or more)"],
    ["1 oder weniger", "2", "3 oder mehr"], ["1 o menos", "2", "3 o más"],
    ["1及以下", "2", "3 及以上"],
    ["1", "2 or 3", "3 or more"],
])  # fmt: skip
def test_the_numbers_of_amounts_are_no_labels(options):
    assert plain(*options) == options
    assert plain(*(f"{n}. {option}" for n, option in enumerate(options, 1))) == options


@pytest.mark.parametrize("options", [
    ["1 not at all", "2", "3 very much"], ["1 child", "2 children", "3 or more"],
    ["1 or fewer", "2 people", "3 or more"], ["1人", "2", "3人以上"],
])  # fmt: skip
def test_numbers_that_may_belong_to_their_words_are_refused(options):
    with pytest.raises(Unclear, match="numbered 1, 2, 3 without a mark"):
        plain(*options)


def test_a_wording_that_speaks_of_its_options_is_left():
    for wording in (
        "Would you say that it is dark red, red, pale, or white?", "Is it pale? Think well.",
        "What are your options in life?", "Red?\nRed is dark.",
    ):  # fmt: skip
        assert wording_of(wording, SHADES, WORDS["option_headings"]) == wording


def test_another_list_under_a_heading_is_refused():
    with pytest.raises(Unclear, match="the heading 'Options:' but not the options after it"):
        wording_of("Which? Options: blue, green", SHADES, WORDS["option_headings"])


def test_a_json_list_loses_labels_missing_answers_and_a_list(tmp_path):
    options = [f"{n}. {shade}" for n, shade in enumerate([*SHADES, "Don't know"], 1)]
    entry = {"id": "Q7", "question": f"Which? Options: {' '.join(options)}", "options": options}
    path = written(tmp_path / "q.json", [entry])
    table, refused, removed = from_json(path, human_of(Q7=[1, 2, 4]), WORDS)
    assert table.select("wording", "code", "option").rows() == [
        ("Which?", code, shade) for code, shade in enumerate(SHADES, 1)
    ]
    assert refused == {}
    assert [*removed.notes()] == [
        "labels of the options: removed from 1 questions, first Q7",
        "the list of options in the wording: removed from 1 questions, first Q7",
        '1 options stand for a missing answer, left out: "Don\'t know" 1',
    ]


@pytest.mark.parametrize(("options", "codes", "said"), [
    ([*SHADES, "Cannot choose"], [1, 2, 3, 4], "5 options, but .* codes 1, 2, 3, 4"),
    (["Red", "Pale", "No answer"], [1, 2, 3], "2 options without 'No answer', but .* 1, 2, 3"),
    (["2. Red", "1. Pale"], [1, 2], "its options begin with the labels 2, 1"),
])  # fmt: skip
def test_a_json_list_of_which_nothing_can_be_taken_says_why(tmp_path, options, codes, said):
    entries = [{"id": name, "question": "Which?", "options": options} for name in ("Q8", "Q7")]
    path = written(tmp_path / "q.json", entries)
    with pytest.raises(
        UserError, match=rf"none of its 2 questions can be taken, the first Q7: {said}"
    ):
        from_json(path, human_of(Q7=codes, Q8=codes), WORDS)


def test_html_entities_are_what_respondents_read(tmp_path):
    shades = ["R&amp;B", "Pale&nbsp;&eacute;", "Don&#39;t know"]
    entry = {"id": "Q7", "question": "Don&rsquo;t you&nbsp; like&nbsp;it?", "options": shades}
    content = {"introduction": "Q&amp;A", "questions": [entry]}
    found = from_json(written(tmp_path / "q.json", content), human_of(Q7=[1, 2]), WORDS)
    rows = [
        f"Q7,{entry['question']},{code},{shade},Q&amp;A" for code, shade in enumerate(shades, 1)
    ]
    file = written_csv(tmp_path, rows, f"{HEADER},introduction")
    for table, refused, removed in (found, read_questionnaire(file, None, WORDS)):
        assert table.select("wording", "option", "introduction").rows() == [
            ("Don’t you like it?", "R&B", "Q&A"), ("Don’t you like it?", "Pale é", "Q&A"),
        ]  # fmt: skip
        said, missing = removed.notes()
        assert said.startswith("HTML entities (&amp;): written as characters in 2 places, first ")
        assert refused == {} and missing.endswith('left out: "Don\'t know" 1')


def test_a_csv_loses_labels_and_missing_answers(tmp_path):
    rows = [
        "Q7,Which?,-1,-1. Don't know",
        "Q7,Which?,1,1. Red",
        "Q7,Which?,2,2. Pale",
        "Q7,Which?,9,9. No answer",
        "Q7,Which?,99,99. Refused",
        "Q7,Which?,-5,Anything",
    ]
    table, refused, removed = read_questionnaire(written_csv(tmp_path, rows), None, WORDS)
    assert table.select("code", "option", "line").rows() == [(1, "Red", 3), (2, "Pale", 4)]
    assert (removed.options.total(), removed.labels, refused) == (4, ["Q7"], {})


@pytest.mark.parametrize(("rows", "said"), [
    (["Q7,Which?,1,1. Red", "Q7,Which?,2,Pale"], "line 2: Q7: its options begin with the labels"),
    (["Q7,Which?,1,2. Red", "Q7,Which?,2,1. Pale"], "labels 2, 1, which are not in the order"),
    (["Q7,Which? Options: blue,1,Red", "Q7,Which? Options: blue,2,Pale"], "heading 'Options:'"),
])  # fmt: skip
def test_a_csv_that_leaves_doubt_is_refused_with_its_line(tmp_path, rows, said):
    with pytest.raises(UserError, match=said):
        read_questionnaire(written_csv(tmp_path, rows, HEADER), None, WORDS)
