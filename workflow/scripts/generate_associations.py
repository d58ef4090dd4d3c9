"""Entry of rule ``generate_associations``: an arm's answers for the test cues."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.evaluate import Decoding
from culturalign.data import sft_examples
from culturalign.samples import association_samples
from culturalign.samples.loaded_arm import open_arm

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.samples, snakemake.output.provenance
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets) as (samples, provenance):
        prompt = sft_examples.read_prompt(Path(snakemake.input.prompt), **snakemake.params.language)
        arm = open_arm(
            snakemake.params.model,
            snakemake.input.base,
            snakemake.input.adapter,
            batch_tokens=snakemake.params.batch_tokens,
            threads=snakemake.threads,
        )
        association_samples.run(
            arm,
            splits=Path(snakemake.input.splits),
            prompt=prompt,
            bounds=snakemake.params.bounds,
            decoding=Decoding(**snakemake.params.decoding),
            samples_out=samples,
            provenance_out=provenance,
        )
