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
        frames = {
            name: pl.read_parquet(snakemake.input[name])
            for name in ("ledger", "human", "poles", "floor", "tension")
        }
        files = zip(snakemake.params.languages, snakemake.input.questionnaires, strict=True)
        rows = question_tables.question_rows(
            **frames,
            questionnaires={language: pl.read_parquet(file) for language, file in files},
            nations=snakemake.params.nations,
        )
        question_tables.write_questions(jobs.stem(snakemake.output[0]), rows)
        unworded = json.loads(Path(snakemake.input.unworded).read_text(encoding="utf-8"))
        dropped = question_tables.ledger_rows(
            frames["ledger"], frames["human"], unworded, snakemake.params.poles
        )
        question_tables.write_ledger(
            jobs.stem(snakemake.output[3]), dropped, snakemake.params.nations
        )
