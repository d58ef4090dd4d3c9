"""The known effect of the synthetic world: its share in lists, and the verdict."""

import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.report import planted_table
from culturalign.report.generation_tables import ZERO
from culturalign.report.planted_table import NO_BETTER, NOT_ATTRIBUTABLE
from tests.unit.report.labels import lists_file

EVALUATION = Evaluation(precision_at=[5], lower=5, upper=5, resamples=300)
LABELS = {"models": {"small": "Small"}, "cultures": {"demo_a": "demo A"},
          "methods": {"sft": "SFT", "sft-shuffled": "SFT, shuffled cues"}}  # fmt: skip
CONTROLS = ["sft-shuffled"]


@pytest.mark.parametrize(
    ("words", "planted", "share"),
    [
        (["liberty", "cat", "eagle"], {"liberty", "eagle", "flag"}, 0.2),  # two of ten places
        ([], {"liberty"}, 0), (["liberty"], set(), 0), (list("abcdefghij"), set("abcdefghij"), 1),
        (["cat"] * 9 + ["liberty"], {"liberty"}, 0.1), (["cat"] * 10 + ["liberty"], {"liberty"}, 0),
    ],
)  # fmt: skip
def test_the_planted_share_is_of_ten_places_however_long_the_list(tmp_path, words, planted, share):
    file = lists_file(tmp_path, "small", "vanilla", [{"cue": "a", "words": words}])
    found = planted_table.read_shares([file], {"a": planted}, {"a": "law"}, {"a": []}, {})
    assert found["share"][0] == pytest.approx(share)


def test_planted_associates_are_read_cue_by_cue_as_text(tmp_path):
    path = tmp_path / "planted.csv"
    path.write_text("domain,cue,response\nlaw,freedom,eagle\nlaw,freedom,1776\nlaw,自由,nan\n")
    found = planted_table.read_planted(str(path))
    assert found == (
        {"freedom": {"eagle", "1776"}, "自由": {"nan"}}, {"freedom": "law", "自由": "law"}
    )  # fmt: skip


def test_shares_are_read_for_arms_and_for_the_humans_of_the_same_cues(tmp_path):
    planted = {"a": {"x", "y"}, "b": {"z"}, "unseen": {"x"}}
    human = {"a": ["x", "y", "q"], "b": ["q"], "unseen": ["x"]}
    files = [
        lists_file(tmp_path, "small", "vanilla", [{"cue": cue, "words": ["q"]} for cue in "ab"]),
        lists_file(tmp_path, "small", "us-sft-shuffled-seed3",
                   [{"cue": "a", "words": ["x", "q"]}, {"cue": "b", "words": ["x"]}]),
    ]  # fmt: skip
    zero = {"frequent": {"a": ["z", "x"], "b": ["z"]}, "backward": {"a": ["y", "x"], "b": []}}
    domains = {"a": "law", "b": "food"}
    shares = planted_table.read_shares(files, planted, domains, human, zero)
    assert shares.filter(method="sft-shuffled")["found"].to_list() == [[True, False], [False]]
    assert dict(zip(shares["cue"], shares["cluster"], strict=True)) == domains
    assert shares.drop("found", "cluster").rows() == [
        ("small", "vanilla", None, "a", 10, 0.0),
        ("small", "vanilla", None, "b", 10, 0.0),
        ("small", "sft-shuffled", 3, "a", 10, 0.1),
        ("small", "sft-shuffled", 3, "b", 10, 0.0),  # x is planted for another cue
        ("-", "human", None, "a", 10, 0.2),
        ("-", "frequent", None, "a", 10, 0.1),  # x
        ("-", "backward", None, "a", 10, 0.2),
        ("-", "human", None, "b", 10, 0.0),
        ("-", "frequent", None, "b", 10, 0.1),  # z
        ("-", "backward", None, "b", 10, 0.0),
    ]


def shares(**arms):
    """Shares of the cues c0, c1, ... of each method; references have the model ``-``."""
    rows = [
        (model, method.replace("_", "-"), None, f"c{i}", 10, value,
         [place < round(10 * value) for place in range(10)], f"d{i}")
        for method, values in arms.items()
        for model in ["-" if method in ("human", *ZERO) else "small"]
        for i, value in enumerate(values)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=planted_table.SHARES, orient="row")


@pytest.fixture
def effect(written):
    """Write the table of some arms; returns its rows, and the verdicts about the model."""

    def effect(**arms):
        given = shares(**arms), LABELS, CONTROLS, EVALUATION
        rows = written(planted_table.write_effect, *given)[1]
        return rows, {row[1]: row[-1] for row in rows if row[0] == "Small"}

    return effect


@pytest.mark.parametrize(
    ("trained", "control", "backward", "verdict"),
    [
        ([0.5, 0.6, 0.4, 0.7, 0.8], [0.1] * 5, 0.3, "recovered"),  # 0.3 to 0.7; at least 0.1
        ([0.5, 0.6, 0.4, 0.7, 0.8], [0.1] * 5, 0.9, NOT_ATTRIBUTABLE),  # counting is better
        ([0.5, 0.6, 0.4, 0.7, 0.8], [0.1] * 5, 0.63, NOT_ATTRIBUTABLE),  # and here as good
        ([0.1, 0.2, 0.1, 0.2, 0.1], [0.1, 0.2, 0.1, 0.2, 0.1], 0.0, "not recovered"),  # alike
        ([0.1] * 5, [0.5, 0.6, 0.7, 0.8, 0.4], 0.0, "below the control"),
        # 0.5, 0.4, -0.4, -0.3, 0.1: 0.06 on average, but its interval holds zero
        ([0.6, 0.5, 0.1, 0.1, 0.2], [0.1, 0.1, 0.5, 0.4, 0.1], 0.0, "not recovered"),
        ([0.5, 0.6, 0.5, 0.7], [0.1] * 4, 0.0, "not recovered"),  # four cues show nothing
    ],
)
def test_the_effect_is_recovered_if_training_beats_the_control_and_zero_knowledge(
    effect, trained, control, backward, verdict
):
    arms = {"vanilla": [0.0] * 5, "sft": trained, "sft_shuffled": control, "human": [0.7] * 5}
    _, verdicts = effect(**arms, frequent=[0.0] * 5, backward=[backward] * 5)
    assert verdicts.pop("SFT − SFT, shuffled cues") == verdict
    assert set(verdicts.values()) <= {"", NO_BETTER}


def test_without_lists_of_zero_knowledge_nothing_is_recovered(effect):
    _, verdicts = effect(sft=[0.5] * 5, sft_shuffled=[0.1] * 5)
    assert verdicts["SFT − SFT, shuffled cues"] == NOT_ATTRIBUTABLE


def test_the_table_shows_arms_first_then_differences_with_their_intervals(effect):
    rows, _ = effect(sft=[0.5] * 2, sft_shuffled=[0.2] * 2, vanilla=[0.0] * 2, human=[0.75] * 2)
    # two cues have no interval; differences are 0.5 - 0 and 0.5 - 0.2
    assert rows == [
        ["Small", "Vanilla", "0.000", "2", "2", "1", ""],
        ["Small", "SFT", "0.500", "2", "2", "1", ""],
        ["Small", "SFT, shuffled cues", "0.200", "2", "2", "1", ""],
        ["-", "All humans", "0.750", "2", "2", "1", ""],
        ["Small", "SFT − Vanilla", "0.500", "2", "2", "1", ""],
        ["Small", "SFT − SFT, shuffled cues", "0.300", "2", "2", "1", "not recovered"],
        ["Small", "SFT, shuffled cues − Vanilla", "0.200", "2", "2", "1", ""],
    ]


@pytest.mark.parametrize(
    ("frequent", "shown", "verdict"), [(0.6, "-0.080 [", NO_BETTER), (0.25, "0.270 [", "")]
)
def test_arms_are_compared_with_the_most_frequent_responses(effect, frequent, shown, verdict):
    rows, _ = effect(sft=[0.5, 0.52, 0.48, 0.51, 0.59], frequent=[frequent] * 5)
    assert rows[1][:2] == ["-", "Most frequent responses"]
    assert rows[2][:2] + rows[2][3:] == [
        "Small",
        "SFT − Most frequent responses",
        "5",
        "5",
        "1",
        verdict,
    ]
    assert rows[2][2].startswith(shown)


def test_without_a_control_there_are_differences_but_no_verdict(effect):
    _, verdicts = effect(vanilla=[0.0, 0.1], sft=[0.5, 0.6])
    assert verdicts == {"Vanilla": "", "SFT": "", "SFT − Vanilla": ""}
    assert effect(vanilla=[0.0, 0.1], human=[0.7, 0.7])[1] == {"Vanilla": ""}


def test_domains_are_the_units_not_their_cues(written):
    """Twenty cues of four domains: as many numbers as a table of eighty, and no interval."""
    table = shares(sft=[0.5, 0.6, 0.4, 0.7] * 5, sft_shuffled=[0.1] * 20, frequent=[0.0] * 20)
    domain = pl.format("d{}", pl.col("cue").str.strip_prefix("c").cast(pl.Int64) % 4)
    few = table.with_columns(cluster=domain)
    for given, domains, verdict in ((table, "20", "recovered"), (few, "4", "not recovered")):
        rows = written(planted_table.write_effect, given, LABELS, CONTROLS, EVALUATION)[1]
        (row,) = [row for row in rows if row[1] == "SFT − SFT, shuffled cues"]
        assert (row[3], row[4], row[-1]) == ("20", domains, verdict)


def test_a_longer_list_is_no_better_than_its_control(written):
    """The same first words: a list of ten against one of four."""
    table = shares(sft=[0.8, 0.7, 0.9, 0.8, 0.8, 0.7], sft_shuffled=[0.4] * 6)
    short = pl.when(method="sft-shuffled").then(pl.col("found").list.head(4)).otherwise("found")
    rows = written(planted_table.write_effect, table.with_columns(found=short), LABELS, CONTROLS,
                   EVALUATION)[1]  # fmt: skip
    shown = {row[1]: (row[2], row[-1]) for row in rows}
    assert shown["SFT"][0].startswith("0.783 [")
    assert shown["SFT − SFT, shuffled cues"] == ("0.000 [0.000, 0.000]", "not recovered")


@pytest.mark.parametrize("method", ["sft_shuffled", "frequent"])
def test_the_table_says_that_an_arm_and_its_control_are_cut_to_equal_length(tmp_path, method):
    table = shares(sft=[0.8] * 6, **{method: [0.4] * 6})
    planted_table.write_effect(str(tmp_path / "t"), table, LABELS, CONTROLS, EVALUATION)
    noted = "cut to the shorter one" in (tmp_path / "t.md").read_text()
    assert noted is (method == "sft_shuffled")  # other differences are those of the means


def test_what_other_cultures_teach_too_is_not_recovered(written):
    labels = LABELS | {"methods": LABELS["methods"] | {"sft@cn": "SFT, CN"}}
    own = [0.5, 0.6, 0.4, 0.7, 0.8]
    for other, verdict in (([0.5, 0.5, 0.5, 0.6, 0.9], NOT_ATTRIBUTABLE), ([0.1] * 5, "recovered")):
        table = shares(sft=own, sft_shuffled=[0.1] * 5, frequent=[0.0] * 5, **{"sft@cn": other})
        rows = written(planted_table.write_effect, table, labels, CONTROLS, EVALUATION)[1]
        assert {row[1]: row[-1] for row in rows}["SFT − SFT, shuffled cues"] == verdict
