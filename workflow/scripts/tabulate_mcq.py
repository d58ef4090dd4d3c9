"""Entry of rule ``tabulate_mcq``: table 9 and the accuracy of each arm."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.config.evaluate import Evaluation
from culturalign.files.jsonl import read_jsonl
from culturalign.report import mcq_tables
from culturalign.report.arm_tables import in_domains
from culturalign.scores import mcq_scores

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        stem, labels = jobs.stem(snakemake.output[0]), snakemake.params.labels
        questions = map(Path, snakemake.input.questions)
        examples = dict(zip(snakemake.params.cultures, map(read_jsonl, questions), strict=True))
        known = [
            mcq_scores.frequent_choices(examples[culture], pl.read_parquet(file)).select(
                pl.lit(culture).alias("culture"), pl.lit("-").alias("model"),
                pl.lit("frequent").alias("method"), pl.lit(None, pl.Int64).alias("seed"), pl.all(),
            )
            for culture, file in zip(examples, snakemake.input.associations, strict=True)
        ]  # fmt: skip
        scores = pl.concat([*map(pl.read_parquet, snakemake.input.choices), *known], how="diagonal")
        mcq_tables.write_example(stem, examples, labels)
        evaluation = Evaluation(**snakemake.params.evaluation)
        scores = in_domains(scores, snakemake.input.domains)
        mcq_tables.write_accuracy(f"{stem}_accuracy", scores, labels, evaluation)
