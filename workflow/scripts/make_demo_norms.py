"""Entry of rule ``make_demo_norms``: ratings of the demo world's words."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.attributes import demo

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as paths:
        seed = snakemake.params.seed
        domains = [demo.read_yaml(Path(file)) for file in snakemake.input.lexicon]
        means = demo.read_yaml(Path(snakemake.input.means))
        words = demo.rate_lexicon(domains, means, seed=seed)
        demo.write_english(words["en"], *paths[:2], seed=seed)
        demo.write_chinese(words["zh"], *paths[2:], seed=seed)
