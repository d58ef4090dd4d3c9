"""Entry of rule ``prepare_norms``: ratings of words on the common spans."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.word_norms import NORMS
from culturalign.data.norms import ratings

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as (parquet, record):
        files = ratings.read_settings(snakemake.params.files)
        table, found = ratings.prepare_norms(
            files, most_dropped=snakemake.params.most_dropped, **snakemake.params.rules
        )
        write_artifact(table, parquet, NORMS)
        ratings.write_record(found, record)
        jobs.note(ratings.summary(files, table, found))
