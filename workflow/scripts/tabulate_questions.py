"""Entry of rule ``tabulate_questions``: every question, its people and its poles."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.report.survey import question_tables

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        given, files = snakemake.params, snakemake.input
        ledger, human = pl.read_parquet(files.ledger), pl.read_parquet(files.human)
        questionnaires = map(pl.read_parquet, files.questionnaires)
        rows = question_tables.question_rows(
            ledger=ledger,
            human=human,
            poles=pl.read_parquet(files.poles),
            floor=pl.read_parquet(files.floor),
            tension=pl.read_parquet(files.tension),
            questionnaires=dict(zip(given.languages, questionnaires, strict=True)),
            nations=given.nations,
        )
        question_tables.write_questions(jobs.stem(snakemake.output[0]), rows)
        unworded = json.loads(Path(files.unworded).read_text(encoding="utf-8"))
        dropped = question_tables.ledger_rows(ledger, human, unworded, given.poles)
        question_tables.write_ledger(jobs.stem(snakemake.output[3]), dropped, given.nations)
