"""Entry of rule ``fetch_model``: fetch a model, or find its folder, and try its chat template."""

import json
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.models import Model
from culturalign.models import hub, loading

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.access) as (path,):
        options = Model(**snakemake.params.model)
        found = hub.fetch_model(options.source, options.revision or "main")
        loading.load_tokenizer(options)  # also refuses a folder without weights
        path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
