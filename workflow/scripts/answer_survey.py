"""Entry of rule ``answer_survey``: an arm's log-probabilities of the option labels."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.models import Model
from culturalign.samples import survey_samples
from culturalign.samples.survey_prompts import read_survey_prompt

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.samples, snakemake.output.provenance
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets) as (samples, provenance):
        survey_samples.run(
            questionnaire=Path(snakemake.input.questionnaire),
            labels=Path(snakemake.input.labels),
            prompt=read_survey_prompt(Path(snakemake.input.prompt), system=snakemake.params.system),
            model_options=Model(**snakemake.params.model),
            base=Path(snakemake.input.base[0]) if snakemake.input.base else None,
            adapter=Path(snakemake.input.adapter[0]) if snakemake.input.adapter else None,
            threads=snakemake.threads,
            samples_out=samples,
            provenance_out=provenance,
            **snakemake.params.survey,
        )
