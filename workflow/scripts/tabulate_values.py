"""Entry of rule ``tabulate_values``: distances of arms to their countries."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.evaluate import Evaluation
from culturalign.summary import interval_of
from culturalign.survey import gather, tables

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        scores = gather.divergences(snakemake.input.divergence, snakemake.params.countries)
        rows = tables.value_rows(
            scores,
            interval_of(Evaluation(**snakemake.params.evaluation)),
            snakemake.params.labels,
            snakemake.params.nations,
        )
        tables.write_values(jobs.stem(snakemake.output[0]), rows)
