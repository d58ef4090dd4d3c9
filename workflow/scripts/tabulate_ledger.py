"""Entry of rule ``tabulate_ledger``: what was read, kept and dropped, and from which files."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.report import file_tables, ledger_table

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        files = zip(snakemake.input.ledgers, snakemake.input.splits, strict=True)
        cultures = dict(zip(snakemake.params.cultures, files, strict=True))
        rows = ledger_table.ledger_rows(cultures, snakemake.input.respondents)
        ledger_table.write_ledger(jobs.stem(snakemake.output[0]), rows)
        file_tables.write_table(jobs.stem(snakemake.output[3]), map(Path, snakemake.input.sources))
