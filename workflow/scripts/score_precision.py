"""Entry of rule ``score_precision``: an arm's precision, cue by cue."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.word_scores import PRECISION
from culturalign.files.jsonl import read_jsonl
from culturalign.scores import arm_columns, precision
from culturalign.scores.halves import read_responses

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.precision) as (path,):
        scores = precision.score_arm(
            read_jsonl(Path(snakemake.input.lists)),
            read_responses(snakemake.input.responses),
            pl.read_parquet(snakemake.input.associations),
            snakemake.params.ks,
            repeats=snakemake.params.split_halves,
            seed=snakemake.params.seed,
        )
        write_artifact(arm_columns.with_arm(scores, **snakemake.wildcards), path, PRECISION)
