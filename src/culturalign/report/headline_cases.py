"""One arm against what it had to beat, in sentences with every number."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.report.arm_tables import MEAN, UNCOMPARED, Labels


@dataclass(frozen=True)
class Case:
    """Whether an arm beat its control and all that it had to beat; sentences with the numbers.

    Attributes:
        over_control: Whether it beat every control.
        beats: Whether it beat all.
        text: All sentences.
        control: Those about its controls.
        hardest: The one about the hardest of the others.
        arm: Model and method.
    """

    over_control: bool
    beats: bool
    text: str
    control: str = ""
    hardest: str = ""
    arm: tuple[str, str] | None = None


IS_SWAPPED = pl.col("minus").str.contains("@", literal=True)
NUMBERS = ("mean", "low", "high", "incomplete")
"""Columns that hold numbers, even where a csv has none in them."""


def read_numbers(path: Path, measure: str = "mean") -> pl.DataFrame:
    """A table's csv; the columns of a measure renamed to ``mean, low, high, n_cues``.

    A column without any number is still one of numbers; where there is no mean, it is of 0 cues.
    """
    rows = pl.read_csv(path, infer_schema_length=None, raise_if_empty=False)
    ends = {"": "mean", "_low": "low", "_high": "high", "_n": "n_cues"}
    new = {f"{measure}{end}": name for end, name in ends.items()}
    rows = rows.rename({old: name for old, name in new.items() if old in rows.columns})
    numbers = [pl.col(name).cast(pl.Float64) for name in rows.columns if name in NUMBERS]
    counts = [pl.col("n_cues").cast(pl.Int64).fill_null(0)] if "n_cues" in rows.columns else []
    return rows.with_columns(*numbers, *counts)


def cases(
    means: pl.DataFrame,
    pairs: pl.DataFrame,
    methods: Collection[str],
    labels: Labels,
    controls: Collection[str],
    culture: str,
    *,
    sign: int = 1,
    unit: str = "cues",
    hardest: str = "Hardest to beat",
) -> list[Case]:
    """What each arm of some methods shows against its control and the references.

    A rival is beaten where the whole interval of the difference is on the better side of 0. An
    arm beats all if it has a control and every rival is beaten.

    Args:
        means: ``model, method, mean, low, high``; of rankings also ``incomplete``, a share that
            stands beside the mean of complete ones.
        pairs: ``model, method, minus, mean, low, high, n_cues, M Type, M Class, Difference``
            (``SFT − Control``); ``k`` if they are of the first K words. Vanilla and other methods
            are no rivals; the same method trained on another culture (``sft@us``) is one.
        methods: Whose cases.
        labels: As in ``arm_tables``.
        controls: Methods whose lists belong to other cues.
        culture: Label, which follows the arm's name.
        sign: 1 if more is better, -1 if less is.
        unit: Of ``n_cues``.
        hardest: What the hardest of the rivals is called.
    """
    if pairs.is_empty():
        return []
    control = pl.col("minus").is_in(list(controls))
    arm = pl.col("minus").is_in(["vanilla", *labels["methods"]]) & ~IS_SWAPPED
    worst = pl.col("low") if sign > 0 else -pl.col("high")
    rated = pairs.filter(pl.col("method").is_in(list(methods))).with_columns(
        control=control, worst=worst.fill_null(float("-inf"))
    )
    rivals, vanilla = rated.filter(control | ~arm), rated.filter(minus="vanilla")
    found = []
    for (model, method), rows in rivals.group_by("model", "method", maintain_order=True):
        start = vanilla.filter(model=model, method=method)
        found.append(_case(means, rows.sort("worst"), start, culture, unit, hardest))
    return found


def _case(
    means: pl.DataFrame,
    rivals: pl.DataFrame,
    vanilla: pl.DataFrame,
    culture: str,
    unit: str,
    hardest: str,
) -> Case:
    first = rivals.row(0, named=True)
    controls, others = rivals.filter("control"), rivals.filter(~pl.col("control"))

    def against(rows: pl.DataFrame, role: str) -> str:
        parts = [_against(means, row, role) for row in rows.iter_rows(named=True)]
        return " ".join(f"{part}." for part in parts)

    head = (
        f"{first['M Type']}, {first['M Class']}, {culture}:"
        f"{_value(means, first['model'], first['method'])} ({_size(rivals, unit)})."
    )
    before = against(vanilla.with_columns(control=None), "Vanilla")
    control = against(controls, "Control") or "No control."
    rest = against(others.head(1), hardest)
    over_control = bool(len(controls) and (controls["worst"] > 0).all())
    return Case(
        over_control,
        over_control and first["worst"] > 0,
        " ".join(filter(None, (head, before, control, rest))),
        control,
        rest,
        (first["model"], first["method"]),
    )


def _size(rivals: pl.DataFrame, unit: str) -> str:
    """How many units the numbers are of, in how many clusters, for the first how many words."""
    first = rivals.row(0, named=True)
    units = max(rivals["n_cues"].fill_null(0))  # one without a number has none
    clusters = first.get("n_clusters") or units
    size = f"{units} {unit}" + (f" in {clusters} groups" if clusters < units else "")
    return f"K = {first['k']}, {size}" if "k" in first else size


def _value(means: pl.DataFrame, model: str, method: str) -> str:
    rows = means.filter(pl.col("model").is_in([model, "-"]), method=method)
    if rows.is_empty():
        return ""
    row = rows.row(0, named=True)
    left = row.get("incomplete")
    return f" {MEAN(row)}" + ("" if left is None else f", {1 - left:.0%} complete")


def _against(means: pl.DataFrame, row: Mapping[str, Any], role: str) -> str:
    name = row["Difference"].split(" − ", 1)[-1]
    value = _value(means, row["model"], row["minus"])
    shown = f"{value}{',' if value else ''} difference {MEAN(row)}"
    if row["control"] is None:  # no rival
        return f"{role}:{shown}"
    word = "beaten" if row["worst"] > 0 else "not beaten"
    word = UNCOMPARED if row["mean"] is None else word
    return f"{role} ({name}):{shown}, {word}"
