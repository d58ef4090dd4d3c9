"""Entry of rule ``tabulate_norms``: what was read from the norm files, and what is missing."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.data.norms import ratings
from culturalign.report.attributes import norm_table

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        records = {
            Path(file).stem: ratings.read_record(Path(file)) for file in snakemake.input.records
        }
        norm_table.write_norms(jobs.stem(snakemake.output[0]), norm_table.norm_rows(records))
