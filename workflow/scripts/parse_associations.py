"""Entry of rule ``parse_associations``: raw answers to normalized lists."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.data.normalize import normalize
from culturalign.files import jsonl
from culturalign.rewards import list_parsing

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.lists) as (path,):
        normalizer = partial(normalize, **snakemake.params.rules)
        read = partial(list_parsing.read_answer, normalize=normalizer, **snakemake.params.forms)
        samples = jsonl.read_jsonl(Path(snakemake.input.samples))
        jsonl.write_jsonl(map(read, samples), path)
