"""Entry of rule ``tabulate_dialogues``: what became of the role-played dialogues."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.clca.decontamination import read_guard
from culturalign.report.clca import dialogue_table

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        rows = dialogue_table.read_rows(
            list(snakemake.params.cultures.values()),
            snakemake.input.parts,
            snakemake.input.intents,
            read_guard(snakemake.input.questionnaires),
        )
        dialogue_table.write_dialogues(jobs.stem(snakemake.output[0]), rows)
