"""Entry of rule ``check_scenarios``: card, scenarios and prompts of a culture."""

import json
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.clca.decontamination import read_guard
from culturalign.clca.materials import read_materials

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.checked) as (path,):
        materials = read_materials(**snakemake.params.materials)
        read_guard(snakemake.input.questionnaires).refuse(materials.texts(), "reword it")
        path.write_text(json.dumps(materials.topics(), indent=2) + "\n", encoding="utf-8")
