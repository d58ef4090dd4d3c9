"""Entry of rule ``make_mcq``: the multiple-choice questions of the test cues."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.data import associations, mcq_questions, splits
from culturalign.files import ledger
from culturalign.files.jsonl import write_jsonl

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.questions, snakemake.output.ledger
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets) as (path, accounts):
        counts = associations.response_counts(pl.read_parquet(snakemake.input.associations))
        cues = splits.cues_of(pl.read_parquet(snakemake.input.splits), "test")
        seed = snakemake.params.seed
        account = mcq_questions.account(counts, cues, seed=seed)
        mcq_questions.check_account(account, snakemake.wildcards.culture)
        write_jsonl(mcq_questions.draw_questions(counts, cues, seed=seed), path)
        ledger.write_ledger([account], accounts)
