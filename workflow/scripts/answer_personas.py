"""Entry of rule ``answer_personas``: an arm's answers in the place of respondents."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.models import Model
from culturalign.samples import persona_samples
from culturalign.samples.survey_prompts import read_survey_prompt

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.samples, snakemake.output.provenance
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets) as (samples, provenance):
        params = snakemake.params
        persona_samples.run(
            personas=Path(snakemake.input.personas),
            questionnaire=Path(snakemake.input.questionnaire),
            prompt=read_survey_prompt(Path(snakemake.input.prompt), system=params.system),
            as_persona=params.as_persona,
            model_options=Model(**params.model),
            base=Path(snakemake.input.base[0]) if snakemake.input.base else None,
            adapter=Path(snakemake.input.adapter[0]) if snakemake.input.adapter else None,
            max_new_tokens=params.max_new_tokens,
            batch_tokens=params.batch_tokens,
            threads=snakemake.threads,
            samples_out=samples,
            provenance_out=provenance,
        )
