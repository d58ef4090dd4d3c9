"""Entry of rule ``pack_adapter``: an adapter with its card, ready to be published."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.config.models import Model
from culturalign.release import model_card, packing

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    inputs, params, arm = snakemake.input, snakemake.params, snakemake.wildcards
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.folder) as (folder,):
        tables = map(pl.read_csv, inputs.tables)
        packing.pack(
            Path(inputs.adapter),
            folder,
            template=Path(inputs.template),
            name=Path(snakemake.output.folder).name,
            culture=params.culture,
            language=params.language,
            metrics=model_card.metric_lines(
                *tables, model=arm.model, method=arm.method, culture=arm.culture
            ),
            model_options=Model(**params.model),
            base=jobs.optional(inputs.base),
        )
