"""Entry of rule ``write_report``: the self-contained page."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.report import explorer, page

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

EXPLORED = "associations", "lists", "questionnaires", "answers"
SAMPLES = "samples", "survey", "rankings", "mcq"

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.page) as (target,):
        page.write(
            target,
            template=Path(snakemake.input.template),
            config=snakemake.params.config,
            tables=dict(snakemake.params.tables),
            rankings=snakemake.params.rankings,
            attributes=dict(snakemake.params.attributes),
            planted=snakemake.params.planted,
            figures=dict(
                zip(snakemake.params.figures, map(Path, snakemake.input.captions), strict=True)
            ),
            labels=snakemake.params.labels,
            samples=[Path(file) for name in SAMPLES for file in snakemake.input[name]],
            paper=Path(snakemake.input.paper[0]).parent,
            unworded=jobs.optional(snakemake.input.unworded),
            kinds=snakemake.params.kinds,
            data=explorer.collect(
                **{name: snakemake.input[name] for name in EXPLORED},
                human=next(iter(snakemake.input.human), None),
                planted=dict(zip(snakemake.params.planted, snakemake.input.planted, strict=True)),
                labels=snakemake.params.labels,
            ),
        )
