"""Entry of rule ``answer_mcq``: an arm's log-probabilities of the option labels."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.data import mcq_questions
from culturalign.samples import mcq_samples
from culturalign.samples.loaded_arm import open_arm

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.samples, snakemake.output.provenance
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets) as (samples, provenance):
        prompt = mcq_questions.read_mcq_prompt(
            Path(snakemake.input.prompt), **snakemake.params.language
        )
        arm = open_arm(
            snakemake.params.model,
            snakemake.input.base,
            snakemake.input.adapter,
            batch_tokens=snakemake.params.batch_tokens,
            threads=snakemake.threads,
        )
        mcq_samples.run(
            arm,
            questions=Path(snakemake.input.questions),
            option_labels=json.loads(Path(snakemake.input.labels).read_text()),
            prompt=prompt,
            samples_out=samples,
            provenance_out=provenance,
        )
