"""Entry of rule ``merge_adapter``: base and adapter to full weights."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.models import Model
from culturalign.models import lora

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.folder) as (folder,):
        lora.merge(
            Model(**snakemake.params.model),
            jobs.optional(snakemake.input.base),
            Path(snakemake.input.adapter),
            folder,
        )
