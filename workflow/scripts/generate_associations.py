"""Entry of rule ``generate_associations``: an arm's answers for the test cues."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.config.evaluate import Decoding, Evaluation, Shots
from culturalign.data import sft_examples
from culturalign.data.associations import read_ranked
from culturalign.data.splits import cues_of
from culturalign.samples import association_samples, list_questions
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
        splits = pl.read_parquet(snakemake.input.splits)
        cues, training = cues_of(splits, "test"), cues_of(splits, "train")
        human = read_ranked(snakemake.input.associations)
        shots = Shots(**snakemake.params.shots) if snakemake.params.shots else None
        evaluation = Evaluation(**snakemake.params.bounds)
        association_samples.run(
            arm,
            cues=cues,
            questions=list_questions.ask(cues, training, human, prompt, evaluation, shots),
            decoding=Decoding(**snakemake.params.decoding),
            samples_out=samples,
            provenance_out=provenance,
        )
