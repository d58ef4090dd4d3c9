"""Entry of rule ``check_model``: ask for a model before any job waits for a GPU."""

import json
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.models import hub

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.access) as (path,):
        found = hub.check_model(snakemake.params.source, snakemake.params.revision)
        path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
