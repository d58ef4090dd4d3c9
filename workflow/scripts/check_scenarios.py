"""Entry of rule ``check_scenarios``: cards, scenarios and prompts of a culture."""

import json
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.clca import materials

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.checked) as (path,):
        found = materials.read_stage(**snakemake.params.stage)
        materials.check_scenarios(found, materials.read_guard(snakemake.input.questionnaires))
        topics = {name: scenario.topic for name, scenario in found.scenarios.items()}
        path.write_text(json.dumps(topics, indent=2) + "\n", encoding="utf-8")
