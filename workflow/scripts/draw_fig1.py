"""Entry of rule ``draw_fig1``: associations of chosen cues, and a question's answers."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.report import figures, spotlight_figure

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        given, labels = snakemake.params, snakemake.params.labels["cultures"]
        rows = spotlight_figure.association_rows(
            snakemake.input.associations, given.cultures, labels
        )
        asked = dict(zip(given.countries, snakemake.input.questionnaires, strict=True))
        rows = spotlight_figure.with_answers(
            rows, given.question, snakemake.input.human, asked, given.countries, labels
        )
        columns = rows["culture"].unique(maintain_order=True).to_list()
        figures.save(figures.draw_associations(rows, columns), rows, jobs.stem(snakemake.output[0]))
