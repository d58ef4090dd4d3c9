"""Entry of rule ``train_ppo_openrlhf``: prompts and rewards to full weights."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.data.associations import ranked_responses
from culturalign.files.jsonl import read_jsonl
from culturalign.training.openrlhf import openrlhf_job

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.weights, snakemake.output.log
    with (
        jobs.logged(snakemake.log[0]),
        jobs.whole(*targets, scratch=snakemake.params.scratch) as (weights, log),
    ):
        examples = read_jsonl(Path(snakemake.input.train))
        if snakemake.input.associations:
            human = ranked_responses(pl.read_parquet(snakemake.input.associations))
            examples = [{**row, "associations": human[row["cue"]]} for row in examples]
        openrlhf_job.run(
            examples=examples,
            task=snakemake.params.task,
            reward_file=Path(snakemake.input.reward[0]),
            inputs=[
                Path(snakemake.input.train),
                *map(Path, snakemake.input.associations),
                *map(Path, snakemake.input.code),
                *map(Path, snakemake.input.reward),
            ],
            model_options=Model(**snakemake.params.model),
            base=Path(snakemake.input.start[0]) if snakemake.input.start else None,
            options=Ppo(**snakemake.params.ppo),
            seed=int(snakemake.wildcards.seed),
            scratch=Path(snakemake.params.scratch),
            weights_out=weights,
            log_out=log,
        )
