"""Entry of rule ``prepare_responses``: SWOW file to clean responses, ledger and its record."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.word_data import RESPONSES
from culturalign.data import swow

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as paths:
        table, *others = paths
        path, culture = Path(snakemake.input.swow), snakemake.wildcards.culture
        params = snakemake.params
        reading = swow.Reading(**params.reading)
        found = swow.prepare_culture(
            path, params.keep, culture=culture, reading=reading, **params.rules
        )
        responses = found.responses.cast({pl.Categorical: pl.String})
        write_artifact(responses, table, RESPONSES)
        jobs.note(found.write_record(path, *others))
