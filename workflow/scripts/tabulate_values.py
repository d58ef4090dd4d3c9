"""Entry of rule ``tabulate_values``: distances of arms to their countries."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.evaluate import Evaluation
from culturalign.summary import interval_of, intervals_of
from culturalign.survey import contrast_table, gather, tables

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        parameters = snakemake.params
        scores = gather.divergences(snakemake.input.divergence, parameters.countries)
        evaluation, names = (
            Evaluation(**parameters.evaluation),
            (parameters.labels, parameters.nations),
        )
        engines = gather.engines(snakemake.input.records)
        tables.write_values(
            jobs.stem(snakemake.output[0]),
            tables.value_rows(scores, interval_of(evaluation), *names, parameters.baselines),
            engines,
        )
        contrast_table.write_contrasts(
            jobs.stem(snakemake.output[3]),
            contrast_table.contrast_rows(
                scores, intervals_of(evaluation), *names, parameters.controls
            ),
            *names,
            engines,
        )
