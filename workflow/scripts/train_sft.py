"""Entry of rule ``train_sft``: examples to an adapter."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.training import sft_job

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.adapter, snakemake.output.log
    with (
        jobs.logged(snakemake.log[0]),
        jobs.whole(*targets, scratch=snakemake.params.scratch) as (adapter, log),
    ):
        job = sft_job.Job(
            train=Path(snakemake.input.train),
            validation=Path(snakemake.input.validation),
            model=snakemake.params.model,
            base=Path(snakemake.input.base[0]) if snakemake.input.base else None,
            start=Path(snakemake.input.start[0]) if snakemake.input.start else None,
            options=snakemake.params.sft,
            separator=snakemake.params.separator,
            code=[Path(file) for file in snakemake.input.code],
            seed=int(snakemake.wildcards.seed),
            threads=snakemake.threads,
            scratch=Path(snakemake.params.scratch),
            adapter_out=adapter,
            log_out=log,
        )
        sft_job.start(job)
