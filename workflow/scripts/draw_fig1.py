"""Entry of rule ``draw_fig1``: top associations of chosen cues in each culture."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.data import associations
from culturalign.report import figures

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        rows = associations.top_of_cultures(
            snakemake.input.associations,
            snakemake.params.cultures,
            snakemake.params.labels["cultures"],
        )
        columns = rows["culture"].unique(maintain_order=True).to_list()
        figures.save(figures.draw_associations(rows, columns), rows, jobs.stem(snakemake.output[0]))
