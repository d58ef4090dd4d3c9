"""Entry of rule ``tabulate_mcq``: table 9 and the accuracy of each arm."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.config.evaluate import Evaluation
from culturalign.files.jsonl import read_jsonl
from culturalign.report import mcq_tables

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        stem, labels = jobs.stem(snakemake.output[0]), snakemake.params.labels
        files = zip(snakemake.params.cultures, snakemake.input.questions, strict=True)
        examples = {culture: read_jsonl(Path(file))[0] for culture, file in files}
        scores = pl.concat(pl.read_parquet(file) for file in snakemake.input.choices)
        mcq_tables.write_example(stem, examples, labels)
        evaluation = Evaluation(**snakemake.params.evaluation)
        mcq_tables.write_accuracy(f"{stem}_accuracy", scores, labels, evaluation)
