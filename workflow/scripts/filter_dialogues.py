"""Entry of rule ``filter_dialogues``: dialogues that are kept, and why others are not."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.clca import decontamination, judge
from culturalign.config.clca import Filter
from culturalign.files.jsonl import read_jsonl, write_jsonl
from culturalign.files.ledger import write_ledger

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    inputs, outputs = snakemake.input, snakemake.output
    targets = outputs.kept, outputs.dropped, outputs.ledger
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets) as (kept_out, dropped_out, ledger):
        dialogues = read_jsonl(Path(inputs.dialogues))
        guard = decontamination.read_guard(inputs.questionnaires)
        kept, dropped, account = judge.split(
            dialogues,
            read_jsonl(Path(inputs.verdicts)),
            Filter(**snakemake.params.filter),
            decontamination.quoting(dialogues, guard),
            snakemake.wildcards.culture,
        )
        write_jsonl(kept, kept_out)
        write_jsonl(dropped, dropped_out)
        write_ledger([account], ledger)
