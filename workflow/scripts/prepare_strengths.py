"""Entry of rule ``prepare_strengths``: strength table to associations, ledger, its record."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.word_data import ASSOCIATIONS, DROPPED_RESPONSES
from culturalign.data import strengths, swow
from culturalign.data.associations import count_associations
from culturalign.data.normalize import VERSION
from culturalign.files.data_file import DataFile
from culturalign.files.ledger import write_ledger

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as paths:
        table, account, dropped, source = paths
        path, params = Path(snakemake.input.swow), snakemake.params
        found = strengths.prepare_strengths(
            path,
            culture=snakemake.wildcards.culture,
            reading=swow.Reading(**params.reading),
            **params.rules,
        )
        counted = count_associations(found.counts, seed=params.seed)
        write_artifact(counted, table, ASSOCIATIONS)
        write_ledger(found.accounts, account)
        write_artifact(found.dropped, dropped, DROPPED_RESPONSES)
        record = DataFile.of(path, found.release, VERSION, found.encoding)
        record.write(source)
        jobs.note(record.summary(path))
