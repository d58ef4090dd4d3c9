"""Names, order, compared pairs, cells and columns of all tables of arms.

``labels`` has ``models, methods, cultures, scorings``, each name -> label in the run's order;
vanilla, which is not configured, comes first. References, such as humans, have the model ``-``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from culturalign.arms import Arm, parse_arm, swapped_name
from culturalign.report.tables import write_table

Labels = Mapping[str, Mapping[str, str]]
Name = tuple[str, str]
"""Model and method: an arm in a table, all its seeds together."""
Cell = Callable[[Mapping[str, Any]], str]
"""Text of a row's cell."""
Columns = Mapping[str, str | Cell]
"""Heading -> a column of the rows, or the text of its cell."""
UNCOMPARED = "no number to compare, so not beaten"
"""What is said of a rival without one, such as a control that never ranked: the same everywhere."""
TITLES = ["M Type", "M Class", "SWOW"]
NONE: Mapping[str, str] = MappingProxyType({})
NO_PARTICIPANTS = "no participants in a strength table"
"""In place of a number that needs halves of the people."""


def arm_of(file: str | Path) -> tuple[str, Arm]:
    """Model and arm of a file ``.../{model}/{arm}/name``."""
    model, name = Path(file).parts[-3:-1]
    return model, parse_arm(name)


def list_arm_of(file: str | Path) -> tuple[str, Arm]:
    """As :func:`arm_of` of ``kind.{culture}...``, with the method's name on that culture."""
    model, arm = arm_of(file)
    about = Path(file).name.split(".", 1)[1]  # names of cultures may have dots
    if arm.culture is None or about.startswith(f"{arm.culture}."):
        return model, arm
    return model, replace(arm, method=swapped_name(arm.method, arm.culture))


def places(**orders: Iterable[str]) -> list[pl.Expr]:
    """Sort keys: column -> an order that has all its values."""
    return [
        pl.col(column).replace_strict(
            {value: number for number, value in enumerate(order)}, return_dtype=pl.Int64
        )
        for column, order in orders.items()
    ]


def columns_first(rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Move columns to the front."""
    return rows.select(*columns, pl.exclude(columns))


def method_names(labels: Labels, references: Mapping[str, str] = NONE) -> dict[str, str]:
    """Labels of methods in the order of tables."""
    return {"vanilla": "Vanilla", **labels["methods"], **references}


def name_arms(
    rows: pl.DataFrame, labels: Labels, references: Mapping[str, str] = NONE
) -> pl.DataFrame:
    """Sort rows by model, method and, if there, culture and K, and add ``M Type, M Class``."""
    methods, models = method_names(labels, references), {**labels["models"], "-": "-"}
    then = [name for name in ("culture", "k") if name in rows.columns]
    keys = [*places(model=models, method=methods), *then]
    return rows.sort(keys, maintain_order=True).with_columns(
        pl.col("method").replace(methods).alias("M Type"),
        pl.col("model").replace(models).alias("M Class"),
    )


def title_arms(
    rows: pl.DataFrame,
    labels: Labels,
    references: Mapping[str, str] = NONE,
    culture: str | None = None,
) -> pl.DataFrame:
    """As :func:`name_arms`, with ``SWOW``, the training data, and the three titles in front.

    Args:
        rows: With ``culture`` (null for untrained arms) unless it is given.
        labels: As the module describes.
        references: Reference -> label.
        culture: Culture of all trained arms but swapped ones, whose names have another.
    """
    data = pl.col("culture").replace(dict(labels["cultures"])).fill_null("-")
    if culture is not None:
        untrained = pl.col("method").is_in(["vanilla", *references])
        swapped = pl.col("method").str.extract("@(.*)").fill_null(culture)
        data = (
            pl.when(untrained)
            .then(pl.lit("-"))
            .otherwise(swapped.replace(dict(labels["cultures"])))
        )
    return columns_first(name_arms(rows, labels, references).with_columns(SWOW=data), TITLES)


def contrast_pairs(
    scores: pl.DataFrame, controls: Sequence[str], baselines: Sequence[Name] = ()
) -> list[tuple[Name, Name]]:
    """Arms to compare: each method with vanilla, the controls and the baselines, references, and
    with the same method trained on other cultures (``own minus other``).

    Controls and such swapped arms are only compared with vanilla. The second of a pair is
    subtracted from the first.
    """
    arms = sorted(scores.filter(pl.col("model") != "-").select("model", "method").unique().rows())
    pairs: list[tuple[Name, Name]] = []
    for model, method in arms:
        if method == "vanilla":
            continue
        control = method in controls or "@" in method
        swapped = [x for of, x in arms if of == model and x.startswith(f"{method}@")]
        others = ["vanilla", *([] if control else [*controls, *swapped])]
        pairs += [((model, method), (model, x)) for x in others if (model, x) in arms]
        pairs += [] if control else [((model, method), baseline) for baseline in baselines]
    return pairs


def difference(labels: Labels, references: Mapping[str, str] = NONE) -> pl.Expr:
    """``SFT − Vanilla`` from ``method, minus``."""
    names = method_names(labels, references)
    return pl.col("method").replace(names) + " − " + pl.col("minus").replace(names)


def pivot_measures(
    rows: pl.DataFrame, keys: Sequence[str], measures: Iterable[str], values: Mapping[str, str]
) -> pl.DataFrame:
    """One row for each combination of keys, with the values of every measure.

    Args:
        rows: The keys, ``measure`` and the values.
        keys: Columns, which may be null.
        measures: Measures wanted, in order; one that is missing has nulls.
        values: Column -> what follows the measure in its new name.
    """
    wide = rows.select(keys).unique(maintain_order=True)
    for measure in measures:
        named = [pl.col(column).alias(measure + end) for column, end in values.items()]
        part = rows.filter(measure=measure).select(*keys, *named)
        wide = wide.join(part, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return wide


def cell(mean: float, low: float, high: float, seed_sd: float | None = None) -> str:
    """A mean with its interval, e.g. ``0.432 [0.391, 0.474]``, and the spread over seeds."""
    spread = f" (seeds ±{seed_sd:.3f})" if seed_sd is not None else ""
    return f"{mean:.3f} [{low:.3f}, {high:.3f}]{spread}"


def texts(*columns: str) -> dict[str, str]:
    """Columns under their own names, for :func:`write_rows`."""
    return dict(zip(columns, columns, strict=True))


def text(column: str) -> Cell:
    """The value itself; a dash for null."""
    return lambda row: "-" if row.get(column) is None else str(row[column])


def number(column: str, form: str = ".3f") -> Cell:
    """A formatted number; a dash for null."""
    return lambda row: "-" if row.get(column) is None else format(row[column], form)


def number_or_dash(p: float | None) -> str:
    """A p-value: three decimals, or ``<0.001``; a dash for null."""
    if p is None:
        return "-"
    return "<0.001" if 0 < p < 0.0005 else f"{p:.3f}"


def p_value(column: str) -> Cell:
    """:func:`number_or_dash` of a column."""
    return lambda row: number_or_dash(row.get(column))


def interval(column: str, prefix: str | None = None) -> Cell:
    """:func:`cell`; only the mean where there is no interval; a dash for null.

    Args:
        column: The column of the mean.
        prefix: Prefix of ``low, high, seed_sd``; the name of the column and ``_`` if None.
    """
    before = f"{column}_" if prefix is None else prefix

    def written(row: Mapping[str, Any]) -> str:
        low, high, spread = (row.get(before + end) for end in ("low", "high", "seed_sd"))
        if row.get(column) is None or low is None or high is None:
            return number(column)(row)
        return cell(row[column], low, high, spread)

    return written


MEAN = interval("mean", "")


def noted(cell: Cell) -> Cell:
    """The row's ``note``, if it has one, in place of a cell."""
    return lambda row: row.get("note") or cell(row)


def beaten(prefix: str, arms: pl.DataFrame) -> Cell:
    """What an arm beat, and what it had to beat but did not, of ``beats, fails``.

    Args:
        prefix: Of the two columns.
        arms: ``method, M Type`` of the table, whose rows the rivals are.
    """
    names = dict(arms.select("method", "M Type").rows())

    def named(methods: str) -> str:
        return "; ".join(names.get(name, name) for name in methods.split(", "))

    def written(row: Mapping[str, Any]) -> str:
        beats, fails = row[f"{prefix}beats"], row[f"{prefix}fails"]
        if beats is None:
            return "-"
        # labels have commas
        return (named(beats) if beats else "nothing") + (f". Not: {named(fails)}" if fails else "")

    return written


def write_rows(
    stem: str,
    rows: pl.DataFrame,
    columns: Columns,
    *,
    note: str = "",
    shown: pl.DataFrame | None = None,
) -> None:
    """Write a table: all rows into the csv, and a line of the page for each row in ``shown``."""
    cells = [text(column) if isinstance(column, str) else column for column in columns.values()]
    lines = (rows if shown is None else shown).iter_rows(named=True)
    page = [[written(row) for written in cells] for row in lines]
    write_table(stem, rows, page, list(columns), note)


def in_domains(scores: pl.DataFrame, domains: Sequence[str]) -> pl.DataFrame:
    """With ``cluster``, the domain of a row's cue.

    The cues of a domain share associates, so that an arm that learned a domain is better in all of
    its cues. Without tables there is no cluster, and a cue that is in none is its own.

    Args:
        scores: With ``cue``.
        domains: Tables ``domain, cue`` of synthetic cultures.
    """
    if not domains:
        return scores
    known = pl.concat(pl.read_csv(path, infer_schema=False) for path in domains)
    clusters = known.select("cue", cluster="domain").unique("cue", keep="first")
    return scores.join(clusters, on="cue", how="left", maintain_order="left").with_columns(
        pl.col("cluster").fill_null(pl.col("cue"))
    )


def unit_note(scores: pl.DataFrame) -> str:
    """What intervals over cues take for independent: domains, or the cues themselves."""
    if "cluster" in scores.columns:
        return "Intervals are over domains, since the cues of one share associates."
    return "Intervals take cues for independent: the data put them in no groups."


def write_by_k(
    stem: str,
    rows: pl.DataFrame,
    keys: Sequence[str],
    ks: Iterable[int],
    *,
    heading: str = "P@",
    after: Mapping[str, str] = NONE,
    note: str = "",
) -> None:
    """Write a table with a line for each combination of keys, and a column for each K.

    Args:
        stem: Path without ending.
        rows: The keys, ``k``, ``mean, low, high`` and, if there, ``seed_sd`` and ``note``, shown
            in place of the mean; sorted.
        keys: First columns of the page.
        ks: Every K.
        heading: Heading of a K, before the number.
        after: Last columns: heading -> column, with its value at the smallest K.
        note: Text under the table.
    """
    cells = pl.Series("cell", list(map(noted(MEAN), rows.iter_rows(named=True))), dtype=pl.String)
    lead = [*keys, *after.values()]
    lines = rows.with_columns(cells, pl.col(after.values()).first().over(keys))
    wide = lines.pivot("k", index=lead, values="cell")
    columns = texts(*keys) | {f"{heading}{k}": str(k) for k in sorted(ks)} | dict(after)
    write_rows(stem, rows, columns, shown=wide, note=note)
