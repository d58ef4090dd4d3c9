"""Entry of rule ``train_ppo``: prompts and rewards to an adapter."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.associations import ranked_responses
from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.config.ranking import RewardRules
from culturalign.examples import read_jsonl
from culturalign.normalize import normalize
from culturalign.ppo import job, world

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
            judge = world.judge_ranking(RewardRules(**task["reward"]), normalizer)
        else:
            human = ranked_responses(pl.read_parquet(snakemake.input.associations))
            judge = world.judge_associations(human, normalizer)
        job.run(
            examples=read_jsonl(Path(snakemake.input.train)),
            judge=judge,
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
