"""Entry of rule ``simulate_dialogues``: role-played dialogues of a culture."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.clca import clca_job
from culturalign.clca.answering import open_speaker
from culturalign.clca.materials import read_materials
from culturalign.config.clca import Roleplay

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    inputs, params = snakemake.input, snakemake.params
    targets = snakemake.output.dialogues, snakemake.output.provenance
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets, scratch=params.scratch) as paths:
        options = Roleplay(**params.roleplay)
        clca_job.simulate_dialogues(
            read_materials(**params.materials),
            open_speaker(
                options.speaking,
                params.model,
                inputs.base,
                batch_tokens=params.batch_tokens,
                threads=snakemake.threads,
            ),
            options,
            clca_job.Files((*inputs.texts, *inputs.code), params.scratch, *paths),
        )
