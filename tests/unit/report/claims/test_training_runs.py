"""Training runs differ by chance: intervals and claims of several runs have that chance in them."""

import numpy as np
import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.report import arm_tables, ranking_tables
from culturalign.report.claims import checking
from culturalign.report.claims.verdicts import SUPPORTED
from culturalign.report.generation_tables import REFERENCE, write_contrasts, write_main
from culturalign.stats.summary import contrast
from tests.unit.report.claims.small_world import CLAIMS, CONTROL, LABELS, world

CUES, SPREAD = 40, 0.08
"""Spread of the mean between training runs."""
EVALUATION = Evaluation(precision_at=[5], lower=5, upper=5, resamples=100)


def scores(rng, seeds, name="precision"):
    """SFT and its control know as much; each training run is a little better or worse on all cues,
    and all arms find the same cues hard."""
    level = rng.normal(0.5, 0.1, CUES)
    rows = [
        ("us", "llama", "vanilla", None, f"c{i}", 5, 0.1 + rng.normal(0, 0.02)) for i in range(CUES)
    ]
    for method in ("sft", CONTROL):
        for seed in range(seeds):
            mine = level + rng.normal(0, SPREAD) + rng.normal(0, 0.05, CUES)
            rows += [("us", "llama", method, seed, f"c{i}", 5, x) for i, x in enumerate(mine)]
    names = ["culture", "model", "method", "seed", "cue", "k", name]
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)


def status(table):
    pairs = arm_tables.contrast_pairs(table, [CONTROL])
    rows = contrast(table, pairs, "precision", EVALUATION)
    tables = {"table1_contrasts": arm_tables.name_arms(rows, LABELS, REFERENCE)}
    (found,) = checking.check_claims([CLAIMS["knowledge_english"]], world(tables, models=["Llama"]))
    return found.status


def test_one_run_is_taken_for_knowledge_and_several_are_not():
    rng, runs = np.random.default_rng(0), 200
    shown = {seeds: sum(status(scores(rng, seeds)) == SUPPORTED for _ in range(runs))
             for seeds in (1, 2, 3)}  # fmt: skip
    assert shown[1] >= 0.2 * runs  # which is why such a status says "one training run"
    assert max(shown[2], shown[3]) <= 0.07 * runs


def test_intervals_of_tables_have_the_runs_in_them(tmp_path):
    """Those of tables 1 and 3 and of their differences are wider than over cues of the mean run."""
    stem, table = str(tmp_path / "table1"), scores(np.random.default_rng(1), 3)
    mean = table.group_by("culture", "model", "method", "cue", "k").agg(
        pl.col("precision").mean(), seed=pl.col("seed").min()
    )
    widths = {}
    for name, given in (("runs", table), ("mean", mean)):
        write_main(stem, given, LABELS, EVALUATION)
        write_contrasts(f"{stem}_contrasts", given, LABELS, [CONTROL], EVALUATION)
        rho = given.rename({"precision": "rho"}).with_columns(
            k=10, ratio="rho", reward="rho", complete=True, parsed=True, truncated=False
        )
        ranking_tables.write_main(str(tmp_path / "table3"), rho, LABELS, EVALUATION)
        widths[name] = [
            pl.read_csv(tmp_path / f"{file}.csv", infer_schema_length=None)
            .filter(method="sft", **more).select(pl.col(high) - pl.col(low)).item()
            for file, low, high, more in (
                ("table1", "low", "high", {}),
                ("table1_contrasts", "low", "high", {"minus": CONTROL}),
                ("table3", "rho_low", "rho_high", {}),
            )
        ]  # fmt: skip
    assert all(x > 1.5 * y for x, y in zip(widths["runs"], widths["mean"], strict=True)), widths
