"""Entry of rule ``generate_rankings``: an arm's rankings for the test cues."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.evaluate import Decoding
from culturalign.samples import ranking_samples
from culturalign.samples.loaded_arm import open_arm

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.samples, snakemake.output.provenance
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets) as (samples, provenance):
        arm = open_arm(
            snakemake.params.model,
            snakemake.input.base,
            snakemake.input.adapter,
            batch_tokens=snakemake.params.batch_tokens,
            threads=snakemake.threads,
        )
        ranking_samples.run(
            arm,
            examples=Path(snakemake.input.examples),
            system=snakemake.params.system,
            decoding=Decoding(**snakemake.params.decoding),
            samples_out=samples,
            provenance_out=provenance,
        )
