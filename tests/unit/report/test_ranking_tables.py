"""Tables 3 and 4, and the tables next to them: rows, order, labels and numbers."""

import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.report.ranking_tables import write_ceiling, write_contrasts, write_main
from culturalign.scores.ranking_scores import ARM_COLUMNS
from tests.unit.report.labels import LABELS

EVALUATION = Evaluation(resamples=200)
WHO = {"culture": pl.String, "model": pl.String, "method": pl.String, "seed": pl.Int64}


def arm(model, method, rhos, *, seed=None):
    """Cues with the given rhos of their examples; None is an answer without a ranking."""
    rows = []
    for cue, rho in ((cue, rho) for cue, mine in rhos.items() for rho in mine):
        value, there = (-1.0, False) if rho is None else (rho, True)
        row = ("us", model, method, seed, cue, 0, 10, value, value, 0.9, 0.3, 0.4, value / 2)
        rows.append((*row, there, there, 0, 0, 0, False))
    return pl.DataFrame(rows, schema=WHO | ARM_COLUMNS, orient="row")


@pytest.fixture
def tabled(written):
    """Write a table; returns the rows of its csv, and those of its page."""

    def tabled(write, *arms):
        controls = [["sft-shuffled"]] if write is write_contrasts else []
        _, shown, numbers = written(write, pl.concat(arms), LABELS, *controls, EVALUATION)
        return numbers.rows(named=True), shown

    return tabled


VANILLA = arm("llama", "vanilla", {"cat": [0.2], "dog": [None]})
PPO = arm("llama", "ppo", {"cat": [0.5], "dog": [0.3]}, seed=0)
CORPUS = arm("-", "corpus", {"cat": [0.1], "dog": [0.1]})


def test_the_main_table_counts_failures_as_minus_one_and_shows_their_share(tabled):
    (vanilla, ppo), shown = tabled(write_main, PPO, VANILLA)
    assert list(vanilla)[:3] == ["M Type", "M Class", "SWOW"]
    assert [row[:3] for row in shown] == [["Vanilla", "Llama", "-"], ["PPO", "Llama", "US"]]
    assert vanilla["rho"] == pytest.approx((0.2 - 1) / 2)
    assert (vanilla["incomplete"], vanilla["unparsed"], vanilla["rho_n"]) == (0.5, 0.5, 2)
    assert (vanilla["rho_complete"], vanilla["rho_complete_n"]) == (0.2, 1)
    assert ppo["rho"] == pytest.approx(0.4)
    assert ppo["rho_low"] is None  # two cues
    assert shown[0][-2:] == ["0.200 (1)", "2"]


def test_an_arm_without_any_ranking_has_a_dash_for_the_complete_ones(tabled):
    _, (row,) = tabled(write_main, arm("llama", "vanilla", {"cat": [None]}))
    assert row[3] == "-1.000" and row[-2:] == ["-", "1"]


def test_examples_of_a_cue_are_averaged_first_so_that_each_cue_counts_alike(tabled):
    uneven = arm("llama", "vanilla", {"cat": [0.0, 0.0, 0.0], "dog": [1.0]})
    assert tabled(write_main, uneven)[0][0]["rho"] == 0.5


def test_contrasts_are_paired_by_cue(tabled):
    (vanilla, corpus), _ = tabled(write_contrasts, VANILLA, PPO, CORPUS)
    assert vanilla["Difference"] == "PPO − Vanilla"
    assert corpus["Difference"] == "PPO − Frequency in the corpus"
    assert [vanilla["rho"], corpus["rho"]] == pytest.approx([(0.3 + 1.3) / 2, 0.3])


def test_contrasts_distinguish_better_rankings_from_fewer_failures(tabled):
    # PPO does not rank better than vanilla where both rank, and 0.1 worse on one cue; it fails less
    ppo = arm("llama", "ppo", {"cat": [0.2], "cow": [0.3], "dog": [0.3]}, seed=0)
    vanilla = arm("llama", "vanilla", {"cat": [0.2], "cow": [0.4], "dog": [None]})
    corpus = arm("-", "corpus", {"cat": [0.1], "cow": [0.1], "dog": [0.1]})
    corpus = corpus.with_columns(complete=pl.lit(None, pl.Boolean))  # it does not answer
    (first, second), shown = tabled(write_contrasts, vanilla, ppo, corpus)
    assert first["rho"] == pytest.approx((0 - 0.1 + 1.3) / 3)
    assert (first["rho_both"], first["rho_both_n"]) == (pytest.approx(-0.05), 2)
    assert (first["incomplete"], first["incomplete_n"]) == (pytest.approx(-1 / 3), 3)
    assert (second["rho_both_n"], second["incomplete"]) == (3, 0)
    assert shown[0][-2:] == ["-0.050 (2)", "3"]


def test_a_cue_counts_as_ranked_by_both_only_if_every_answer_to_it_is_complete(tabled):
    ppo = arm("llama", "ppo", {"cat": [0.5, None], "dog": [0.5, 0.7]}, seed=0)
    vanilla = arm("llama", "vanilla", {"cat": [0.2, 0.2], "dog": [0.2, 0.2]})
    (row,), _ = tabled(write_contrasts, vanilla, ppo)
    assert (row["rho_both"], row["rho_both_n"]) == (pytest.approx(0.4), 1)
    vanilla = arm("llama", "vanilla", {"cat": [None], "dog": [None]})  # no cue at all: a dash
    _, (row,) = tabled(write_contrasts, vanilla, PPO)
    assert row[-2:] == ["-", "2"] and row[4] == "-1.000"


def test_the_ceiling_shows_humans_only_half_against_half(tabled):
    human = arm("-", "human", {"cat": [0.7], "dog": [0.7]}).with_columns(
        pl.lit(None, pl.Float64).alias("rho"),
        pl.lit(None, pl.Float64).alias("ratio"),
        pl.lit(None, pl.Boolean).alias("complete"),
    )
    _, shown = tabled(write_ceiling, human, VANILLA, PPO, CORPUS)
    rows = {row[0]: row[2:] for row in shown}
    assert list(rows) == ["Vanilla", "PPO", "Half of the humans", "Frequency in the corpus"]
    halves = ["0.300", "0.400"]
    assert rows["Half of the humans"] == ["-", "-", *halves, "-"]
    assert rows["PPO"][0] == "0.400"
    assert rows["Vanilla"][-1].startswith("0.500")  # half of its answers are failures


def test_the_best_ranking_is_a_maximum_and_has_no_interval(tabled):
    cues = {f"cue{number}": [1.0 - number / 10] for number in range(6)}
    rows, shown = tabled(write_ceiling, arm("-", "best", cues), arm("-", "corpus", cues))
    assert {row[0]: row[2] for row in shown}["Best strict ranking"] == "0.750"
    ends = {row["method"]: (row["rho_low"], row["rho_high"]) for row in rows}
    assert ends["best"] == (None, None) and None not in ends["corpus"]


def test_without_participants_the_ceiling_says_so(tabled):
    halves = [pl.lit(None, pl.Float64).alias(name) for name in ("rho_half", "ratio_half")]
    human = arm("-", "human", {"cat": [0.7]}).with_columns(
        *(pl.lit(None, pl.Float64).alias(name) for name in ("rho", "ratio")),
        pl.lit(None, pl.Boolean).alias("complete"),
    )
    arms = [each.with_columns(halves) for each in (human, VANILLA, CORPUS)]
    _, shown = tabled(write_ceiling, *arms)
    rows = {row[0]: row[2:] for row in shown}
    assert list(rows) == ["Vanilla", "Half of the humans", "Frequency in the corpus"]
    none = "no participants in a strength table"
    assert rows["Half of the humans"] == ["-", "-", none, none, "-"]
    assert rows["Frequency in the corpus"][2:4] == ["-", "-"]
