"""Entry of rule ``tabulate_rankings``: tables 3 and 4, with differences and ceiling."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.evaluate import Evaluation
from culturalign.report import ranking_tables
from culturalign.report.generation_tables import read_scores

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        stem, labels = jobs.stem(snakemake.output[0]), snakemake.params.labels
        evaluation = Evaluation(**snakemake.params.evaluation)
        arms, domains = snakemake.input.rankings, snakemake.input.domains
        everyone = read_scores(arms, [snakemake.input.references], domains)
        controls = snakemake.params.controls
        ranking_tables.write_main(
            stem,
            read_scores(arms, domains=domains),
            labels,
            evaluation,
            split=snakemake.params.split,
        )
        ranking_tables.write_contrasts(f"{stem}_contrasts", everyone, labels, controls, evaluation)
        ranking_tables.write_ceiling(f"{stem}_ceiling", everyone, labels, evaluation)
