"""Entry of rule ``adapt_scenarios``: another country's scenarios, set in a culture's own."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from culturalign import jobs
from culturalign.clca import adapting, cards, clca_job, prompts, scenarios
from culturalign.config.clca import Adapting
from culturalign.config.models import Model

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.adapted) as (path,):
        stage, options = snakemake.params.stage, Adapting(**snakemake.params.adapting)
        ask, _ = clca_job.local_speaker(
            Model(**snakemake.params.model),
            Path(snakemake.input.base[0]) if snakemake.input.base else None,
            options.speaking,
            batch_tokens=snakemake.params.batch_tokens,
            threads=snakemake.threads,
        )
        new, without = adapting.adapt(
            scenarios.read_scenarios(
                [Path(file) for file in snakemake.input.sources], stage["language"]
            ),
            ask,
            cards.read_card(Path(stage["card"]), stage["country"], stage["language"]),
            prompts.read_prompts(Path(stage["prompts"]), stage["language"]),
            system=stage["system"],
            retries=options.retries,
        )
        text = yaml.safe_dump(new, allow_unicode=True, sort_keys=False, width=100)
        path.write_text(f"# Written by a model: read and correct before use.\n{text}", "utf-8")
        print(f"{len(new)} scenarios; none from: {', '.join(without) or '-'}", file=sys.stderr)
