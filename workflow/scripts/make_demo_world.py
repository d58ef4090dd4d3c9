"""Entry of rule ``make_demo_world``: SWOW files and planted associates of the demo world."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.data.demo import demo_swow

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        for culture in ("us", "cn"):
            targets = snakemake.output[culture], snakemake.output[f"planted_{culture}"]
            entries = demo_swow.read_lexicon(
                [Path(file) for file in snakemake.input.lexicon], culture
            )
            groups = demo_swow.GROUPS[culture]
            tidy = demo_swow.simulate_trials(entries, groups, seed=snakemake.params.seed)
            trials = list(demo_swow.soil(tidy, culture, seed=snakemake.params.seed))
            with jobs.whole(*targets) as (swow, planted):
                demo_swow.write_swow(trials, culture, swow)
                demo_swow.write_planted(entries, planted)
