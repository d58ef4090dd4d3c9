"""Entry of rule ``choose_labels``: labels of the options, the same for every model of the run."""

import json
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.samples import option_labels
from culturalign.samples.survey_prompts import example_chats

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.labels) as (path,):
        asking = snakemake.params.asking
        given = snakemake.input
        chats = example_chats(given.prompts, snakemake.params.systems, given.questionnaires)
        tokenizers = option_labels.load_tokenizers(
            snakemake.params.models, snakemake.input.bases, chats, raw=not asking["chat"]
        )
        sizes = option_labels.option_counts(snakemake.input.questionnaires)
        labels = option_labels.labels_of(asking["labels"], sizes, tokenizers)
        path.write_text(json.dumps(labels, indent=1) + "\n")
