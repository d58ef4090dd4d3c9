"""Entry of rule ``make_clca_examples``: training examples from dialogues and intents."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.clca.clca_examples import all_examples, read_rows, write_checked
from culturalign.clca.decontamination import read_guard, without_quotes
from culturalign.clca.materials import read_materials
from culturalign.files.jsonl import read_jsonl

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    inputs, params = snakemake.input, snakemake.params
    targets = snakemake.output.train, snakemake.output.validation
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets) as (train_out, validation_out):
        guard = read_guard(inputs.questionnaires)
        train, validation = all_examples(
            read_jsonl(Path(inputs.dialogues)),
            without_quotes(read_rows(inputs.intents), guard),
            read_materials(**params.materials),
            **params.options,
        )
        write_checked(train + read_rows(inputs.train), guard, train_out)
        write_checked(validation + read_rows(inputs.validation), guard, validation_out)
