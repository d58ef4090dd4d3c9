"""Entry of rule ``answer_survey``: an arm's log-probabilities of the option labels."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.survey import Asking
from culturalign.samples import survey_samples
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
            batch_tokens=snakemake.params.survey["batch_tokens"],
            threads=snakemake.threads,
        )
        survey_samples.run(
            arm,
            questionnaire=Path(snakemake.input.questionnaire),
            option_labels=Path(snakemake.input.labels),
            prompt=prompt,
            orders=snakemake.params.survey["orders"],
            asking=Asking(**snakemake.params.survey["asking"]),
            samples_out=samples,
            provenance_out=provenance,
        )
