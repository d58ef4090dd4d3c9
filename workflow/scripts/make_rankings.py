"""Entry of rule ``make_rankings``: ranking examples of all three splits."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.config.ranking import Ranking
from culturalign.data import associations, ranking_examples, splits
from culturalign.files import ledger
from culturalign.files.jsonl import write_jsonl

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    names = ("train", "validation", "test")
    targets = (*(snakemake.output[name] for name in names), snakemake.output.ledger)
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets) as (*paths, accounts_out):
        options = Ranking(**snakemake.params.ranking)
        counts = associations.response_counts(pl.read_parquet(snakemake.input.associations))
        split = pl.read_parquet(snakemake.input.splits)
        prompt = ranking_examples.read_ranking_prompt(
            Path(snakemake.input.prompt), system=snakemake.params.system
        )
        accounts = []
        for name, path in zip(names, paths, strict=True):
            mine = {cue: counts[cue] for cue in splits.cues_of(split, name)}
            rows = ranking_examples.draw_rankings(
                mine, prompt, options, options.seed, held_out=name != "train"
            )
            write_jsonl(rows, path)
            accounts.append(
                ranking_examples.account(mine, options.candidates, f"{name} cues to rank")
            )
        ranking_examples.check_accounts(accounts, snakemake.wildcards.culture)
        ledger.write_ledger(accounts, accounts_out)
