"""Entry of rule ``prepare_responses``: SWOW file to clean responses, ledger and its record."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.word_data import DROPPED_RESPONSES, RESPONSES
from culturalign.data import normalize, swow
from culturalign.files import ledger, record

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as paths:
        table, account, dropped, source = paths
        path = Path(snakemake.input.swow)
        found = swow.prepare_culture(
            path,
            snakemake.params.keep,
            culture=snakemake.wildcards.culture,
            **snakemake.params.rules,
        )
        responses = found.responses.cast({pl.Categorical: pl.String})
        write_artifact(responses, table, RESPONSES)
        ledger.write_ledger(found.accounts, account)
        write_artifact(found.dropped, dropped, DROPPED_RESPONSES)
        facts = record.record(path, found.release, found.encoding, normalize.VERSION)
        record.write_record(source, facts)
        print(record.summary_line(path, facts), file=sys.stderr)
