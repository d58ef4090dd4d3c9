"""Entry of rule ``generate_rankings``: an arm's rankings for the test cues."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.evaluate import Decoding
from culturalign.config.models import Model
from culturalign.samples import ranking_samples

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.samples, snakemake.output.provenance
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets) as (samples, provenance):
        ranking_samples.run(
            examples=Path(snakemake.input.examples),
            model_options=Model(**snakemake.params.model),
            base=Path(snakemake.input.base[0]) if snakemake.input.base else None,
            adapter=Path(snakemake.input.adapter[0]) if snakemake.input.adapter else None,
            system=snakemake.params.system,
            decoding=Decoding(**snakemake.params.decoding),
            batch_tokens=snakemake.params.batch_tokens,
            threads=snakemake.threads,
            samples_out=samples,
            provenance_out=provenance,
        )
