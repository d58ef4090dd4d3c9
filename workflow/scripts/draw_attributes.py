"""Entry of rule ``draw_attributes``: cue-level medians of an attribute, under a prompt."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.report import figures
from culturalign.report.attributes import violins

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        given, files = snakemake.params, snakemake.input
        panels = violins.read_panels(
            given.attribute, given.labels, given.cultures, given.arms, files.humans, files.records
        )
        figure, numbers = violins.draw(panels, given.attribute, given.labels)
        figures.save(figure, numbers, jobs.stem(snakemake.output[0]))
