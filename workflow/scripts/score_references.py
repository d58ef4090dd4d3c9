"""Entry of rule ``score_references``: the human ceiling and the frequency baseline."""

from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.data import splits
from culturalign.data.associations import ranked_responses
from culturalign.scores import precision

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.references) as (path,):
        split = pl.read_parquet(snakemake.input.splits)
        cues, ks = splits.cues_of(split, "test"), snakemake.params.ks
        associations = pl.read_parquet(snakemake.input.associations)
        halves = precision.halves(
            pl.read_parquet(snakemake.input.responses),
            cues,
            repeats=snakemake.params.split_halves,
            seed=snakemake.params.seed,
        )
        training = associations.filter(pl.col("cue").is_in(splits.cues_of(split, "train")))
        frequent = precision.frequent_responses(training, most=max(ks) + 1)
        lists = {cue: [word for word in frequent if word != cue] for cue in cues}
        scores = [
            precision.score_human_halves(cues, halves, ks).with_columns(method=pl.lit("human")),
            precision.score_lists(lists, ranked_responses(associations), halves, ks).with_columns(
                method=pl.lit("frequent")
            ),
        ]
        pl.concat(scores, how="diagonal").with_columns(
            culture=pl.lit(snakemake.wildcards.culture)
        ).write_parquet(path)
