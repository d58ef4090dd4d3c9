"""Entry of rule ``check_data``: check every licensed file that the configuration requires."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.data import check_files

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        files, places = snakemake.params.files, snakemake.params.places
        findings, table = check_files.check_files(files, places)
        jobs.note(table)
        with jobs.whole(snakemake.params.record) as (path,):
            check_files.write_findings(findings, path)
        check_files.refuse_faults(findings)
