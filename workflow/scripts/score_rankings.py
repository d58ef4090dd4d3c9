"""Entry of rule ``score_rankings``: an arm's rankings, example by example."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import arms, jobs
from culturalign.config.ranking import RewardRules
from culturalign.data.normalize import normalize
from culturalign.files import jsonl
from culturalign.scores import ranking_references, ranking_scores

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.rankings) as (path,):
        samples = jsonl.read_jsonl(Path(snakemake.input.samples))
        halves = ranking_references.half_counts(
            pl.read_parquet(snakemake.input.responses),
            [sample["cue"] for sample in samples],
            repeats=snakemake.params.split_halves,
            seed=snakemake.params.seed,
        )
        arm = arms.parse_arm(snakemake.wildcards.arm)
        reward = RewardRules(**snakemake.params.reward)
        normalizer = partial(normalize, **snakemake.params.rules)
        scores = ranking_scores.score_arm(samples, halves, reward, normalizer)
        scores.select(
            pl.lit(snakemake.wildcards.culture).alias("culture"),
            pl.lit(snakemake.wildcards.model).alias("model"),
            pl.lit(arm.method).alias("method"),
            pl.lit(arm.seed, dtype=pl.Int64).alias("seed"),
            pl.all(),
        ).write_parquet(path)
