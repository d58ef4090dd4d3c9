"""Entry of rule ``train_ppo_openrlhf``: prompts and rewards to full weights."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.training.openrlhf import openrlhf_job
from culturalign.training.ppo.ppo_task import PpoJob

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.weights, snakemake.output.log
    with (
        jobs.logged(snakemake.log[0]),
        jobs.whole(*targets, scratch=snakemake.params.scratch) as (weights, log),
    ):
        job = PpoJob(
            train=snakemake.input.train,
            associations=snakemake.input.associations,
            base=snakemake.input.start,
            code=[*snakemake.input.code, *snakemake.input.reward],
            model=snakemake.params.model,
            options=snakemake.params.ppo,
            task=snakemake.params.task,
            scratch=snakemake.params.scratch,
            seed=snakemake.wildcards.seed,
            threads=snakemake.threads,
            result=weights,
            log=log,
        )
        openrlhf_job.run(job)
