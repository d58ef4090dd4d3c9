"""Tables 5, 6, 12 and 13 of the paper.

``labels`` has ``models, methods, cultures``; ``record`` says what became of each norm
(``norms.Norm``). ``rows`` are those of :func:`profile_rows`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.config.norms import Norms
from culturalign.config.scales import SPANS, to_raw
from culturalign.data.norms.ratings import Norm
from culturalign.report.attributes.profile import ARM, HUMAN, SHARES, against_humans, mean_rows
from culturalign.report.tables import cell, write_table

Labels = Mapping[str, Mapping[str, str]]
LEAD = ["M Type", "M Class", "SWOW", "measure"]

MARKS = (
    "Bold: no significant difference from humans (Wilcoxon). †: shown to be equivalent to humans "
    "within the margin. Tests and level: the table with _tests in its name."
)


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
        arms, those of ``profile.against_humans``; ``raw_mean, raw_low, raw_high, raw_seed_sd``
        on the scale of the norm file; ``note``. An attribute without norms has one row, of
        humans, that only has the note.
    """
    tests = against_humans(values, evaluation, level=options.level, margin=options.margin)
    found = mean_rows(values, evaluation).join(tests, on=[*ARM, "measure"], how="left")
    order = {name: i for i, name in enumerate([*SPANS, *SHARES])}
    place = pl.col("measure").replace_strict(order, default=len(order), return_dtype=pl.Int64)
    rows = labeled(found.sort(place, "measure"), labels, culture)
    ends = {norm.attribute: norm.ends for norm in record}
    missing = [("Human", "-", "-", norm.attribute, *HUMAN, norm.sentence)
               for norm in record if norm.missing]  # fmt: skip
    schema = dict.fromkeys([*LEAD, *ARM, "note"], pl.String)
    notes = pl.DataFrame(missing, schema=schema, orient="row")
    rows = rows.hstack(_raw(rows, ends))
    return pl.concat([rows, notes], how="diagonal").select(*LEAD, pl.exclude(LEAD))


def _raw(rows: pl.DataFrame, ends: Mapping[str, Sequence[float]]) -> pl.DataFrame:
    """Mean, interval and spread over seeds on the norm's own scale, null for shares."""
    found: list[tuple[float | None, ...]] = []
    for row in rows.iter_rows(named=True):
        name = row["measure"]
        if name not in ends or row["mean"] is None:
            found.append((None, None, None, None))
            continue
        mean, low, high, shifted, still = (
            to_raw(x, ends[name], SPANS[name])
            for x in (row["mean"], row["low"], row["high"], row["seed_sd"] or 0.0, 0.0)
        )
        spread = abs(shifted - still) if row["seed_sd"] is not None else None
        found.append((mean, min(low, high), max(low, high), spread))  # a scale may be turned
    schema = dict.fromkeys(("raw_mean", "raw_low", "raw_high", "raw_seed_sd"), pl.Float64)
    return pl.DataFrame(found, schema=schema, orient="row")


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
    arms = rows.select(*ARM, "M Class", "M Type").unique(maintain_order=True).rows()
    header = ["Metric", *(_title(*arm) for arm in arms)]
    cells = {(r["model"], r["method"], r["measure"]): r for r in rows.iter_rows(named=True)}
    columns = [
        {name: row for (model, method, name), row in cells.items() if (model, method) == arm[:2]}
        for arm in arms
    ]
    shown = [
        [norm.attribute.capitalize(), *(_attribute(c.get(norm.attribute), raw) for c in columns)]
        for norm in record
    ]
    found = [norm.attribute for norm in record if not norm.missing]
    if "valence" in found:
        shown.append(["Emotional %", *(_percent(c, ["emotional"]) for c in columns)])
    if "concreteness" in found:
        parts = ["concrete", "abstract", "unknown"]
        shown.append(["% conc. / abs. / unk.", *(_percent(c, parts) for c in columns)])
    if found:
        counted = [*found, f"{found[0]} found"]  # the share has a value wherever there is a word
        shown.append([f"Cues ({' / '.join(found)} / any word)"])
        shown[-1] += [" / ".join(_count(c.get(name)) for name in counted) for c in columns]
    write_table(stem, rows, shown, header, note=MARKS)


def _title(model: str, method: str, model_label: str, method_label: str) -> str:
    return method_label if method == "human" else f"{model_label} {method_label}"


def _attribute(row: Mapping[str, Any] | None, raw: bool) -> str:
    if row is None or row["mean"] is None:
        return str(row["note"] or "-") if row else "-"
    scale = "raw_" if raw else ""
    text = cell(*(row[f"{scale}{x}"] for x in ("mean", "low", "high", "seed_sd")))
    text = text.replace(" [", "† [", 1) if row["equivalent"] else text
    return f"**{text}**" if row["differs"] is False else text


def _percent(column: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> str:
    means = [column[name]["mean"] if name in column else None for name in names]
    return " / ".join("-" if mean is None else f"{100 * mean:.1f}" for mean in means)


def _count(row: Mapping[str, Any] | None) -> str:
    return str(row["n_cues"]) if row else "0"
