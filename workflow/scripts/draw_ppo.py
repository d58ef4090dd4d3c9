"""Entry of rule ``draw_ppo``: the training logs of PPO."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.report import figures, training_figures

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        labels = snakemake.params.labels
        rows = training_figures.read_logs(snakemake.input.logs, labels)
        figures.save(training_figures.draw_ppo(rows, labels), rows, jobs.stem(snakemake.output[0]))
