"""Entry of rule ``train_sft``: examples to an adapter."""

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
            train=snakemake.input.train,
            validation=snakemake.input.validation,
            base=snakemake.input.base,
            start=snakemake.input.start,
            code=snakemake.input.code,
            model=snakemake.params.model,
            options=snakemake.params.sft,
            separator=snakemake.params.separator,
            scratch=snakemake.params.scratch,
            seed=snakemake.wildcards.seed,
            threads=snakemake.threads,
            result=adapter,
            log=log,
        )
        sft_job.start(job)
