"""Entry of rule ``compare_countries``: distance of the poles, human floor, tension set."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.survey_data import NOISE_FLOOR, POLES, TENSION_SET
from culturalign.data.survey.country_comparison import compare_countries

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    params = snakemake.params
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as (poles, floor, tension):
        found = compare_countries(
            pl.read_parquet(snakemake.input.human),
            pl.scan_parquet(snakemake.input.answers),
            tuple(params.poles),
            survey=params.survey,
            evaluation=params.evaluation,
        )
        write_artifact(found.poles, poles, POLES)
        write_artifact(found.floor, floor, NOISE_FLOOR)
        write_artifact(found.tension, tension, TENSION_SET)
