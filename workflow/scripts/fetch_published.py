"""Entry of rule ``fetch_published``: weights that others trained."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.models import Model
from culturalign.config.published import PublishedWeights
from culturalign.models import published_files

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.folder) as (folder,):
        published_files.fetch(
            PublishedWeights(**snakemake.params.weights),
            Model(**snakemake.params.model),
            jobs.optional(snakemake.input.base),
            folder,
        )
