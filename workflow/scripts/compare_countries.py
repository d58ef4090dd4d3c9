"""Entry of rule ``compare_countries``: distance of the poles, human floor, tension set."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.survey_data import NOISE_FLOOR, POLES, TENSION_SET
from culturalign.data.survey import noise_floor, tension_set

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as paths:
        survey, evaluation = snakemake.params.survey, snakemake.params.evaluation
        human = pl.read_parquet(snakemake.input.human)
        answers = pl.read_parquet(snakemake.input.answers) if survey["weighted"] else None
        again = {"seed": survey["seed"], "answers": answers}
        pair = tuple(snakemake.params.poles)
        tables = (
            noise_floor.bootstrap_divergence(
                human,
                pair,
                resamples=evaluation["bootstrap"],
                confidence=evaluation["confidence"],
                **again,
            ),
            noise_floor.split_half_floor(human, repeats=survey["repeats"], **again),
            tension_set.tension_set(
                human,
                pair,
                size=survey["tension"],
                js=survey["tension_js"],
                halves=noise_floor.half_shares(human, repeats=survey["repeats"], **again),
            ),
        )
        definitions = POLES, NOISE_FLOOR, TENSION_SET
        for table, path, definition in zip(tables, paths, definitions, strict=True):
            write_artifact(table, path, definition)
