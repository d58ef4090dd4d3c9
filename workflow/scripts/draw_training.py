"""Entry of rule ``draw_training``: training and validation loss."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.report import figures, training_figures

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        labels = snakemake.params.labels
        rows = training_figures.read_logs(snakemake.input.logs, labels)
        figures.save(
            training_figures.draw_training(rows, labels), rows, jobs.stem(snakemake.output[0])
        )
