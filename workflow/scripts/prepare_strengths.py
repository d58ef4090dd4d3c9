"""Entry of rule ``prepare_strengths``: strength table to associations, ledger, its record."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.word_data import ASSOCIATIONS
from culturalign.data import strengths, swow
from culturalign.data.associations import count_associations

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as paths:
        table, *others = paths
        path, params = Path(snakemake.input.swow), snakemake.params
        found = strengths.prepare_strengths(
            path,
            culture=snakemake.wildcards.culture,
            reading=swow.Reading(**params.reading),
            **params.rules,
        )
        counted = count_associations(found.responses, seed=params.seed)
        write_artifact(counted, table, ASSOCIATIONS)
        jobs.note(found.write_record(path, *others))
