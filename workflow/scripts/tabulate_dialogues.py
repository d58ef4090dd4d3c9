"""Entry of rule ``tabulate_dialogues``: what became of the role-played dialogues."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.clca.decontamination import read_guard, without_quotes
from culturalign.files.jsonl import read_jsonl
from culturalign.report.clca import dialogue_table

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        rows, guard = [], read_guard(snakemake.input.questionnaires)
        for culture, label in snakemake.params.cultures.items():
            folder = f"results/data/{culture}/roleplay"
            parts = [
                read_jsonl(Path(f"{folder}/{name}.jsonl"))
                for name in ("dialogues", "verdicts", "dropped")
            ]
            path = f"{folder}/intents.jsonl"
            intents = read_jsonl(Path(path)) if path in snakemake.input.intents else []
            rows += dialogue_table.dialogue_rows(label, *parts, without_quotes(intents, guard))
        dialogue_table.write_dialogues(jobs.stem(snakemake.output[0]), rows)
