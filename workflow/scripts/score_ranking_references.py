"""Entry of rule ``score_ranking_references``: humans, corpus and chance on the ranking task."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.data import splits
from culturalign.files import jsonl
from culturalign.scores import ranking_references

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.references) as (path,):
        test = jsonl.read_jsonl(Path(snakemake.input.examples))
        train = splits.cues_of(pl.read_parquet(snakemake.input.splits), "train")
        associations = pl.read_parquet(snakemake.input.associations)
        known = associations.filter(pl.col("cue").is_in(train))
        corpus = known.group_by("response").agg(pl.col("count").sum())
        options = snakemake.params
        halves = ranking_references.half_counts(
            pl.read_parquet(snakemake.input.responses),
            [example["cue"] for example in test],
            repeats=options.split_halves,
            seed=options.seed,
        )
        scores = ranking_references.score_references(
            test, halves, dict(corpus.iter_rows()), repeats=options.split_halves, seed=options.seed
        )
        scores.with_columns(culture=pl.lit(snakemake.wildcards.culture)).write_parquet(path)
