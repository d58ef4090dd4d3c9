"""Entry of rule ``draw_leanings``: distances of answers to both poles."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.report import figures
from culturalign.report.survey import comparison, leaning_figure

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        figure, numbers = leaning_figure.leanings(
            comparison.read_arms(snakemake.input.divergence, snakemake.params.asked),
            pl.read_parquet(snakemake.input.references),
            pl.read_parquet(snakemake.input.tension),
            tuple(snakemake.params.poles),
            snakemake.params.labels,
            snakemake.params.nations,
            scoring=snakemake.params.scoring,
            form=snakemake.params.form,
        )
        figures.save(figure, numbers, jobs.stem(snakemake.output[0]))
