"""Entry of rule ``draw_attributes``: cue-level medians of an attribute, under a prompt."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import figures, jobs
from culturalign.attributes import humans, norms, tables, violins

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        given = snakemake.params
        panels = []
        for culture, files, people, record in zip(
            given.cultures, given.arms, snakemake.input.humans, snakemake.input.records, strict=True
        ):
            scores = tables.read_scores(files, people, humans.DEFAULT)
            found = norms.read_record(Path(record))
            panels.append(violins.panel_of(scores, given.attribute, found, given.labels, culture))
        figure, numbers = violins.draw(panels, given.attribute)
        figures.save(figure, numbers, jobs.stem(snakemake.output[0]))
