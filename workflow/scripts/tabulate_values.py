"""Entry of rule ``tabulate_values``: distances of arms to their countries."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.evaluate import Evaluation
from culturalign.report.survey import comparison, value_contrasts, value_tables

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        given, evaluation = snakemake.params, Evaluation(**snakemake.params.evaluation)
        names = given.labels, given.nations
        countries = given.countries
        scores = comparison.divergences(snakemake.input.divergence, given.asked, countries)
        known = comparison.divergences(snakemake.input.references, list(countries), countries)
        engines = comparison.engines(snakemake.input.records)
        rivals = known, given.baselines, given.controls
        rows = value_tables.value_rows(scores, evaluation, *names, *rivals)
        value_tables.write_values(jobs.stem(snakemake.output[0]), rows, engines)
        pairs = value_contrasts.contrast_rows(scores, evaluation, *names, given.controls)
        value_contrasts.write_contrasts(jobs.stem(snakemake.output[3]), pairs, *names, engines)
