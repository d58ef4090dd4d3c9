"""Entry of rule ``unpack_model``: GGUF weights to a safetensors model."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.models.gguf_weights import unpack_gguf

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.folder) as (folder,):
        unpack_gguf(snakemake.params.source, folder)
