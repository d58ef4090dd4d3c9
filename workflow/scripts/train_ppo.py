"""Entry of rule ``train_ppo``: prompts and rewards to an adapter."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.training.ppo import ppo_job
from culturalign.training.ppo.ppo_task import PpoJob

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.adapter, snakemake.output.log
    with (
        jobs.logged(snakemake.log[0]),
        jobs.whole(*targets, scratch=snakemake.params.scratch) as (adapter, log),
    ):
        job = PpoJob(
            train=snakemake.input.train,
            associations=snakemake.input.associations,
            base=snakemake.input.base,
            start=snakemake.input.start,
            code=snakemake.input.code,
            model=snakemake.params.model,
            options=snakemake.params.ppo,
            task=snakemake.params.task,
            scratch=snakemake.params.scratch,
            seed=snakemake.wildcards.seed,
            threads=snakemake.threads,
            result=adapter,
            log=log,
        )
        ppo_job.run(job)
