"""Entry of rule ``load_in_vllm``: a released adapter in vLLM."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.models import Model
from culturalign.release import packing

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.facts) as (path,):
        facts = packing.check_loads_in_vllm(
            Model(**snakemake.params.model),
            jobs.optional(snakemake.input.base),
            Path(snakemake.input.folder),
        )
        path.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
