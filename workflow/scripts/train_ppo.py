"""Entry of rule ``train_ppo``: prompts and rewards to an adapter."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.config.ranking import RewardRules
from culturalign.data.associations import ranked_responses
from culturalign.data.normalize import normalize
from culturalign.files.jsonl import read_jsonl
from culturalign.training.ppo import environment, ppo_job

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.adapter, snakemake.output.log
    options, task = Ppo(**snakemake.params.ppo), snakemake.params.task
    with (
        jobs.logged(snakemake.log[0]),
        jobs.whole(*targets, scratch=snakemake.params.scratch) as (adapter, log),
    ):
        normalizer = partial(normalize, **task["rules"])
        if options.task == "ranking":
            reward_fn = environment.ranking_reward_fn(RewardRules(**task["reward"]), normalizer)
        else:
            human = ranked_responses(pl.read_parquet(snakemake.input.associations))
            reward_fn = environment.association_reward_fn(human, normalizer)
        ppo_job.run(
            examples=read_jsonl(Path(snakemake.input.train)),
            reward_fn=reward_fn,
            task=task,
            inputs=[
                Path(snakemake.input.train),
                *map(Path, snakemake.input.associations),
                *map(Path, snakemake.input.code),
            ],
            model_options=Model(**snakemake.params.model),
            base=Path(snakemake.input.base[0]) if snakemake.input.base else None,
            start=Path(snakemake.input.start[0]) if snakemake.input.start else None,
            options=options,
            seed=int(snakemake.wildcards.seed),
            threads=snakemake.threads,
            scratch=Path(snakemake.params.scratch),
            adapter_out=adapter,
            log_out=log,
        )
