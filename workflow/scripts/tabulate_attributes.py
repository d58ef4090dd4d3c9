"""Entry of rule ``tabulate_attributes``: attributes of arms and humans, tests, differences."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.config.evaluate import Evaluation
from culturalign.config.norms import Norms
from culturalign.data.norms import ratings
from culturalign.report.arm_tables import contrast_pairs, in_domains
from culturalign.report.attributes import (
    attribute_contrasts,
    attribute_tables,
    likeness,
    profile,
)
from culturalign.report.generation_tables import BASELINES

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        given = snakemake.params
        evaluation, options = Evaluation(**given.evaluation), Norms(**given.norms, files={})
        record = ratings.read_record(Path(snakemake.input.record))
        scores = attribute_tables.read_scores(
            snakemake.input.arms, snakemake.input.humans, seed=given.seed
        )
        noise = likeness.noise(pl.read_parquet(snakemake.input.halves))
        values = in_domains(
            profile.measures(scores, pooled=options.shares == "pooled"), snakemake.input.domains
        )
        rows = attribute_tables.profile_rows(
            values, record, given.labels, given.culture, evaluation, options, noise
        )
        attribute_tables.write_profile(jobs.stem(snakemake.output[0]), rows, record, raw=given.raw)
        attribute_contrasts.write_tests(jobs.stem(snakemake.output[3]), rows, options)
        pairs = contrast_pairs(scores, given.controls, BASELINES)
        contrasts = profile.contrast_rows(values, pairs, evaluation)
        stem = jobs.stem(snakemake.output[6])
        attribute_contrasts.write_contrasts(stem, contrasts, given.labels, given.culture)
