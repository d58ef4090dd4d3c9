"""Entry of rule ``make_sft_examples``: prompts and target lists for training and validation."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.config.sft import Examples
from culturalign.data.example_files import write_sft_examples
from culturalign.data.sft_examples import read_prompt

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    params, targets = snakemake.params, (snakemake.output.train, snakemake.output.validation)
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets) as paths:
        write_sft_examples(
            pl.read_parquet(snakemake.input.associations),
            pl.read_parquet(snakemake.input.splits),
            read_prompt(Path(snakemake.input.prompt), **params.language),
            Examples(**params.examples),
            paths,
            seed=params.seed,
        )
