"""Entry of rule ``draw_attributes``: cue-level medians of an attribute, under a prompt."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.data.norms import ratings
from culturalign.report import figures
from culturalign.report.attributes import attribute_tables, violins
from culturalign.scores import human_attributes

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        given = snakemake.params
        panels = []
        for culture, files, people, record in zip(
            given.cultures, given.arms, snakemake.input.humans, snakemake.input.records, strict=True
        ):
            scores = attribute_tables.read_scores(files, people, human_attributes.DEFAULT)
            found = ratings.read_record(Path(record))
            panels.append(violins.panel_of(scores, given.attribute, found, given.labels, culture))
        figure, numbers = violins.draw(panels, given.attribute)
        figures.save(figure, numbers, jobs.stem(snakemake.output[0]))
