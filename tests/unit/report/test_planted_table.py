"""The known effect of the synthetic world: its share in lists, and the verdict."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.config.evaluate import Evaluation
from culturalign.files.jsonl import write_jsonl
from culturalign.report.page import read_table
from culturalign.report.planted_table import (
    NO_BETTER,
    SHARES,
    planted_share,
    read_planted,
    read_shares,
    write_effect,
)

EVALUATION = Evaluation(precision_at=[5], lower=5, upper=5, bootstrap=300)
LABELS = {
    "models": {"small": "Small"},
    "methods": {"sft": "SFT", "sft-shuffled": "SFT, shuffled cues"},
    "cultures": {"demo_us": "demo US"},
}
CONTROLS = ["sft-shuffled"]


def test_the_planted_share_is_taken_of_ten_places_even_in_a_short_list():
    words = ["liberty", "cat", "eagle"]
    assert planted_share(words, {"liberty", "eagle", "flag"}) == 0.2  # two of ten places
    assert planted_share([], {"liberty"}) == 0
    assert planted_share(words, set()) == 0
    assert planted_share([f"w{i}" for i in range(10)], {f"w{i}" for i in range(10)}) == 1


def test_words_after_the_tenth_are_not_looked_at():
    assert planted_share(["cat"] * 10 + ["liberty"], {"liberty"}) == 0
    assert planted_share(["cat"] * 9 + ["liberty"], {"liberty"}) == 0.1


@given(
    st.lists(st.sampled_from("abcdefghijklmnop"), unique=True), st.sets(st.sampled_from("abcdef"))
)
def test_the_planted_share_is_a_share(words, planted):
    assert 0 <= planted_share(words, planted) <= 1


def test_planted_associates_are_read_cue_by_cue_as_text(tmp_path):
    path = tmp_path / "planted.csv"
    path.write_text("domain,cue,response\nlaw,freedom,eagle\nlaw,freedom,1776\nlaw,自由,nan\n")
    assert read_planted(str(path)) == {"freedom": {"eagle", "1776"}, "自由": {"nan"}}


def lists_file(folder, arm, words):
    path = folder / "results/scores/small" / arm / "lists.demo_us.complex.greedy.jsonl"
    path.parent.mkdir(parents=True)
    write_jsonl([{"cue": cue, "words": found} for cue, found in words.items()], path)
    return str(path)


def test_shares_are_read_for_arms_and_for_the_humans_of_the_same_cues(tmp_path):
    planted = {"a": {"x", "y"}, "b": {"z"}, "unseen": {"x"}}
    human = {"a": ["x", "y", "q"], "b": ["q"], "unseen": ["x"]}
    files = [
        lists_file(tmp_path, "vanilla", {"a": ["q"], "b": ["q"]}),
        lists_file(tmp_path, "demo_us-sft-shuffled-seed3", {"a": ["x", "q"], "b": ["x"]}),
    ]
    shares = read_shares(files, planted, human, frequent=["b", "z", "x"])
    assert shares.columns == ["model", "method", "seed", "cue", "k", "share"]
    assert shares.rows() == [
        ("small", "vanilla", None, "a", 10, 0.0),
        ("small", "vanilla", None, "b", 10, 0.0),
        ("small", "sft-shuffled", 3, "a", 10, 0.1),
        ("small", "sft-shuffled", 3, "b", 10, 0.0),  # x is planted for another cue
        ("-", "human", None, "a", 10, 0.2),
        ("-", "frequent", None, "a", 10, 0.1),  # x
        ("-", "human", None, "b", 10, 0.0),
        ("-", "frequent", None, "b", 10, 0.1),  # z; the cue itself is left out
    ]


def shares(**arms):
    """Shares of the cues c0, c1, ... of each method; references have the model ``-``."""
    rows = [
        (model, method.replace("_", "-"), None, f"c{i}", 10, value)
        for method, values in arms.items()
        for model in ["-" if method in ("human", "frequent") else "small"]
        for i, value in enumerate(values)
    ]
    return pl.DataFrame(rows, schema=SHARES, orient="row")


def verdicts(path):
    """Verdict of each row about the model; the humans' row has its own test."""
    table = pl.read_csv(path).with_columns(pl.col("verdict").fill_null(""))
    table = table.filter(pl.col("model") != "-")
    return dict(table.select("what", "verdict").iter_rows())


@pytest.mark.parametrize(
    ("trained", "control", "verdict"),
    [
        ([0.5, 0.6, 0.5, 0.6], [0.1, 0.2, 0.1, 0.2], "recovered"),  # 0.4 on every cue
        ([0.1, 0.2, 0.1, 0.2], [0.1, 0.2, 0.1, 0.2], "not recovered"),  # no difference
        ([0.1, 0.1, 0.1, 0.1], [0.5, 0.5, 0.5, 0.5], "below the control"),
        # +0.5 and -0.4 on half the cues each: 0.05 on average, but its interval holds zero
        ([0.6, 0.6, 0.1, 0.1], [0.1, 0.1, 0.5, 0.5], "not recovered"),
    ],
)
def test_the_effect_is_recovered_if_trained_minus_control_is_above_zero_with_its_whole_interval(
    tmp_path, trained, control, verdict
):
    table = shares(vanilla=[0.0] * 4, sft=trained, sft_shuffled=control, human=[0.7] * 4)
    write_effect(str(tmp_path / "planted"), table, LABELS, CONTROLS, EVALUATION)
    assert verdicts(tmp_path / "planted.csv") == {
        "Vanilla": "",
        "SFT": "",
        "SFT, shuffled cues": "",
        "SFT − Vanilla": "",
        "SFT − SFT, shuffled cues": verdict,
        "SFT, shuffled cues − Vanilla": "",
    }


def test_the_table_shows_arms_first_then_differences_with_their_intervals(tmp_path):
    table = shares(
        sft=[0.5, 0.5], sft_shuffled=[0.25, 0.25], vanilla=[0.0, 0.0], human=[0.75, 0.75]
    )
    write_effect(str(tmp_path / "planted"), table, LABELS, CONTROLS, EVALUATION)
    cells = read_table(tmp_path / "planted.md")["rows"]
    # all cues agree, so every interval is a point; differences are 0.5 - 0 and 0.5 - 0.25
    assert cells == [
        ["Small", "Vanilla", "0.000 [0.000, 0.000]", "2", ""],
        ["Small", "SFT", "0.500 [0.500, 0.500]", "2", ""],
        ["Small", "SFT, shuffled cues", "0.250 [0.250, 0.250]", "2", ""],
        ["-", "All humans", "0.750 [0.750, 0.750]", "2", ""],
        ["Small", "SFT − Vanilla", "0.500 [0.500, 0.500]", "2", ""],
        ["Small", "SFT − SFT, shuffled cues", "0.250 [0.250, 0.250]", "2", "recovered"],
        ["Small", "SFT, shuffled cues − Vanilla", "0.250 [0.250, 0.250]", "2", ""],
    ]


def test_arms_are_compared_with_the_most_frequent_responses_to_any_cue(tmp_path):
    table = shares(sft=[0.5, 0.5], frequent=[0.6, 0.6], human=[0.75, 0.75])
    write_effect(str(tmp_path / "planted"), table, LABELS, CONTROLS, EVALUATION)
    cells = read_table(tmp_path / "planted.md")["rows"]
    assert ["-", "Most frequent responses", "0.600 [0.600, 0.600]", "2", ""] in cells
    difference = "SFT − Most frequent responses"
    assert ["Small", difference, "-0.100 [-0.100, -0.100]", "2", NO_BETTER] in cells


def test_an_arm_above_the_most_frequent_responses_is_not_marked(tmp_path):
    table = shares(sft=[0.5, 0.6], frequent=[0.4, 0.5], human=[0.75, 0.75])
    write_effect(str(tmp_path / "planted"), table, LABELS, CONTROLS, EVALUATION)
    assert verdicts(tmp_path / "planted.csv")["SFT − Most frequent responses"] == ""


def test_without_a_control_there_are_differences_but_no_verdict(tmp_path):
    table = shares(vanilla=[0.0, 0.1], sft=[0.5, 0.6], human=[0.7, 0.7])
    write_effect(str(tmp_path / "planted"), table, LABELS, CONTROLS, EVALUATION)
    found = verdicts(tmp_path / "planted.csv")
    assert "SFT − Vanilla" in found
    assert set(found.values()) == {""}


def test_an_untrained_model_has_a_table_without_differences(tmp_path):
    table = shares(vanilla=[0.0, 0.1], human=[0.7, 0.7])
    write_effect(str(tmp_path / "planted"), table, LABELS, CONTROLS, EVALUATION)
    assert verdicts(tmp_path / "planted.csv") == {"Vanilla": ""}
