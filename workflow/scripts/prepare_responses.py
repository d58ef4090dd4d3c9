"""Entry of rule ``prepare_responses``: official SWOW file to clean responses and ledger."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs, ledger, swow

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        responses, accounts = swow.prepare_culture(
            Path(snakemake.input.swow),
            snakemake.params.keep,
            culture=snakemake.wildcards.culture,
            simplify_chinese=snakemake.params.simplify_chinese,
        )
        with jobs.whole(snakemake.output.responses, snakemake.output.ledger) as (table, account):
            responses.write_parquet(table)
            ledger.write_ledger(accounts, account)
