"""Entry of rule ``score_ranking_references``: humans, corpus and chance on the ranking task."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.word_scores import RANKING_REFERENCES
from culturalign.files.jsonl import read_jsonl
from culturalign.scores import ranking_references
from culturalign.scores.halves import read_responses

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.references) as (path,):
        examples = read_jsonl(Path(snakemake.input.examples))
        splits = {"repeats": snakemake.params.split_halves, "seed": snakemake.params.seed}
        halves = ranking_references.half_counts(
            read_responses(snakemake.input.responses), examples, **splits
        )
        corpus = ranking_references.corpus_counts(
            pl.read_parquet(snakemake.input.associations),
            pl.read_parquet(snakemake.input.splits),
        )
        scores = ranking_references.score_references(examples, halves, corpus, **splits)
        write_artifact(
            scores.with_columns(culture=pl.lit(snakemake.wildcards.culture)),
            path,
            RANKING_REFERENCES,
        )
