"""Entry of rule ``choose_labels``: labels that are single tokens for every model of the run."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.config.models import Model
from culturalign.models import loading
from culturalign.samples.option_labels import choose_labels
from culturalign.samples.survey_prompts import read_survey_prompt

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.labels) as (path,):
        bases = {Path(base).parent.name: Path(base) for base in snakemake.input.bases}
        tokenizers = {}
        for file, system in zip(snakemake.input.prompts, snakemake.params.systems, strict=True):
            messages = read_survey_prompt(Path(file), system=system).messages("?", ["-"], ["-"])
            for name, settings in snakemake.params.models.items():
                options = Model(label=name, **settings)
                tokenizer = loading.load_tokenizer(options, bases.get(name))
                tokenizers[f"{name} ({file})"] = (
                    tokenizer,
                    loading.render(tokenizer, messages, options),
                )
        tables = [pl.read_parquet(file) for file in snakemake.input.questionnaires]
        sizes = {n for table in tables for n in table.group_by("question").len()["len"]}
        path.write_text(json.dumps(choose_labels(sizes, tokenizers), indent=1) + "\n")
