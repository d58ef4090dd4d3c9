"""Entry of rule ``tabulate_human_attributes``: the human row under three definitions."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.config.evaluate import Evaluation
from culturalign.data.norms import ratings
from culturalign.report.attributes import human_table

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        human_table.write_humans(
            jobs.stem(snakemake.output[0]),
            human_table.human_rows(
                pl.read_parquet(snakemake.input.humans),
                Evaluation(**snakemake.params.evaluation),
                snakemake.input.domains,
            ),
            ratings.read_record(Path(snakemake.input.record)),
            first=snakemake.params.first,
        )
