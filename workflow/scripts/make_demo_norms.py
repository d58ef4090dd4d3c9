"""Entry of rule ``make_demo_norms``: ratings of the demo world's words."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.data.demo import demo_norms

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as paths:
        seed = snakemake.params.seed
        domains = [demo_norms.read_yaml(Path(file)) for file in snakemake.input.lexicon]
        means = demo_norms.read_yaml(Path(snakemake.input.means))
        words = demo_norms.rate_lexicon(domains, means, seed=seed)
        demo_norms.write_english(words["en"], *paths[:2], seed=seed)
        demo_norms.write_chinese(words["zh"], *paths[2:], seed=seed)
