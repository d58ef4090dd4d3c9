"""Entry of rule ``tabulate_decoding``: precision under every prompt and decoding."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.evaluate import Evaluation
from culturalign.report import generation_tables as tables

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        tables.write_decoding(
            jobs.stem(snakemake.output[0]),
            tables.read_scores(snakemake.input.precision, domains=snakemake.input.domains),
            snakemake.params.labels,
            Evaluation(**snakemake.params.evaluation),
        )
