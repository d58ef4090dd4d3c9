"""Entry of rule ``answer_mcq``: an arm's log-probabilities of the option labels."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.models import Model
from culturalign.data import mcq_questions
from culturalign.samples import mcq_samples

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.samples, snakemake.output.provenance
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets) as (samples, provenance):
        prompt = Path(snakemake.input.prompt)
        mcq_samples.run(
            questions=Path(snakemake.input.questions),
            labels=json.loads(Path(snakemake.input.labels).read_text()),
            prompt=mcq_questions.read_mcq_prompt(prompt, **snakemake.params.language),
            model_options=Model(**snakemake.params.model),
            base=Path(snakemake.input.base[0]) if snakemake.input.base else None,
            adapter=Path(snakemake.input.adapter[0]) if snakemake.input.adapter else None,
            batch_tokens=snakemake.params.batch_tokens,
            threads=snakemake.threads,
            samples_out=samples,
            provenance_out=provenance,
        )
