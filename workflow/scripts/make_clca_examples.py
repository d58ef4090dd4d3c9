"""Entry of rule ``make_clca_examples``: training examples from dialogues and intents."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.clca import clca_examples, materials
from culturalign.clca.decontamination import without_quotes
from culturalign.files.jsonl import read_jsonl, write_jsonl

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    targets = snakemake.output.train, snakemake.output.validation
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets) as paths:
        guard = materials.read_guard(snakemake.input.questionnaires)
        intents = [row for file in snakemake.input.intents for row in read_jsonl(Path(file))]
        train, validation = clca_examples.all_examples(
            read_jsonl(Path(snakemake.input.dialogues)),
            without_quotes(intents, guard),
            materials.read_stage(**snakemake.params.stage),
            **snakemake.params.options,
        )
        for rows, path, also in zip(
            (train, validation),
            paths,
            (snakemake.input.train, snakemake.input.validation),
            strict=True,
        ):
            rows += [row for file in also for row in read_jsonl(Path(file))]
            clca_examples.check_examples(rows, guard, str(path.name.removeprefix(".partial-")))
            write_jsonl(rows, path)
