"""Entry of rule ``draw_precision``: precision against K, with the human ceiling."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.evaluate import Evaluation
from culturalign.report import figures, generation_tables

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        labels = snakemake.params.labels
        scores = generation_tables.read_scores(
            snakemake.input.precision, snakemake.input.references
        )
        everyone, half = generation_tables.precision_lines(
            scores, labels, Evaluation(**snakemake.params.evaluation)
        )
        cultures = {
            name: labels["cultures"][name]
            for name in everyone["culture"].unique(maintain_order=True)
        }
        figure = figures.draw_precision(everyone, half, cultures)
        figures.save(
            figure, generation_tables.stacked(everyone, half), jobs.stem(snakemake.output[0])
        )
