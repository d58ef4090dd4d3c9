"""Entry of rule ``make_sft_examples``: prompts and target lists for training and validation."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.config.sft import Examples
from culturalign.data import associations, sft_examples, splits
from culturalign.files import jsonl

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.train, snakemake.output.validation
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets) as paths:
        split = pl.read_parquet(snakemake.input.splits)
        ranked = associations.ranked_responses(pl.read_parquet(snakemake.input.associations))
        prompt = sft_examples.read_prompt(Path(snakemake.input.prompt), **snakemake.params.language)
        for name, path in zip(("train", "validation"), paths, strict=True):
            rows = sft_examples.draw_examples(
                {cue: ranked[cue] for cue in splits.cues_of(split, name)},
                prompt,
                Examples(**snakemake.params.examples),
                seed=snakemake.params.seed,
            )
            jsonl.write_jsonl(rows, path)
