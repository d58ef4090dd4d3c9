"""Entry of rule ``make_rankings``: ranking examples of all three splits."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.config.ranking import Ranking
from culturalign.data.example_files import write_rankings
from culturalign.data.ranking_examples import read_ranking_prompt
from culturalign.files.ledger import write_ledger

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    params = snakemake.params
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as (*paths, ledger):
        prompt = Path(snakemake.input.prompt)
        accounts = write_rankings(
            pl.read_parquet(snakemake.input.associations),
            pl.read_parquet(snakemake.input.splits),
            read_ranking_prompt(prompt, **params.language),
            Ranking(**params.ranking),
            paths,
            culture=snakemake.wildcards.culture,
        )
        write_ledger(accounts, ledger)
