"""Entry of rule ``tabulate_generation``: tables 1 and 2, with differences, ceiling and lists."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.evaluate import Evaluation
from culturalign.report import generation_tables as tables

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        stem, labels = jobs.stem(snakemake.output[0]), snakemake.params.labels
        evaluation = Evaluation(**snakemake.params.evaluation)
        arms, domains = snakemake.input.precision, snakemake.input.domains
        scores = tables.read_scores(arms, domains=domains)
        everyone = tables.read_scores(arms, [snakemake.input.references], domains)
        controls = snakemake.params.controls
        tables.write_main(stem, everyone, labels, evaluation)
        tables.write_contrasts(f"{stem}_contrasts", everyone, labels, controls, evaluation)
        tables.write_ceiling(f"{stem}_ceiling", everyone, labels, evaluation)
        tables.write_lists(f"{stem}_lists", snakemake.input.lists, scores, labels, evaluation)
