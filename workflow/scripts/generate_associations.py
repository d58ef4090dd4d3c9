"""Entry of rule ``generate_associations``: an arm's answers for the test cues."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.evaluate import Decoding
from culturalign.config.models import Model
from culturalign.data import sft_examples
from culturalign.samples import association_samples

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.samples, snakemake.output.provenance
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets) as (samples, provenance):
        association_samples.run(
            splits=Path(snakemake.input.splits),
            prompt=sft_examples.read_prompt(
                Path(snakemake.input.prompt), **snakemake.params.language
            ),
            bounds=snakemake.params.bounds,
            model_options=Model(**snakemake.params.model),
            base=Path(snakemake.input.base[0]) if snakemake.input.base else None,
            adapter=Path(snakemake.input.adapter[0]) if snakemake.input.adapter else None,
            decoding=Decoding(**snakemake.params.decoding),
            batch_tokens=snakemake.params.batch_tokens,
            threads=snakemake.threads,
            samples_out=samples,
            provenance_out=provenance,
        )
