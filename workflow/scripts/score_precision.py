"""Entry of rule ``score_precision``: an arm's precision, cue by cue."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import arms, jobs
from culturalign.data.associations import ranked_responses
from culturalign.files import jsonl
from culturalign.scores import precision

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.precision) as (path,):
        lists = jsonl.read_jsonl(Path(snakemake.input.lists))
        cues = [entry["cue"] for entry in lists]
        responses = pl.read_parquet(snakemake.input.responses)
        scores = precision.score_lists(
            {entry["cue"]: entry["words"] for entry in lists},
            ranked_responses(pl.read_parquet(snakemake.input.associations)),
            precision.halves(
                responses,
                cues,
                repeats=snakemake.params.split_halves,
                seed=snakemake.params.seed,
            ),
            snakemake.params.ks,
        )
        parsable = pl.DataFrame({"cue": cues, "parsable": [entry["parsable"] for entry in lists]})
        arm = arms.parse_arm(snakemake.wildcards.arm)
        scores.join(parsable, on="cue", how="left", maintain_order="left").select(
            pl.lit(snakemake.wildcards.culture).alias("culture"),
            pl.lit(snakemake.wildcards.model).alias("model"),
            pl.lit(arm.method).alias("method"),
            pl.lit(arm.seed, dtype=pl.Int64).alias("seed"),
            pl.lit(snakemake.wildcards.prompt).alias("prompt"),
            pl.lit(snakemake.wildcards.decoding).alias("decoding"),
            pl.all(),
        ).write_parquet(path)
