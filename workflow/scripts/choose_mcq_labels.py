"""Entry of rule ``choose_mcq_labels``: labels that are single tokens for every model of the run."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.config.models import Model
from culturalign.data.mcq_questions import CATEGORIES, read_mcq_prompt
from culturalign.models import loading
from culturalign.samples.option_labels import choose_labels

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.labels) as (path,):
        bases = {Path(base).parent.name: Path(base) for base in snakemake.input.bases}
        tokenizers, size = {}, len(CATEGORIES)
        for file, system in zip(snakemake.input.prompts, snakemake.params.systems, strict=True):
            prompt = read_mcq_prompt(Path(file), system=system, separator=" ")
            for name, settings in snakemake.params.models.items():
                options = Model(label=name, **settings)
                tokenizer = loading.load_tokenizer(options, bases.get(name))
                text = loading.render(tokenizer, prompt.messages("?", [["-"]], ["-"]), options)
                tokenizers[f"{name} ({file})"] = tokenizer, text
        path.write_text(json.dumps(choose_labels([size], tokenizers)[size]) + "\n")
