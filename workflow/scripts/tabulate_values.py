"""Entry of rule ``tabulate_values``: distances of arms to their countries."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.evaluate import Evaluation
from culturalign.report.survey import comparison, value_contrasts, value_tables
from culturalign.stats.summary import interval_of, intervals_of

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        parameters = snakemake.params
        scores = comparison.divergences(snakemake.input.divergence, parameters.countries)
        evaluation, names = (
            Evaluation(**parameters.evaluation),
            (parameters.labels, parameters.nations),
        )
        engines = comparison.engines(snakemake.input.records)
        value_tables.write_values(
            jobs.stem(snakemake.output[0]),
            value_tables.value_rows(scores, interval_of(evaluation), *names, parameters.baselines),
            engines,
        )
        value_contrasts.write_contrasts(
            jobs.stem(snakemake.output[3]),
            value_contrasts.contrast_rows(
                scores, intervals_of(evaluation), *names, parameters.controls
            ),
            *names,
            engines,
        )
