"""Entry of rule ``filter_dialogues``: dialogues that are kept, and why others are not."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.clca import decontamination, judge, materials
from culturalign.config.clca import Filter
from culturalign.errors import UserError
from culturalign.files.jsonl import read_jsonl, write_jsonl
from culturalign.files.ledger import write_ledger

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    outputs = snakemake.output
    targets = outputs.kept, outputs.dropped, outputs.ledger
    with jobs.logged(snakemake.log[0]), jobs.whole(*targets) as (kept_out, dropped_out, ledger):
        dialogues = read_jsonl(Path(snakemake.input.dialogues))
        quoting = decontamination.quoting(
            dialogues, materials.read_guard(snakemake.input.questionnaires)
        )
        kept, dropped = judge.split(
            dialogues,
            read_jsonl(Path(snakemake.input.verdicts)),
            Filter(**snakemake.params.filter),
            quoting,
        )
        found = judge.account(kept, dropped)
        if not kept:
            raise UserError(
                f"culture {snakemake.wildcards.culture!r}: none of {found.read} dialogues is kept "
                f"({found.dropped}); loosen clca.filter, or let a larger model play and judge"
            )
        write_jsonl(kept, kept_out)
        write_jsonl(dropped, dropped_out)
        write_ledger([found], ledger)
