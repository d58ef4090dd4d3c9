"""Entry of rule ``tabulate_planted``: the recovered share of a known effect."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs, planted, precision, splits
from culturalign.associations import ranked_responses
from culturalign.config.evaluate import Evaluation

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        associations = pl.read_parquet(snakemake.input.associations)
        cues = splits.cues_of(pl.read_parquet(snakemake.input.splits), "train")
        training = associations.filter(pl.col("cue").is_in(cues))
        shares = planted.read_shares(
            snakemake.input.lists,
            planted.read_planted(snakemake.input.planted),
            ranked_responses(associations),
            precision.frequent_responses(training, most=planted.FIRST + 1),
        )
        planted.write_effect(
            jobs.stem(snakemake.output[0]),
            shares,
            snakemake.params.labels,
            snakemake.params.controls,
            Evaluation(**snakemake.params.evaluation),
        )
