"""Entry of rule ``judge_dialogues``: verdicts on role-played dialogues."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.clca import clca_job, materials
from culturalign.config.clca import Judge
from culturalign.config.models import Model

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.verdicts, snakemake.output.provenance
    with (
        jobs.logged(snakemake.log[0]),
        jobs.whole(*targets, scratch=snakemake.params.scratch) as (verdicts, provenance),
    ):
        options = Judge(**snakemake.params.judge)
        if options.endpoint:
            speaker = clca_job.remote_speaker(options.endpoint, options.speaking)
        else:
            speaker = clca_job.local_speaker(
                Model(**snakemake.params.model),
                Path(snakemake.input.base[0]) if snakemake.input.base else None,
                options.speaking,
                batch_tokens=snakemake.params.batch_tokens,
                threads=snakemake.threads,
            )
        files = (snakemake.input.dialogues, *snakemake.input.texts, *snakemake.input.code)
        clca_job.judge_dialogues(
            materials.read_stage(**snakemake.params.stage),
            speaker,
            options,
            together=snakemake.params.together,
            scratch=Path(snakemake.params.scratch),
            inputs=[Path(file) for file in files],
            samples_out=verdicts,
            provenance_out=provenance,
        )
