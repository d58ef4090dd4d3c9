"""Readings of what answers to the survey are scored by: EMD, JS, orders, the tension set."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.data.survey.human_shares import own_codes
from culturalign.data.survey.tension_set import Form, country_distances, tension_set
from culturalign.report.arm_tables import Labels
from culturalign.report.readings.compared import READINGS, compared, name_of, same_items
from culturalign.report.survey.leaning import count_nearer, nearer

FORMS: Mapping[str, Form] = {"written": "divergence", "run": "as_run", "sound": "divergence"}
"""Reading -> hybrid score."""
BASE_2 = pl.col("js_divergence").sqrt() / pl.lit(2).log().sqrt()
MEANS: dict[str, list[pl.Expr]] = {
    "emd": [pl.col("emd"), pl.col("emd_free"), pl.col("emd_ordinal")],
    "js_base": [pl.col("js_divergence"), BASE_2, pl.col("js_divergence")],
}
"""Definition -> for each reading, of what the mean over questions is compared."""


def survey_rows(
    files: Sequence[Path],
    countries: Sequence[str],
    human: pl.DataFrame,
    *,
    poles: tuple[str, str],
    size: int,
    labels: Labels,
    nations: Mapping[str, str],
) -> pl.DataFrame:
    """Compare the survey's definitions.

    Args:
        files: Distances of arms to people, with ``question, country, scoring``.
        countries: For each file the country that the arm is compared with.
        human: ``question, country, code, count, share``.
        poles: The two countries of the tension set.
        size: Size of the tension set.
        labels: Those of ``arm_tables``.
        nations: Country -> label.

    Returns:
        The columns ``COMPARED``. ``emd``, ``js_base``: means over questions, plain order; of
        ``emd`` those with an order, which the sound reading needs.
        ``orders``: mean JS in the plain order and averaged over orders. ``hybrid``: answers to the
        tension set nearer to the second pole, of those that the arm answered in each reading's
        set; of people, questions that the set shares with that as written.
    """
    parts = [
        pl.read_parquet(file).with_columns(
            of=pl.lit(name_of(file, labels, nations[country])), own=pl.col("country") == country
        )
        for file, country in zip(files, countries, strict=True)
    ]
    scores = pl.concat(parts)
    human = own_codes(human, poles)
    apart = country_distances(human, poles).with_columns(
        of=pl.lit(f"People, {nations[poles[0]]} and {nations[poles[1]]}"),
        emd_ordinal=pl.lit(None, pl.Float64),
    )
    plain = scores.filter("own", scoring="plain")
    sets = {
        reading: tension_set(human, poles, size=size, form=form)["question"].to_list()
        for reading, form in FORMS.items()
    }
    rows = [*_means(apart), *_means(plain), *_orders(scores.filter("own"))]
    return compared([*rows, *_leanings(scores, poles, sets)])


def _means(scores: pl.DataFrame) -> Iterator[dict[str, Any]]:
    for name, columns in MEANS.items():
        values = dict(zip(READINGS, columns, strict=True))
        items = same_items(scores.select("of", "question", **values))
        found = items.group_by("of", maintain_order=True).agg(
            pl.col(READINGS).mean(), n=pl.col("question").n_unique()
        )
        yield from found.select(pl.lit(name).alias("id"), pl.all()).iter_rows(named=True)


def _orders(scores: pl.DataFrame) -> Iterator[dict[str, Any]]:
    plain = pl.col("js").filter(scoring="plain").mean()
    found = scores.group_by("of", maintain_order=True).agg(
        written=plain,
        run=plain,
        sound=pl.col("js").filter(scoring="debiased").mean(),
        n=pl.col("question").n_unique(),
    )
    yield from found.select(pl.lit("orders").alias("id"), pl.all()).iter_rows(named=True)


def _leanings(
    scores: pl.DataFrame, poles: tuple[str, str], sets: Mapping[str, list[str]]
) -> Iterator[dict[str, Any]]:
    shared = {name: len(set(questions) & set(sets["written"])) for name, questions in sets.items()}
    sizes = {f"n_{name}": len(questions) for name, questions in sets.items()}
    people = {"id": "hybrid", "of": "People: questions in common with the set as written"}
    yield {**people, **shared, **sizes}
    plain = scores.filter(pl.col("country").is_in(poles), scoring="plain")
    for (arm,), rows in plain.group_by("of", maintain_order=True):
        counts: dict[str, int] = {}
        for reading, questions in sets.items():
            asked = rows.filter(pl.col("question").is_in(questions))
            leanings = nearer(asked, poles, form=FORMS[reading])
            found = count_nearer(leanings, poles[1])
            counts |= {reading: found["count"], f"n_{reading}": found["n"]}
        yield {"id": "hybrid", "of": arm, **counts}
