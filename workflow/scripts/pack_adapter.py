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
    model, method = snakemake.wildcards.model, snakemake.wildcards.method
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.folder) as (folder,):
        generation, *values = [pl.read_csv(file) for file in snakemake.input.tables]
        metrics = model_card.precision_lines(generation, model, method)
        for table in values:
            metrics += model_card.survey_lines(table, model, method, snakemake.wildcards.culture)
        packing.pack(
            Path(snakemake.input.adapter),
            folder,
            name=Path(snakemake.output.folder).name,
            culture=snakemake.params.culture,
            language=snakemake.params.language,
            metrics=metrics,
            model_options=Model(**snakemake.params.model),
            base=Path(snakemake.input.base[0]) if snakemake.input.base else None,
        )
