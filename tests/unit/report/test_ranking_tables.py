"""Tables 3 and 4, and the tables next to them: rows, order, labels and numbers."""

import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.report.page import read_table
from culturalign.report.ranking_tables import write_ceiling, write_contrasts, write_main
from culturalign.scores.ranking_scores import ARM_COLUMNS

EVALUATION = Evaluation(bootstrap=200)
LABELS = {
    "models": {"qwen": "Qwen", "llama": "Llama"},
    "methods": {"ppo": "PPO", "sft-shuffled": "SFT, shuffled cues"},
    "cultures": {"us": "US"},
}
WHO = {"culture": pl.String, "model": pl.String, "method": pl.String, "seed": pl.Int64}


def arm(model, method, rhos, *, seed=None):
    """Cues with the given rhos of their examples; None is an answer without a ranking."""
    rows = []
    for cue, rho in ((cue, rho) for cue, mine in rhos.items() for rho in mine):
        value, there = (-1.0, False) if rho is None else (rho, True)
        row = ("us", model, method, seed, cue, 0, 10, value, value, 0.9, 0.3, 0.4, value / 2)
        rows.append((*row, there, there, 0, 0, 0, False))
    return pl.DataFrame(rows, schema=WHO | ARM_COLUMNS, orient="row")


def shown(stem):
    return read_table(stem.with_suffix(".md"))["rows"]


VANILLA = arm("llama", "vanilla", {"cat": [0.2], "dog": [None]})
PPO = arm("llama", "ppo", {"cat": [0.5], "dog": [0.3]}, seed=0)
CORPUS = arm("-", "corpus", {"cat": [0.1], "dog": [0.1]})


def test_the_main_table_counts_failures_as_minus_one_and_shows_their_share(tmp_path):
    write_main(str(tmp_path / "t"), pl.concat([PPO, VANILLA]), LABELS, EVALUATION)
    table = pl.read_csv(tmp_path / "t.csv")
    assert table.columns[:3] == ["M Type", "M Class", "SWOW"]
    vanilla, ppo = table.rows(named=True)
    assert (vanilla["M Type"], vanilla["SWOW"], ppo["M Type"], ppo["SWOW"]) == (
        "Vanilla", "-", "PPO", "US",
    )  # fmt: skip
    assert vanilla["rho"] == pytest.approx((0.2 - 1) / 2)
    assert (vanilla["incomplete"], vanilla["unparsed"], vanilla["rho_n"]) == (0.5, 0.5, 2)
    assert (vanilla["rho_complete"], vanilla["rho_complete_n"]) == (0.2, 1)
    assert ppo["rho"] == pytest.approx(0.4)
    assert (ppo["rho_low"], ppo["rho_high"]) == pytest.approx((0.3, 0.5))
    cells = shown(tmp_path / "t")
    assert cells[0][-2:] == ["0.200 [0.200, 0.200] (1)", "2"]


def test_an_arm_without_any_ranking_has_a_dash_for_the_complete_ones(tmp_path):
    bad = arm("llama", "vanilla", {"cat": [None]})
    write_main(str(tmp_path / "t"), bad, LABELS, EVALUATION)
    (row,) = shown(tmp_path / "t")
    assert row[3].startswith("-1.000") and row[-2:] == ["-", "1"]


def test_examples_of_a_cue_are_averaged_first_so_that_each_cue_counts_alike(tmp_path):
    uneven = arm("llama", "vanilla", {"cat": [0.0, 0.0, 0.0], "dog": [1.0]})
    write_main(str(tmp_path / "t"), uneven, LABELS, EVALUATION)
    assert pl.read_csv(tmp_path / "t.csv")["rho"].to_list() == [0.5]


def test_contrasts_are_paired_by_cue(tmp_path):
    scores = pl.concat([VANILLA, PPO, CORPUS])
    write_contrasts(str(tmp_path / "t"), scores, LABELS, ["sft-shuffled"], EVALUATION)
    table = pl.read_csv(tmp_path / "t.csv")
    assert table["Difference"].to_list() == ["PPO − Vanilla", "PPO − Frequency in the corpus"]
    assert table["rho"].to_list() == pytest.approx([(0.3 + 1.3) / 2, 0.3])
    low, high = table.row(0, named=True)["rho_low"], table.row(0, named=True)["rho_high"]
    assert (low, high) == pytest.approx((0.3, 1.3))


def test_contrasts_distinguish_better_rankings_from_fewer_failures(tmp_path):
    # PPO ranks no better than vanilla where both rank, and 0.1 worse on one cue; it fails less.
    ppo = arm("llama", "ppo", {"cat": [0.2], "cow": [0.3], "dog": [0.3]}, seed=0)
    vanilla = arm("llama", "vanilla", {"cat": [0.2], "cow": [0.4], "dog": [None]})
    corpus = arm("-", "corpus", {"cat": [0.1], "cow": [0.1], "dog": [0.1]})
    corpus = corpus.with_columns(complete=pl.lit(None, pl.Boolean))  # it does not answer
    scores = pl.concat([vanilla, ppo, corpus])
    write_contrasts(str(tmp_path / "t"), scores, LABELS, [], EVALUATION)
    first, second = pl.read_csv(tmp_path / "t.csv").rows(named=True)
    assert first["rho"] == pytest.approx((0 - 0.1 + 1.3) / 3)
    assert (first["rho_both"], first["rho_both_n"]) == (pytest.approx(-0.05), 2)
    assert (first["incomplete"], first["incomplete_n"]) == (pytest.approx(-1 / 3), 3)
    assert (second["rho_both_n"], second["incomplete"]) == (3, 0)
    assert shown(tmp_path / "t")[0][-2:] == ["-0.050 [-0.100, 0.000] (2)", "3"]


def test_a_cue_counts_as_ranked_by_both_only_if_every_answer_to_it_is_complete(tmp_path):
    ppo = arm("llama", "ppo", {"cat": [0.5, None], "dog": [0.5, 0.7]}, seed=0)
    vanilla = arm("llama", "vanilla", {"cat": [0.2, 0.2], "dog": [0.2, 0.2]})
    write_contrasts(str(tmp_path / "t"), pl.concat([vanilla, ppo]), LABELS, [], EVALUATION)
    row = pl.read_csv(tmp_path / "t.csv").row(0, named=True)
    assert (row["rho_both"], row["rho_both_n"]) == (pytest.approx(0.4), 1)


def test_without_a_cue_that_both_ranked_there_is_a_dash(tmp_path):
    vanilla = arm("llama", "vanilla", {"cat": [None], "dog": [None]})
    write_contrasts(str(tmp_path / "t"), pl.concat([vanilla, PPO]), LABELS, [], EVALUATION)
    (row,) = shown(tmp_path / "t")
    assert row[-2:] == ["-", "2"] and row[4].startswith("-1.000")


def test_the_ceiling_shows_humans_half_against_half_only(tmp_path):
    human = arm("-", "human", {"cat": [0.7], "dog": [0.7]}).with_columns(
        pl.lit(None, pl.Float64).alias("rho"),
        pl.lit(None, pl.Float64).alias("ratio"),
        pl.lit(None, pl.Boolean).alias("complete"),
    )
    write_ceiling(str(tmp_path / "t"), pl.concat([human, VANILLA, PPO, CORPUS]), LABELS, EVALUATION)
    rows = {row[0]: row[2:] for row in shown(tmp_path / "t")}
    assert list(rows) == ["Vanilla", "PPO", "Half of the humans", "Frequency in the corpus"]
    halves = ["0.300 [0.300, 0.300]", "0.400 [0.400, 0.400]"]
    assert rows["Half of the humans"] == ["-", "-", *halves, "-"]
    assert rows["PPO"][0] == "0.400 [0.300, 0.500]"
    assert rows["Vanilla"][-1].startswith("0.500")  # a score of half of them is of a failure
