import csv
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.data.demo.demo_swow import HEADERS
from culturalign.data.responses import MISSING, clean_responses
from culturalign.data.swow import keep_respondents, prepare_culture, read_swow, read_trials
from culturalign.errors import UserError
from culturalign.files.ledger import Account

US = ("United States", "United States")
EVERYONE = {"country": [], "native_language": []}
AMERICANS = {"country": ["United States"], "native_language": ["United States"]}


def official(
    path: Path, rows: Sequence[tuple[str, tuple[str, str], str, str, str, str]], culture: str = "us"
) -> Path:
    """Write trials in an official format: participant, (country, language), cue, R1, R2, R3."""
    header = HEADERS[culture]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for participant, (country, language), cue, *words in rows:
            values = {
                "participantid": participant,
                "country": country,
                "nativelanguage": language,
                "cue": cue,
                **dict(zip(("r1", "r2", "r3"), words, strict=True)),
            }
            writer.writerow([values.get(name.lower(), f"other {name}") for name in header])
    return path


def trials_of(*rows: tuple[str, str, str, str, str]) -> pl.DataFrame:
    names = ["participant", "cue", "R1", "R2", "R3"]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def words_of(trials: pl.DataFrame, *, simplify_chinese: bool = False) -> list[str]:
    return clean_responses(trials, simplify_chinese=simplify_chinese)[0]["response"].to_list()


def fault(path: Path, needed: Sequence[str] = ()) -> str:
    with pytest.raises(UserError) as caught:
        read_trials(path, needed)
    return str(caught.value)


# Reading


@pytest.mark.parametrize("culture", ["us", "cn"])
def test_both_official_formats_are_read_alike(tmp_path, culture):
    row = ("7", ("China", "PUTON"), "爱", "家", "妈妈", "NA")
    table = read_trials(official(tmp_path / "swow.csv", [row], culture), ["country"])
    (trial,) = table.to_dicts()
    assert trial == {
        "participant": "7",
        "country": "China",
        "native_language": "PUTON",
        "cue": "爱",
        "R1": "家",
        "R2": "妈妈",
        "R3": "NA",
    }


def test_the_spell_checked_response_is_read_not_the_raw_one(tmp_path):
    path = tmp_path / "swow.csv"
    path.write_text("participantID,cue,R1Raw,R1,R2,R3\n1,cat,dgo,dog,pet,fur\n", encoding="utf-8")
    assert read_trials(path)["R1"].to_list() == ["dog"]


def test_entries_are_read_as_text_as_they_stand(tmp_path):
    row = ("007", US, "1984", " 10 ", "1e3", "true")
    table = read_trials(official(tmp_path / "swow.csv", [row]))
    assert table.select("participant", "cue", "R1", "R2", "R3").row(0) == (
        "007",
        "1984",
        " 10 ",
        "1e3",
        "true",
    )


def test_commas_quotes_and_line_breaks_inside_an_entry_are_read(tmp_path):
    row = ("1", US, "cat", "a, b", 'say "hi"', "two\nlines")
    table = read_trials(official(tmp_path / "swow.csv", [row]))
    assert table.select("R1", "R2", "R3").row(0) == ("a, b", 'say "hi"', "two\nlines")


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path):
    path = tmp_path / "swow.csv"
    path.write_text("participantID,cue,R1,R2,R3\n1,cat,a,b,c\n", encoding="utf-8-sig")
    assert read_trials(path)["participant"].to_list() == ["1"]


def test_a_name_with_wildcards_is_one_file(tmp_path):
    path = official(tmp_path / "swow[1]*.csv", [("1", US, "cat", "a", "b", "c")])
    official(tmp_path / "swow1.csv", [("2", US, "dog", "a", "b", "c")])
    assert read_trials(path)["cue"].to_list() == ["cat"]


def test_a_missing_file_is_named_with_where_to_get_it(tmp_path):
    path = tmp_path / "absent.csv"
    assert fault(path) == (f"{path}: no such file; docs/data.md says where to get it and put it")


def test_a_folder_is_no_file(tmp_path):
    assert fault(tmp_path).startswith(f"{tmp_path}: no such file")


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_file_is_named_with_the_remedy(tmp_path, text):
    path = tmp_path / "swow.csv"
    path.write_text(text)
    assert fault(path) == f"{path}: the file is empty; download or copy it again"


@pytest.mark.parametrize(
    "header",
    ["participantID,cue,R1,R2,R3", "PARTICIPANTID,CUE,R1,R2,R3", "participantid,cue,r1,r2,r3"],
)
def test_column_names_may_be_in_upper_or_lower_case(tmp_path, header):
    path = tmp_path / "swow.csv"
    path.write_text(f"{header}\n1,cat,a,b,c\n")
    assert read_trials(path).columns == ["participant", "cue", "R1", "R2", "R3"]


def test_a_missing_column_is_named_with_those_found_and_the_line(tmp_path):
    path = tmp_path / "swow.csv"
    path.write_text("participantID,cue,R1,R2\n1,cat,a,b\n")
    assert fault(path) == (
        f"{path}: line 1 has no column 'R3' (upper or lower case); found participantID, cue, R1, "
        "R2; is this an official SWOW csv? See docs/data.md"
    )


def test_a_column_the_filter_needs_is_missed_only_by_the_filter(tmp_path):
    path = tmp_path / "swow.csv"
    path.write_text("participantID,cue,R1,R2,R3\n1,cat,a,b,c\n")
    assert len(read_trials(path)) == 1
    assert "line 1 has no column 'nativeLanguage'" in fault(path, ["native_language"])


def test_the_same_column_twice_in_different_case_is_refused(tmp_path):
    path = tmp_path / "swow.csv"
    path.write_text("participantID,cue,Cue,R1,R2,R3\n1,cat,dog,a,b,c\n")
    text = fault(path)
    assert str(path) in text
    assert "Cue" in text


def test_a_file_in_latin_1_is_read_as_what_it_is(tmp_path):
    path = tmp_path / "swow.csv"
    path.write_bytes(b"participantID,cue,R1,R2,R3\n1,cat,a,b,c\n2,tea,caf\xe9,b,c\n")
    assert read_swow(path, {}).encoding == "cp1252"
    assert read_trials(path)["R1"].to_list() == ["a", "café"]


def test_a_row_with_too_many_fields_is_refused_with_its_line(tmp_path):
    path = tmp_path / "swow.csv"
    path.write_text("participantID,cue,R1,R2,R3\n1,cat,a,b,c\n2,dog,a,b,c,d\n3,cow,a,b,c\n")
    assert fault(path) == (
        f"{path}: line 3 has 6 fields, the header 5; an unquoted comma? Quote the entry, or "
        "download the file again"
    )


def test_what_a_row_with_too_few_fields_lacks_counts_as_missing(tmp_path):
    path = tmp_path / "swow.csv"
    path.write_text("participantID,cue,R1,R2,R3\n1,cat,a,b,c\n2,dog,a\n")
    assert read_trials(path).rows() == [("1", "cat", "a", "b", "c"), ("2", "dog", "a", "", "")]
    account = prepare_culture(path, EVERYONE, culture="us").accounts[1]
    assert account.dropped["missing token"] == 2


def test_the_line_of_a_fault_counts_line_breaks_inside_entries(tmp_path):
    path = tmp_path / "swow.csv"
    path.write_text('participantID,cue,R1,R2,R3\n1,cat,"a\nb",b,c\n2,dog,a,b,c,d\n')
    assert "line 4 has 6 fields" in fault(path)


@pytest.mark.parametrize("mark", ["\u2028", "\x85", "\x0b", "\x0c"])
def test_the_line_of_a_fault_is_the_one_an_editor_shows(tmp_path, mark):
    # characters that str.splitlines takes for line breaks, but editors and csv do not
    path = tmp_path / "swow.csv"
    path.write_text(
        f"participantID,cue,R1,R2,R3\n1,cat,a{mark}b,b,c\n2,dog,a,b,c,d\n", encoding="utf-8"
    )
    assert "line 3 has 6 fields" in fault(path)


def test_an_unclosed_quote_is_refused_and_the_file_named(tmp_path):
    path = tmp_path / "swow.csv"
    path.write_text('participantID,cue,R1,R2,R3\n1,cat,"a,b,c\n2,dog,a,b,c\n')
    assert fault(path) == (
        f"{path}: line 2 has a faulty entry (unexpected end of data); an unclosed quote? Quote the "
        "entry, or download the file again"
    )


# Filters


def people() -> pl.DataFrame:
    rows = [
        ("United States", "United States"),
        ("United States", "Spanish"),
        ("Canada", "United States"),
        ("Canada", "Canada"),
        ("", ""),
    ]
    return pl.DataFrame(rows, schema=["country", "native_language"], orient="row")


def test_both_filters_must_hold_and_each_counts_what_it_drops():
    inside, dropped = keep_respondents(people(), AMERICANS)
    assert people().filter(inside).rows() == [("United States", "United States")]
    assert {k: v.to_list() for k, v in dropped.items()} == {
        "country": [2, 3, 4],
        "native_language": [1],
    }


def test_an_empty_list_keeps_everyone_and_counts_nothing():
    inside, dropped = keep_respondents(people(), EVERYONE)
    assert inside.sum() == 5
    assert dropped == {}


def test_one_filter_alone_may_be_set():
    inside, dropped = keep_respondents(people(), {"country": [], "native_language": ["Canada"]})
    assert people().filter(inside).rows() == [("Canada", "Canada")]
    assert dropped["native_language"].to_list() == [0, 1, 2, 4]


def test_a_filter_may_accept_several_values():
    inside, dropped = keep_respondents(people(), {"country": ["Canada", "United States"]})
    assert inside.sum() == 4
    assert dropped["country"].to_list() == [4]


# Cleaning


@pytest.mark.parametrize(
    "token",
    ["NA", "No more responses", "Unknown word", "#Missing", "#Unknown", "", "  ", " NA ", "\u3000"],
)
def test_an_entry_of_either_release_that_is_no_word_is_dropped_as_missing(token):
    responses, (_, account), _ = clean_responses(
        trials_of(("1", "cat", "dog", token, "pet")), simplify_chinese=False
    )
    assert responses["response"].to_list() == ["dog", "pet"]
    assert responses["position"].to_list() == [1, 3]
    assert account.dropped["missing token"] == 1


def test_words_that_only_contain_a_missing_token_stay():
    trials = trials_of(("1", "cat", "NASA", "unknown", "missing"))
    assert words_of(trials) == ["nasa", "unknown", "missing"]


def test_stray_case_spaces_and_punctuation_are_normalized():
    trials = trials_of(("1", " CAT ", " Dog", "ICE  cream.", "“pet”"))
    responses = clean_responses(trials, simplify_chinese=False).responses
    assert set(responses["cue"]) == {"cat"}
    assert responses["response"].to_list() == ["dog", "ice cream", "pet"]


def test_traditional_and_simplified_answers_are_one_word_in_mandarin():
    trials = trials_of(("1", "愛", "學校", "学校", "家"))
    assert words_of(trials, simplify_chinese=True) == ["学校", "家"]
    assert words_of(trials) == ["學校", "学校", "家"]


def test_a_response_that_repeats_the_cue_is_dropped_in_any_spelling():
    responses, (_, account), _ = clean_responses(
        trials_of(("1", "Cat", "CAT ", "dog", "cats")), simplify_chinese=False
    )
    assert responses["response"].to_list() == ["dog", "cats"]
    assert {why: n for why, n in account.dropped.items() if n} == {"repeats the cue": 1}


def test_a_response_given_twice_in_a_trial_counts_once_at_its_first_position():
    responses, (_, account), _ = clean_responses(
        trials_of(("1", "cat", "dog", "pet", "Dog")), simplify_chinese=False
    )
    assert responses.select("response", "position").rows() == [("dog", 1), ("pet", 2)]
    assert account.dropped["repeated in the trial"] == 1


def test_the_same_response_of_two_participants_counts_twice():
    trials = trials_of(("1", "cat", "dog", "NA", "NA"), ("2", "cat", "dog", "NA", "NA"))
    assert words_of(trials) == ["dog", "dog"]


def test_a_second_trial_of_a_participant_on_a_cue_is_dropped_with_all_its_responses():
    trials = trials_of(
        ("1", "cat", "dog", "pet", "fur"),
        ("1", "Cat ", "milk", "mouse", "paw"),
        ("1", "cow", "milk", "farm", "moo"),
    )
    responses, (of_trials, of_responses), _ = clean_responses(trials, simplify_chinese=False)
    assert responses["response"].to_list() == ["dog", "pet", "fur", "milk", "farm", "moo"]
    assert of_trials == Account("trials", 3, 2, {"no cue": 0, "repeated trial": 1})
    assert of_responses.read == 6


@pytest.mark.parametrize("cue", ["", "  ", "NA"])
def test_a_trial_without_a_cue_is_dropped(cue):
    trials = trials_of(("1", cue, "dog", "pet", "fur"), ("1", "cow", "milk", "NA", "NA"))
    responses, (of_trials, _), _ = clean_responses(trials, simplify_chinese=False)
    assert responses["cue"].to_list() == ["cow"]
    assert of_trials == Account("trials", 2, 1, {"no cue": 1, "repeated trial": 0})


def test_responses_stay_in_the_order_of_the_file():
    trials = trials_of(("2", "zebra", "c", "b", "a"), ("1", "ant", "f", "e", "d"))
    responses = clean_responses(trials, simplify_chinese=False).responses
    assert responses.rows() == [
        ("zebra", "c", 1, "2"),
        ("zebra", "b", 2, "2"),
        ("zebra", "a", 3, "2"),
        ("ant", "f", 1, "1"),
        ("ant", "e", 2, "1"),
        ("ant", "d", 3, "1"),
    ]


entries = st.sampled_from(["cat", "Cat ", "dog", "DOG", "ice cream", "猫", "...", *MISSING])
trial_rows = st.tuples(st.sampled_from("12"), entries, entries, entries, entries)


@given(st.lists(trial_rows, max_size=12))
def test_nothing_disappears_uncounted(rows):
    table, (of_trials, of_responses), _ = clean_responses(trials_of(*rows), simplify_chinese=False)
    assert of_trials.read == len(rows)
    assert of_trials.read == of_trials.kept + sum(of_trials.dropped.values())
    assert of_responses.read == 3 * of_trials.kept
    assert of_responses.kept == len(table)
    assert of_responses.read == of_responses.kept + sum(of_responses.dropped.values())


@given(st.lists(trial_rows, max_size=12))
def test_what_is_left_is_one_clean_response_a_row(rows):
    table = clean_responses(trials_of(*rows), simplify_chinese=False).responses
    assert table.columns == ["cue", "response", "position", "participant"]
    assert table.filter(pl.col("response") == pl.col("cue")).is_empty()
    assert "" not in set(table["cue"]) | set(table["response"])
    assert table.select("participant", "cue", "response").is_duplicated().sum() == 0


# A whole culture


def test_a_culture_is_read_filtered_and_cleaned_with_every_loss_on_account(tmp_path):
    path = official(
        tmp_path / "swow.csv",
        [
            ("1", US, "Cat", "dog", " Dog ", "No more responses"),
            ("1", US, "cat", "milk", "paw", "fur"),  # repeated trial
            ("2", US, "cat", "CAT", "pet", "Unknown word"),
            ("3", ("Canada", "United States"), "cat", "moose", "snow", "ice"),
            ("4", ("United States", "Spanish"), "cat", "gato", "pet", "fur"),
            ("5", US, "", "a", "b", "c"),  # no cue
        ],
    )
    table, accounts, _, _, _ = prepare_culture(path, AMERICANS, culture="us")
    assert table.rows() == [("cat", "dog", 1, "1"), ("cat", "pet", 2, "2")]
    assert accounts == [
        Account(
            "trials",
            read=6,
            kept=2,
            dropped={
                "other country": 1,
                "other native language": 1,
                "no cue": 1,
                "repeated trial": 1,
            },
            noted={"cue with upper case": 1},
        ),
        Account(
            "responses",
            read=6,
            kept=2,
            dropped={
                "missing token": 2,
                "over-long": 0,
                "symbols only": 0,
                "repeats the cue": 1,
                "repeated in the trial": 1,
            },
            added={"several responses in a cell": 0},
        ),
    ]


def test_a_mandarin_culture_is_read_from_its_own_format(tmp_path):
    row = ("1", ("China", "PUTON"), "愛", "家", "#Missing", "#Unknown")
    path = official(tmp_path / "swow.csv", [row], "cn")
    table, *_ = prepare_culture(path, EVERYONE, culture="cn", simplify_chinese=True)
    assert table.rows() == [("爱", "家", 1, "1")]


def test_a_culture_without_a_row_after_the_filter_is_told_what_the_file_has(tmp_path):
    canadian = ("Canada", "French")
    rows = [("1", canadian, "cat", "a", "b", "c"), ("2", canadian, "cow", "a", "b", "c")]
    path = official(tmp_path / "swow.csv", rows)
    with pytest.raises(UserError) as caught:
        prepare_culture(path, AMERICANS, culture="us", simplify_chinese=False)
    assert str(caught.value) == (
        f"{path}: culture 'us' has no response after the filter (country in ['United States'] and "
        "native_language in ['United States']) on 2 rows; the file has country: 'Canada'; "
        "native_language: 'French'; correct cultures.us.keep or cultures.us.swow"
    )


def test_a_file_with_a_header_alone_has_no_response(tmp_path):
    path = official(tmp_path / "swow.csv", [])
    with pytest.raises(UserError, match=r"culture 'us' has no response .*\(no filter\) on 0 rows"):
        prepare_culture(path, EVERYONE, culture="us", simplify_chinese=False)


def test_a_culture_of_missing_tokens_has_no_response(tmp_path):
    path = official(tmp_path / "swow.csv", [("1", US, "cat", "NA", "#Missing", "")])
    with pytest.raises(UserError, match=r"no response after the filter .* on 1 rows"):
        prepare_culture(path, AMERICANS, culture="us", simplify_chinese=False)


def test_an_unfiltered_culture_needs_no_column_of_respondents(tmp_path):
    path = tmp_path / "swow.csv"
    path.write_text("participantID,cue,R1,R2,R3\n1,cat,dog,NA,NA\n")
    table, *_ = prepare_culture(path, EVERYONE, culture="us", simplify_chinese=False)
    assert table.rows() == [("cat", "dog", 1, "1")]
