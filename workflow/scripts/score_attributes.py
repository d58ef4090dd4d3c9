"""Entry of rule ``score_attributes``: an arm's medians and coverage, cue by cue."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.word_norms import ATTRIBUTES
from culturalign.files.jsonl import read_jsonl
from culturalign.scores import arm_columns, attribute_scores, norm_lookup

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.scores) as (path,):
        lemmatizer = (snakemake.params.lemmatizer, snakemake.params.language)
        lists = read_jsonl(Path(snakemake.input.lists))
        scores = attribute_scores.score_lists(
            {answer["cue"]: answer["words"] for answer in lists},
            pl.read_parquet(snakemake.input.norms),
            lemmatize=norm_lookup.lemmatizer_of(*lemmatizer, **snakemake.params.rules),
            **snakemake.params.options,
        )
        write_artifact(arm_columns.with_arm(scores, **snakemake.wildcards), path, ATTRIBUTES)
