"""Entry of rule ``prepare_norms``: ratings of words on the common spans."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs, sources
from culturalign.attributes import norms
from culturalign.attributes.norm_release import norm_release
from culturalign.config.norms import NormFile

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as (table, record):
        files = [
            (NormFile(**settings), Path(path) if path else None)
            for settings, path in snakemake.params.files
        ]
        ratings, found = norms.prepare_norms(files, **snakemake.params.rules)
        ratings.write_parquet(table)
        norms.write_record(found, record)
        for settings, path in files:
            if path:
                release = norm_release(settings.file, ratings, found)
                facts = sources.record(path, release, sources.encoding_of(path))
                print(sources.told(path, facts), file=sys.stderr)
        for norm in found:
            kept = f"{norm.account.kept} words" if norm.account else norm.sentence
            print(f"{norm.attribute}: {kept}", file=sys.stderr)
