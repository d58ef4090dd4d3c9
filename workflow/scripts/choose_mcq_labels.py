"""Entry of rule ``choose_mcq_labels``: labels that are single tokens for every model of the run."""

import json
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.data.mcq_questions import CATEGORIES
from culturalign.samples import mcq_samples, option_labels

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.labels) as (path,):
        chats = mcq_samples.example_chats(snakemake.input.prompts, snakemake.params.systems)
        tokenizers = option_labels.load_tokenizers(
            snakemake.params.models, snakemake.input.bases, chats
        )
        size = len(CATEGORIES)
        labels = option_labels.choose_labels([size], tokenizers)[size]
        path.write_text(json.dumps(labels) + "\n")
