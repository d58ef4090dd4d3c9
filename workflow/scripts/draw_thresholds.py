"""Entry of rule ``draw_thresholds``: share of questions below a distance."""

from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.report import figures
from culturalign.report.survey import comparison, threshold_figure

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        countries, asked = snakemake.params.countries, snakemake.params.asked
        scores = comparison.divergences(snakemake.input.divergence, asked, countries)
        references = comparison.divergences(snakemake.input.references, list(countries), countries)
        figure, numbers = threshold_figure.thresholds(
            comparison.without(scores, snakemake.params.left_out),
            references,
            snakemake.params.labels,
            snakemake.params.nations,
            scoring=snakemake.params.scoring,
        )
        figures.save(figure, numbers, jobs.stem(snakemake.output[0]))
