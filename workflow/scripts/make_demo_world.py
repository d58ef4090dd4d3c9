"""Entry of rule ``make_demo_world``: SWOW files and planted associates of the demo world."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.data.demo.demo_swow import write_world

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as paths:
        english, mandarin, *planted = paths
        lexicon = [Path(file) for file in snakemake.input.lexicon]
        write_world(lexicon, "en", english, planted[:2], snakemake.params.seed)
        write_world(lexicon, "zh", mandarin, planted[2:], snakemake.params.seed)
