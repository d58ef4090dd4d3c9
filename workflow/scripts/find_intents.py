"""Entry of rule ``find_intents``: what speakers intend, turn by turn."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.clca import clca_job
from culturalign.clca.answering import open_speaker
from culturalign.clca.materials import read_materials
from culturalign.config.clca import Intents

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    inputs, params = snakemake.input, snakemake.params
    files = (inputs.dialogues, *inputs.texts, *inputs.code)
    targets = snakemake.output.intents, snakemake.output.provenance
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets, scratch=params.scratch) as paths:
        options = Intents(**params.intents)
        clca_job.ask_intents(
            read_materials(**params.materials),
            open_speaker(
                options.speaking,
                params.model,
                inputs.base,
                batch_tokens=params.batch_tokens,
                threads=snakemake.threads,
            ),
            options,
            clca_job.Files(files, params.scratch, *paths),
            together=params.together,
        )
