import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.config.language_facts import FACTS, PLATFORM
from culturalign.data.responses import (
    MISSED,
    RESPONSE,
    clean_responses,
    encode,
    take_apart,
)
from culturalign.files.ledger import Account

MANDARIN = {"simplify_chinese": True, "merge_erhua": True}


def clean(*rows, missing=(*FACTS["zh"]["missing"],), **rules):
    """Clean trials: participant, cue, R1, R2, R3."""
    names = ["participant", "cue", "R1", "R2", "R3"]
    schema = dict.fromkeys(names, pl.String)
    return clean_responses(pl.DataFrame(rows, schema=schema, orient="row"), missing, **rules)


def words_of(found):
    return found.responses["response"].to_list()


def dropped(found, account=1):
    return {why: n for why, n in found.accounts[account].dropped.items() if n}


def test_several_responses_in_a_cell_keep_its_position_and_are_on_account():
    found = clean(("2", "zebra", "dog, pet", "fur", "NA"), ("1", "ant", "f", "e", "d"))
    assert found.responses.rows() == [  # in the order of the file
        ("zebra", "dog", 1, "2"), ("zebra", "pet", 1, "2"), ("zebra", "fur", 2, "2"),
        ("ant", "f", 1, "1"), ("ant", "e", 2, "1"), ("ant", "d", 3, "1"),
    ]  # fmt: skip
    account = found.accounts[1]
    assert (account.read, account.kept) == (6, 6)
    assert account.added == {"several responses in a cell": 1}


@pytest.mark.parametrize("token", [
    "NA", "No more responses", "Unknown word", "#Missing", "#Unknown", "", "  ", " NA ", "\u3000",
    "No More Responses", "unknown word", "No more  responses.", "没有了。", "不认识",
])  # fmt: skip
def test_missing_tokens_of_all_releases_are_dropped_in_any_case(token):
    found = clean(("1", "cat", "dog", token, "pet"), ("2", "cat", f"dog; {token}", "na", "nan"))
    assert words_of(found) == ["dog", "pet", "dog", "na", "nan"]
    assert found.responses["position"].to_list() == [1, 3, 1, 2, 3]
    # white space between separators is not an entry
    assert dropped(found) == {"missing token": 2 if token.strip() else 1}


@pytest.mark.parametrize("nobody", ["", " ", "NA", " NA "])
def test_trials_without_a_participant_are_not_repeats(nobody):
    found = clean((nobody, "cat", "dog", "", ""), (nobody, "cat", "fur", "", ""))
    assert words_of(found) == ["dog", "fur"]
    assert found.accounts[0].dropped["repeated trial"] == 0


@pytest.mark.parametrize(("trial", "kept", "why"), [
    (("cat", "it is an animal that I like", "?!", "dog"), ["dog"],
     {"over-long": 1, "symbols only": 1}),
    (("Cat", "CAT ", "dog", "cats"), ["dog", "cats"], {"repeats the cue": 1}),
    (("cat", "dog", "pet", "Dog"), ["dog", "pet"], {"repeated in the trial": 1}),
    ((" CAT ", " Dog", "ICE  cream.", "“pet”"), ["dog", "ice cream", "pet"], {}),
    # what only contains a missing token is kept
    (("cat", "NASA", "unknown", "missing"), ["nasa", "unknown", "missing"], {}),
])  # fmt: skip
def test_responses_are_normalized_and_others_dropped_with_the_reason(trial, kept, why):
    found = clean(("1", *trial))
    assert set(found.responses["cue"]) == {"cat"}
    assert words_of(found) == kept
    assert dropped(found) == why


def test_traditional_and_simplified_answers_are_one_word_in_mandarin():
    trial = ("1", "愛", "學校", "学校", "家")
    assert words_of(clean(trial, simplify_chinese=True)) == ["学校", "家"]
    assert words_of(clean(trial)) == ["學校", "学校", "家"]


def test_a_second_trial_of_a_participant_on_a_cue_is_dropped_with_all_its_responses():
    found = clean(
        ("1", "cat", "dog", "pet", "fur"), ("1", "Cat ", "milk", "mouse", "paw"),
        ("1", "cow", "milk", "farm", "moo"), ("2", "cat", "dog", "NA", "NA"),
    )  # fmt: skip
    assert words_of(found) == ["dog", "pet", "fur", "milk", "farm", "moo", "dog"]
    assert found.accounts[0] == Account("trials", 4, 3, {"no cue": 0, "repeated trial": 1})


@pytest.mark.parametrize("cue", ["", "  ", "NA"])
def test_a_trial_without_a_cue_is_dropped(cue):
    found = clean(("1", cue, "dog", "pet", "fur"), ("1", "cow", "milk", "NA", "NA"))
    assert found.responses["cue"].to_list() == ["cow"]
    assert found.accounts[0] == Account("trials", 2, 1, {"no cue": 1, "repeated trial": 0})


def test_changes_are_counted_by_kind_among_the_kept():
    trials = ("1", "愛", "花儿", "學校", "TV"), ("2", "爱", "没有了", "不认识", "＃")
    found = clean(*trials, **MANDARIN)
    assert words_of(found) == ["花", "学校", "tv"]
    assert found.accounts[0].noted == {"cue with traditional characters": 1}
    assert found.accounts[1].noted == {
        "upper case": 1, "traditional characters": 1, "erhua": 1, "no Han character": 1,
    }  # fmt: skip


def test_dropped_rows_are_kept_as_a_sample_with_their_row_and_text():
    found = clean(
        ("1", "cat", "dog", "NA", "Dog"), ("1", "CAT", "a", "b", "c"), ("2", "", "x", "y", "z")
    )
    assert found.dropped.select("unit", "reason", "row", "cue", "text").rows() == [
        ("trials", "no cue", 3, "", "x | y | z"),
        ("trials", "repeated trial", 2, "CAT", "a | b | c"),
        ("responses", "missing token", 1, "cat", "NA"),
        ("responses", "repeated in the trial", 1, "cat", "Dog"),
    ]


def test_repeats_are_found_however_many_responses_a_cell_holds():
    many = ", ".join(f"w{n % 50}" for n in range(200))
    for text, kept in (("a, b, a, c, b", ["a", "b", "c"]), (many, [f"w{n}" for n in range(50)])):
        found = clean(("1", "cat", text, "NA", kept[0]), ("2", "cat", kept[0], "NA", "NA"))
        assert words_of(found) == [*kept, kept[0]]


entries = st.sampled_from(
    ["cat", "Cat ", "dog, a", "DOG", "ice cream", "猫", "...", *PLATFORM, "", "NA"]
)
trials = st.lists(st.tuples(st.sampled_from("12"), *[entries] * 4), max_size=12)


@given(trials)
def test_nothing_disappears_uncounted_and_a_clean_response_is_a_row(rows):
    found = clean(*rows)
    of_trials, of_responses = found.accounts  # each was checked when it was made
    assert of_trials.read == len(rows)
    assert of_responses.read == 3 * of_trials.kept
    assert of_responses.kept == len(found.responses)
    table = found.responses
    assert table.columns == ["cue", "response", "position", "participant"]
    assert table.filter(pl.col("response") == pl.col("cue")).is_empty()
    assert "" not in set(table["cue"]) | set(table["response"])
    assert table.select("participant", "cue", "response").is_duplicated().sum() == 0


@given(st.lists(st.text(max_size=3), max_size=20), st.booleans())
def test_numbers_stand_for_their_entries(words, categorical):
    kind = pl.Categorical(pl.Categories.random()) if categorical else pl.String
    pl.Series(["seen elsewhere"]).cast(kind)  # a category that the entries need not have
    numbers, distinct = encode(pl.Series(words, dtype=pl.String).cast(kind))
    assert distinct.dtype == pl.String and sorted(distinct) == sorted(set(words))
    assert [distinct[int(n)] for n in numbers] == words


def test_cues_are_not_taken_apart():
    found = take_apart(pl.Series(["salt, pepper"]), {}, whole=True)
    assert found.words.to_list() == ["salt, pepper"]


def test_masked_responses_and_points_are_missing_and_so_are_the_tokens_of_the_language():
    trials = pl.DataFrame(
        {
            "participant": ["1", "2", "3"],
            "cue": ["mar"] * 3,
            "R1": [
                "0cc175b9c0f1b6a831c399e269772661",
                "no MÁS respuestas",
                "No conozco la palabra",
            ],
            "R2": [".", "sal, No más respuestas", "0cc175b9"],
            "R3": ["ola", "NA", "azul"],
        }
    )
    found = clean_responses(trials, FACTS["es"]["missing"])
    assert found.responses["response"].to_list() == ["ola", "sal", "0cc175b9", "azul"]
    assert found.accounts[1].dropped["missing token"] == 6


def test_what_programs_write_for_nothing_is_no_response_but_words_are():
    entries = ["NA", "<NA>", "N/A", "#N/A", "NaN", "#NULL!", "\\N", "nan", "null", "None", "na"]
    found = take_apart(pl.Series(entries), {})
    assert [int(verdict) for verdict in found.verdict] == [MISSED] * 7 + [RESPONSE] * 4


def test_html_entities_split_no_response_and_are_counted():
    found = clean(
        ("1", "salt", "cat &amp; mouse", "don&#39;t; &lt;unknownWord&gt;", "r&b"),
        ("2", "salt &amp; pepper", "sea", "NA", "NA"),
    )
    assert words_of(found) == ["cat & mouse", "don't", "r&b", "sea"]
    assert dropped(found) == {"missing token": 3}
    assert found.accounts[1].added == {"several responses in a cell": 1}
    assert found.accounts[1].noted["HTML entities"] == 2
    assert found.accounts[0].noted == {"cue with HTML entities": 1}
    assert set(found.responses["cue"]) == {"salt", "salt & pepper"}
