"""Entry of rule ``tabulate_norms``: what was read from the norm files, and what is missing."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.report.attributes import norm_table

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        rows = norm_table.norm_rows(norm_table.read_records(snakemake.input.records))
        norm_table.write_norms(jobs.stem(snakemake.output[0]), rows)
