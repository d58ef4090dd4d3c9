"""Strength tables: counts, checks of the numbers, and the same associations as from trials."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.config.data import Culture
from culturalign.data.associations import count_associations
from culturalign.data.strengths import prepare_strengths
from culturalign.data.swow import Reading, prepare_culture
from culturalign.errors import UserError
from tests import strength_tables

HEADER = ["cue", "response", "R123", "N", "R123.Strength"]
TABLE = [
    ("cat", "Dog", "3", "8", "0.375"), ("cat", "fur", "2", "8", "0.25"),
    ("cat", "dog", "1", "8", "0.125"), ("cat", "#Missing", "2", "8", ".25"),
    ("bee", "honey, wax", "4", "5", "0.8"), ("bee", "Bee", "1", "5", "0.2"),
]  # fmt: skip


def written(path, rows, header=HEADER, mark="\t"):
    path.write_text("".join(mark.join(row) + "\n" for row in [header, *rows]), encoding="utf-8")
    return path


def prepare(path, **reading):
    return prepare_strengths(path, culture="en", reading=Reading(**reading))


def test_a_small_table_is_counted_and_everything_dropped_is_on_account(tmp_path):
    # cat: Dog and dog are one word, 3 + 1; fur 2; the token stands for 2 responses that are none.
    # bee: a cell of two words, each given 4 times; Bee repeats the cue
    found = prepare(written(tmp_path / "s.csv", TABLE))
    counted = count_associations(found.responses, seed=0)
    assert counted.filter(cue="cat").rows() == [
        ("cat", "dog", 4, pytest.approx(2 / 3), 1), ("cat", "fur", 2, pytest.approx(1 / 3), 2),
    ]  # fmt: skip
    assert sorted(counted.filter(cue="bee")["response"]) == ["honey", "wax"]
    assert counted.filter(cue="bee")["count"].to_list() == [4, 4]
    pairs, responses = found.accounts
    assert (pairs.read, pairs.kept, pairs.dropped) == (6, 6, {"no cue": 0})
    assert (responses.read, responses.kept) == (13, 14)
    assert responses.dropped == {
        "missing token": 2, "over-long": 0, "symbols only": 0, "repeats the cue": 1,
        "repeated in the trial": 0,
    }  # fmt: skip
    assert responses.added == {"several responses in a cell": 4}
    assert responses.noted == {"upper case": 3, "white space": 4}  # " wax"
    assert found.dropped.select("reason", "row", "participant", "cue", "text").rows() == [
        ("missing token", 4, None, "cat", "#Missing"), ("repeats the cue", 6, None, "bee", "Bee"),
    ]  # fmt: skip
    assert not any("missing tokens" in odd for odd in found.release.odd)
    unknown = prepare(tmp_path / "s.csv", missing=None)
    assert "no missing tokens of the language are known" in unknown.release.odd[-1]
    assert unknown.accounts == found.accounts
    release = found.release
    assert (release.name, release.sizes) == ("SWOW R123 strengths", {"rows": 6, "cues": 2})


FAULTS = {
    "a fraction": (0, 2, "2.5", "count is '2.5'; it must be a whole number from 1"),
    "a negative count": (0, 2, "-3", "count is '-3'; it must be a whole number from 1"),
    "zero": (1, 2, "0", "count is '0'; it must be"),
    "no count": (1, 2, "", "count is ''; it must be"),
    "a word": (1, 2, "two", "count is 'two'; it must be"),
    "another total": (1, 3, "9", "N is '9'; the counts of its cue sum to 8"),
    "no total": (1, 3, "NA", "N is 'NA'; the counts"),
    "another strength": (4, 4, "0.81", "strength is '0.81'; the counts of its cue sum to 5"),
    "a percentage": (4, 4, "80", "strength is '80'; the counts"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_numbers_that_cannot_be_or_disagree_are_refused_with_row_value_and_rule(tmp_path, fault):
    row, column, value, said = FAULTS[fault]
    rows = [list(each) for each in TABLE]
    rows[row][column] = value
    path = written(tmp_path / "s.csv", rows)
    with pytest.raises(UserError) as caught:
        prepare(path)
    cue, response = rows[row][:2]
    start = f"{path}: row {row + 1} below the header ({cue!r}, {response!r}): {said}"
    if fault in ("a fraction", "a negative count", "zero", "no count", "a word"):
        assert str(caught.value).startswith(start)
    else:
        assert said in str(caught.value) and "ownload the table again" in str(caught.value)


def test_a_table_cut_short_or_joined_is_refused_and_rounded_strengths_are_not(tmp_path):
    path = tmp_path / "s.csv"
    with pytest.raises(UserError, match=r"row 1 .*N is '8'; .* sum to 6.*cut short"):
        prepare(written(path, TABLE[:3]))
    with pytest.raises(UserError, match=r"row 7 .*the pair is there before: two tables joined"):
        prepare(written(path, [*TABLE, *TABLE]))
    rounded = [("cat", "dog", "1", "3", "0.333"), ("cat", "fur", "2", "3", "0.667")]
    assert prepare(written(path, rounded)).responses["count"].to_list() == [1, 2]
    bare = [row[:3] for row in TABLE[:3]]  # without N and strength, a part is a table of its own
    assert prepare(written(path, bare, HEADER[:3])).responses["count"].sum() == 6


def test_a_large_loss_is_refused_by_the_responses_that_are_lost(tmp_path):
    rows = [("cat", f"w{n}", "1") for n in range(70)] + [("cat", "??", "30")]
    path = written(tmp_path / "s.csv", rows, HEADER[:3])
    with pytest.raises(UserError, match=r"30 of 100 responses \(30%\) are dropped: symbols only"):
        prepare(path, most_dropped=0.29)
    assert prepare(path, most_dropped=0.3).accounts[1].kept == 70
    nameless = [("", "x", "1")] * 1 + [("cat", "y", "1")] * 1
    path = written(tmp_path / "n.csv", nameless, HEADER[:3])
    with pytest.raises(UserError, match=r"1 of 2 pairs \(50%\) are dropped: no cue \(row 1: ''"):
        prepare(path, most_dropped=0.2)


def test_r_quotes_nothing_so_that_a_quote_is_a_character(tmp_path):
    rows = [("inch", '5" long', "2"), ("inch", '"foot', "1"), ("inch", 'a "b" c', "1")]
    found = prepare(written(tmp_path / "s.csv", rows, HEADER[:3]))
    assert found.accounts[0].read == 3
    assert found.responses["response"].to_list() == ['5" long', "foot", 'a "b" c']


def test_columns_by_name_and_the_other_kind_of_file(tmp_path):
    table = [("hond", "kat", "2", "2")]
    path = written(tmp_path / "s.csv", table, ["Stim", "Antwoord", "n", "N2"], mark=";")
    columns = {"cue": "Stim", "response": "Antwoord", "count": "n"}
    found = prepare(path, columns=columns, release="SWOW-NL")
    assert found.responses.rows() == [("hond", "kat", 2)]
    assert found.release.name == "SWOW-NL N strengths"
    with pytest.raises(UserError, match=r"no column 'cue' .*cultures.<name>.columns"):
        prepare(path)
    trials = "participantID,cue,R1,R2,R3\n1,cat,dog,,\n"
    (tmp_path / "t.csv").write_text(trials)
    with pytest.raises(UserError, match=r"is a file of trials; remove cultures.<name>.kind"):
        prepare(tmp_path / "t.csv")
    strengths = written(tmp_path / "s2.csv", TABLE)
    with pytest.raises(UserError, match=r"is a strength table, .*kind: strengths"):
        prepare_culture(strengths, {}, culture="x")


def test_a_cell_that_names_a_word_twice_gives_it_once_as_in_a_trial(tmp_path):
    table = written(tmp_path / "s.csv", [("cat", "fur, Fur; dog", "3", "3", "1")])
    found = prepare(table)
    assert found.responses.rows() == [("cat", "fur", 3), ("cat", "dog", 3)]
    _, responses = found.accounts
    assert (responses.read, responses.added) == (3, {"several responses in a cell": 6})
    assert (responses.kept, responses.dropped["repeated in the trial"]) == (6, 3)
    trial = tmp_path / "t.csv"
    trial.write_text('participantID,cue,R1,R2,R3\n1,cat,"fur, Fur; dog",,\n', encoding="utf-8")
    responses = prepare_culture(trial, {}, culture="en").responses
    assert responses["response"].to_list() == ["fur", "dog"]


def test_nothing_left_and_the_wrong_script_are_refused(tmp_path):
    path = written(tmp_path / "s.csv", [("cat", "NA", "3")], HEADER[:3])
    with pytest.raises(UserError, match=r"culture 'en' has no response on 1 rows; correct"):
        prepare(path)
    with pytest.raises(UserError, match="of the letters of its cues"):
        prepare(written(path, TABLE), scripts=["Han"])


def test_a_token_that_leads_many_cues_is_odd_and_so_is_a_subset(tmp_path):
    rows = [(f"c{n}", word, count) for n in range(30)
            for word, count in ((f"w{n}", "1"), ("weet niet", "2"))]  # fmt: skip
    found = prepare(written(tmp_path / "s.csv", rows, HEADER[:3]), release="SWOW-EN")
    assert found.release.name == "SWOW-EN R123 strengths"
    subset, cues, token = found.release.odd
    assert subset.startswith("60 rows, the official file has 1,384,556")
    assert cues.startswith("30 cues, the official file has 12,272")
    assert token.startswith("'weet niet' is the most frequent response to 30 of 30 cues")


def test_a_culture_of_a_strength_table_cannot_keep_some_participants():
    culture = {"label": "US", "language": "en", "swow": "s.csv", "kind": "strengths"}
    assert Culture(**culture).keep.country == []
    with pytest.raises(ValueError, match="a strength table has no participants, so that `keep`"):
        Culture(**culture, keep={"country": ["United States"]})


@pytest.mark.parametrize(("kind", "other"), [("strengths", "R1"), ("trials", "count")])
def test_a_column_of_the_other_kind_is_not_ignored(kind, other):
    culture = {"label": "US", "language": "en", "swow": "s.csv", "kind": kind}
    assert Culture(**culture, columns={"cue": "Stimulus"}).columns == {"cue": "Stimulus"}
    with pytest.raises(ValueError, match=f"a file of {kind} has no column '{other}'; remove it"):
        Culture(**culture, columns={other: "x"})


WORDS = st.text(st.sampled_from("aBé 爱'-花儿\"1,/书書"), min_size=1, max_size=6)
"""Of signs that no wrong encoding makes: a few words such as 1学 would look as if decoded twice."""
TRIAL = st.tuples(st.sampled_from(["cat", "Dog", "花儿", "don't"]), WORDS, WORDS, WORDS)


@given(st.lists(TRIAL, min_size=1, max_size=25), st.booleans())
def test_the_strength_table_of_clean_responses_gives_their_associations(rows, mandarin):
    """As counted from trials, to the last tie: what is clean is not changed again."""
    rules = {"simplify_chinese": mandarin, "merge_erhua": mandarin}
    with TemporaryDirectory() as name:
        folder = Path(name)
        header = "participantID\tcue\tR1\tR2\tR3"
        lines = ["\t".join([str(n), *(f'"{w.replace(chr(34), chr(34) * 2)}"' for w in row)])
                 for n, row in enumerate(rows)]  # fmt: skip
        (folder / "t.tsv").write_text("\n".join([header, *lines, ""]), encoding="utf-8")
        try:
            trials = prepare_culture(folder / "t.tsv", {}, culture="x", **rules)
        except UserError:
            return  # nothing was left
        expected = count_associations(trials.responses, seed=3)
        strength_tables.write(folder / "s.csv", trials.responses.cast(pl.String))
        found = prepare_strengths(folder / "s.csv", culture="x", **rules)
        assert count_associations(found.responses, seed=3).equals(expected)
        assert found.accounts[1].kept == found.accounts[1].read == len(trials.responses)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_demo_worlds_own_responses_give_the_same_associations_either_way(tmp_path, language):
    trials, rules = strength_tables.demo_trials(tmp_path, language), strength_tables.RULES[language]
    responses = prepare_culture(trials, {}, culture="x", **rules).responses.cast(pl.String)
    table = strength_tables.write(tmp_path / "strength.csv", responses)
    found = prepare_strengths(table, culture="x", **rules)
    expected = count_associations(responses, seed=0)
    assert count_associations(found.responses, seed=0).equals(expected)
    first = table.read_text(encoding="utf-8").split("\n")[0]
    assert re.fullmatch("cue\tresponse\tR123\tN\tR123.Strength", first)
