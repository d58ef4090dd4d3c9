"""Entry of rule ``draw_topics``: distances by topic."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.report import figures
from culturalign.report.survey import comparison, topic_figure

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        measure, scoring = snakemake.params.measure, snakemake.params.scoring
        numbers = topic_figure.topic_rows(
            comparison.read_arms(snakemake.input.divergence, snakemake.params.asked),
            pl.read_parquet(snakemake.input.references),
            measure,
            snakemake.params.country,
            snakemake.params.labels,
            scoring=scoring,
            confidence=snakemake.params.confidence,
        )
        figure = topic_figure.draw(numbers, measure, scoring, snakemake.params.nation)
        figures.save(figure, numbers, jobs.stem(snakemake.output[0]))
