"""Entry of rule ``tabulate_planted``: the recovered share of a known effect."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.config.evaluate import Evaluation
from culturalign.data import splits
from culturalign.data.associations import ranked_responses
from culturalign.report import planted_table
from culturalign.scores import precision

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        associations = pl.read_parquet(snakemake.input.associations)
        cues = splits.cues_of(pl.read_parquet(snakemake.input.splits), "train")
        training = associations.filter(pl.col("cue").is_in(cues))
        shares = planted_table.read_shares(
            snakemake.input.lists,
            planted_table.read_planted(snakemake.input.planted),
            ranked_responses(associations),
            precision.frequent_responses(training, most=planted_table.FIRST + 1),
        )
        planted_table.write_effect(
            jobs.stem(snakemake.output[0]),
            shares,
            snakemake.params.labels,
            snakemake.params.controls,
            Evaluation(**snakemake.params.evaluation),
        )
