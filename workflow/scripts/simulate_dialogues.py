"""Entry of rule ``simulate_dialogues``: role-played dialogues of a culture."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.clca import clca_job, materials
from culturalign.config.clca import Roleplay
from culturalign.config.models import Model

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.dialogues, snakemake.output.provenance
    with (
        jobs.logged(snakemake.log[0]),
        jobs.whole(*targets, scratch=snakemake.params.scratch) as (dialogues, provenance),
    ):
        options = Roleplay(**snakemake.params.roleplay)
        speaker = clca_job.local_speaker(
            Model(**snakemake.params.model),
            Path(snakemake.input.base[0]) if snakemake.input.base else None,
            options.speaking,
            batch_tokens=snakemake.params.batch_tokens,
            threads=snakemake.threads,
        )
        clca_job.simulate_dialogues(
            materials.read_stage(**snakemake.params.stage),
            speaker,
            options,
            scratch=Path(snakemake.params.scratch),
            inputs=[Path(file) for file in (*snakemake.input.texts, *snakemake.input.code)],
            samples_out=dialogues,
            provenance_out=provenance,
        )
