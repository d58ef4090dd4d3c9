"""Entry of rule ``answer_personas``: an arm's answers as respondents."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.samples import persona_samples
from culturalign.samples.loaded_arm import open_arm
from culturalign.samples.survey_prompts import read_survey_prompt

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.samples, snakemake.output.provenance
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets) as (samples, provenance):
        prompt = read_survey_prompt(Path(snakemake.input.prompt), system=snakemake.params.system)
        arm = open_arm(
            snakemake.params.model,
            snakemake.input.base,
            snakemake.input.adapter,
            batch_tokens=snakemake.params.batch_tokens,
            threads=snakemake.threads,
        )
        persona_samples.run(
            arm,
            personas=Path(snakemake.input.personas),
            questionnaire=Path(snakemake.input.questionnaire),
            prompt=prompt,
            as_persona=snakemake.params.as_persona,
            max_new_tokens=snakemake.params.max_new_tokens,
            samples_out=samples,
            provenance_out=provenance,
        )
