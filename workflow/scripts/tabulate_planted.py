"""Entry of rule ``tabulate_planted``: the recovered share of a known effect."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.config.evaluate import Evaluation
from culturalign.data.associations import ranked_responses
from culturalign.report import planted_table
from culturalign.scores.list_baselines import zero_knowledge

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        associations = pl.read_parquet(snakemake.input.associations)
        shares = planted_table.read_shares(
            snakemake.input.lists,
            *planted_table.read_planted(snakemake.input.planted),
            ranked_responses(associations),
            zero_knowledge(
                associations,
                pl.read_parquet(snakemake.input.splits),
                most=planted_table.FIRST,
                seed=snakemake.params.seed,
            ),
        )
        planted_table.write_effect(
            jobs.stem(snakemake.output[0]),
            shares,
            snakemake.params.labels,
            snakemake.params.controls,
            Evaluation(**snakemake.params.evaluation),
        )
