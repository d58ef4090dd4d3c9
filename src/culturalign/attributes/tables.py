"""Tables 5, 6, 12 and 13 of the paper.

``labels`` has ``models, methods, cultures``; ``record`` says what became of each norm
(``norms.Norm``). ``rows`` are those of :func:`profile_rows`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from culturalign.attributes.norms import Norm
from culturalign.attributes.profile import ARM, SHARES, against_humans, mean_rows
from culturalign.attributes.spans import SPANS, to_raw
from culturalign.config.evaluate import Evaluation
from culturalign.config.norms import Norms
from culturalign.tables import cell, write_table

Labels = Mapping[str, Mapping[str, str]]
LEAD = ["M Type", "M Class", "SWOW", "measure"]


def read_scores(arms: Sequence[str], humans: str, reading: str) -> pl.DataFrame:
    """Scores of arms and, on the same test cues, of humans, as ``profile`` describes them.

    Args:
        arms: Files of ``score_attributes``.
        humans: File of ``score_human_attributes``.
        reading: One of ``humans.READINGS``.
    """
    people = pl.read_parquet(humans).filter(reading=reading, split="test").drop("reading", "split")
    people = people.with_columns(model=pl.lit("-"), method=pl.lit("human"))
    people = people.with_columns(seed=pl.lit(None, dtype=pl.Int64))
    return pl.concat([*(pl.read_parquet(file) for file in arms), people], how="diagonal")


def labeled(rows: pl.DataFrame, labels: Labels, culture: str) -> pl.DataFrame:
    """Put ``M Type, M Class, SWOW`` in front: humans, then models and methods as configured."""
    methods = {"human": "Human", "vanilla": "Vanilla", **labels["methods"]}
    models = {"-": "-", **labels["models"]}
    places = [
        pl.col(column).replace_strict({n: i for i, n in enumerate(names)}, return_dtype=pl.Int64)
        for column, names in (("model", models), ("method", methods))
    ]
    untrained = pl.col("method").is_in(["human", "vanilla"])
    swow = pl.when(untrained).then(pl.lit("-")).otherwise(pl.lit(labels["cultures"][culture]))
    return rows.sort(*places, maintain_order=True).select(
        pl.col("method").replace(methods).alias("M Type"),
        pl.col("model").replace(models).alias("M Class"),
        swow.alias("SWOW"),
        pl.all(),
    )


def profile_rows(
    values: pl.DataFrame,
    record: Sequence[Norm],
    labels: Labels,
    culture: str,
    evaluation: Evaluation,
    options: Norms,
) -> pl.DataFrame:
    """Every measure of humans and arms, with intervals, tests and raw scales.

    Args:
        values: From ``profile.measures``.
        record: As the module describes.
        labels: As the module describes.
        culture: Whose cues.
        evaluation: Of the intervals.
        options: Level and margin of the tests.

    Returns:
        The titles, ``measure``; the columns of ``profile.mean_rows`` and, for attributes of
        arms, those of ``profile.against_humans``; ``raw_mean, raw_low, raw_high`` on the scale
        of the norm file; ``note``. An attribute without norms has one row, of humans, that only
        has the note.
    """
    tests = against_humans(values, evaluation, level=options.level, margin=options.margin)
    found = mean_rows(values, evaluation).join(tests, on=[*ARM, "measure"], how="left")
    order = {name: i for i, name in enumerate([*SPANS, *SHARES])}
    place = pl.col("measure").replace_strict(order, default=len(order), return_dtype=pl.Int64)
    rows = labeled(found.sort(place, "measure"), labels, culture)
    ends = {norm.attribute: norm.ends for norm in record}
    missing = [norm for norm in record if norm.missing]
    notes = pl.DataFrame(
        {
            **{"M Type": ["Human"] * len(missing), "M Class": ["-"] * len(missing)},
            **{"SWOW": ["-"] * len(missing), "model": ["-"] * len(missing)},
            "method": ["human"] * len(missing),
            "measure": [norm.attribute for norm in missing],
            "note": [norm.sentence for norm in missing],
        },
        schema=dict.fromkeys([*LEAD, *ARM, "note"], pl.String),
    )
    return pl.concat([rows.with_columns(_raw(rows, ends)), notes], how="diagonal").select(
        *LEAD, pl.exclude(LEAD)
    )


def _raw(rows: pl.DataFrame, ends: Mapping[str, Sequence[float]]) -> list[pl.Series]:
    """Mean and interval on the norm's own scale; a turned scale turns the interval."""
    found: dict[str, list[float | None]] = {"raw_mean": [], "raw_low": [], "raw_high": []}
    for row in rows.iter_rows(named=True):
        name = row["measure"]
        if name not in ends or row["mean"] is None:
            parts: list[float | None] = [None, None, None]
        else:
            mean, *others = (
                to_raw(row[x], ends[name], SPANS[name]) for x in ("mean", "low", "high")
            )
            parts = [mean, min(others), max(others)]
        for column, value in zip(found.values(), parts, strict=True):
            column.append(value)
    return [pl.Series(name, column, pl.Float64) for name, column in found.items()]


def write_profile(stem: str, rows: pl.DataFrame, record: Sequence[Norm], *, raw: bool) -> None:
    """Write a table as the paper prints it: a column a model, a row a measure.

    Bold: Wilcoxon's p is not below the level ("no significant difference", as in the paper).
    A dagger: equivalent to humans within the margin.

    Args:
        stem: Path without ending.
        rows: As the module describes.
        record: As the module describes.
        raw: Attributes on the norms' own scales, as in table 13.
    """
    arms = rows.select("model", "method", "M Class", "M Type").unique(maintain_order=True)
    header = ["Metric"] + [
        "Human" if row["method"] == "human" else f"{row['M Class']} {row['M Type']}"
        for row in arms.iter_rows(named=True)
    ]
    cells = {(r["model"], r["method"], r["measure"]): r for r in rows.iter_rows(named=True)}
    keys = [row[:2] for row in arms.iter_rows()]
    shown = []
    for norm in record:
        found = [cells.get((*key, norm.attribute)) for key in keys]
        shown.append([norm.attribute.capitalize(), *(_attribute_cell(row, raw) for row in found)])
    attributes = {norm.attribute for norm in record if not norm.missing}
    if "valence" in attributes:
        shown.append(["Emotional %", *(_percent(cells, key, ["emotional"]) for key in keys)])
    if "concreteness" in attributes:
        parts = ["concrete", "abstract", "unknown"]
        shown.append(["% conc. / abs. / unk.", *(_percent(cells, key, parts) for key in keys)])
    counted = [norm.attribute for norm in record if not norm.missing]
    if counted:
        counted.append(f"{counted[0]} found")  # has a value wherever there is a word at all
        counts = [
            " / ".join(str(cells[*key, name]["n_cues"]) if (*key, name) in cells else "0"
                       for name in counted)
            for key in keys
        ]  # fmt: skip
        shown.append([f"Cues ({' / '.join(counted[:-1])} / any word)", *counts])
    write_table(stem, rows, shown, header)


def _attribute_cell(row: Mapping[str, Any] | None, raw: bool) -> str:
    if row is None:
        return "-"
    if row["mean"] is None:
        return row["note"] or "-"
    mean, low, high = (row[f"raw_{x}" if raw else x] for x in ("mean", "low", "high"))
    spread = row["seed_sd"]
    if spread is not None and raw:
        spread *= abs((row["raw_high"] - row["raw_low"]) / ((row["high"] - row["low"]) or 1))
    text = cell(mean, low, high, spread)
    text = text.replace(" [", "† [", 1) if row["equivalent"] else text
    return f"**{text}**" if row["differs"] is False else text


def _percent(cells: Mapping[Any, Mapping[str, Any]], key: Any, names: Sequence[str]) -> str:
    parts = [cells.get((*key, name)) for name in names]
    means = [part["mean"] if part else None for part in parts]
    return " / ".join("-" if mean is None else f"{100 * mean:.1f}" for mean in means)
