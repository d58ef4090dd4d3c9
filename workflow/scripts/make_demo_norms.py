"""Entry of rule ``make_demo_norms``: ratings of the demo world's words."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.data.demo.demo_norms import write_norms

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as paths:
        lexicon = [Path(file) for file in snakemake.input.lexicon]
        write_norms(lexicon, Path(snakemake.input.means), paths, seed=snakemake.params.seed)
