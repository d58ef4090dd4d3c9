"""Entry of rule ``score_human_attributes``: medians and coverage of humans, cue by cue."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.word_norms import HALF_ATTRIBUTES, HUMAN_ATTRIBUTES
from culturalign.scores import human_attributes, norm_lookup
from culturalign.scores.halves import read_responses

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as (path, halves):
        given = snakemake.params
        lemmatize = norm_lookup.lemmatizer_of(given.lemmatizer, given.language, **given.rules)
        options = {"lemmatize": lemmatize, "seed": given.seed, **given.options}
        responses = read_responses(snakemake.input.responses)
        splits, norms = (pl.read_parquet(snakemake.input[name]) for name in ("splits", "norms"))
        associations = pl.read_parquet(snakemake.input.associations)
        culture = pl.lit(snakemake.wildcards.culture).alias("culture")
        people = human_attributes.score_humans(responses, associations, splits, norms, **options)
        known = human_attributes.score_zero_knowledge(associations, splits, norms, **options)
        everyone = pl.concat([people, known], how="diagonal").select(culture, pl.all())
        write_artifact(everyone, path, HUMAN_ATTRIBUTES)
        human_attributes.score_halves(
            responses, splits, norms, repeats=given.repeats, **options
        ).select(culture, pl.all()).pipe(write_artifact, halves, HALF_ATTRIBUTES)
