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
            snakemake.input.precision, snakemake.input.references, snakemake.input.domains
        )
        evaluation = Evaluation(**snakemake.params.evaluation)
        rows = generation_tables.precision_lines(scores, labels, evaluation)
        figure = figures.draw_precision(rows, labels)
        figures.save(figure, rows, jobs.stem(snakemake.output[0]))
