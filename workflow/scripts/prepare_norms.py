"""Entry of rule ``prepare_norms``: ratings of words on the common spans."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.word_data import NORMS
from culturalign.config.norms import NormFile
from culturalign.data import normalize
from culturalign.data.norms import ratings
from culturalign.data.norms.ratings import norm_release
from culturalign.files import record

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as (parquet, record_out):
        files = [
            (NormFile(**settings), Path(path) if path else None)
            for settings, path in snakemake.params.files
        ]
        table, found = ratings.prepare_norms(files, **snakemake.params.rules)
        write_artifact(table, parquet, NORMS)
        ratings.write_record(found, record_out)
        for settings, path in files:
            if path:
                release = norm_release(settings.file, table, found)
                facts = record.record(path, release, record.encoding_of(path), normalize.VERSION)
                print(record.summary_line(path, facts), file=sys.stderr)
        for norm in found:
            kept = f"{norm.account.kept} words" if norm.account else norm.sentence
            print(f"{norm.attribute}: {kept}", file=sys.stderr)
