"""Entry of rule ``prepare_norms``: ratings of words on the common spans."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.word_data import NORMS
from culturalign.config.norms import NormFile
from culturalign.data.norms import ratings

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as (parquet, record):
        files = [
            (NormFile(**settings), Path(path) if path else None)
            for settings, path in snakemake.params.files
        ]
        table, found = ratings.prepare_norms(files, **snakemake.params.rules)
        write_artifact(table, parquet, NORMS)
        ratings.write_record(found, record)
        print(ratings.summary(files, table, found), file=sys.stderr)
