"""The model card of a released adapter: base, data, results, and how to load it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from jinja2 import Environment, StrictUndefined


def metric_lines(
    precision: pl.DataFrame, *surveys: pl.DataFrame, model: str, method: str, culture: str
) -> list[str]:
    """Results of an arm from the tables, a line for each, with intervals.

    Args:
        precision: Table 1 or 2: Precision@K, means over cues and seeds.
        surveys: Table 7, if the run has a survey: distances of its answers to people's.
        model: Key of the model.
        method: Key of the method.
        culture: Key of the culture.
    """
    lines = [
        f"precision@{row['k']}: {_interval(row, 'mean', 'low', 'high')}, "
        f"{row['n_cues']} cues, {row['n_seeds']} seeds"
        for row in precision.filter(model=model, method=method).sort("k").iter_rows(named=True)
    ]
    names = {"js": "Jensen-Shannon distance", "emd": "earth mover's distance"}
    return lines + [
        f"{name} to {row['Nation']} ({row['scoring']} answers): "
        f"{_interval(row, key, f'{key}_low', f'{key}_high')}, {row[f'{key}_n']} questions"
        for table in surveys
        for row in table.filter(model=model, method=method, culture=culture).iter_rows(named=True)
        for key, name in names.items()
    ]


def _interval(row: Mapping[str, Any], mean: str, low: str, high: str) -> str:
    if row[mean] is None:
        return "not defined"
    return f"{row[mean]:.3f} [{row[low]:.3f}, {row[high]:.3f}]"


def write_card(
    template: Path,
    record: Mapping[str, Any],
    *,
    name: str,
    culture: str,
    language: str,
    metrics: Sequence[str],
) -> str:
    """The text of ``README.md``.

    Args:
        template: ``workflow/report/model_card.md.j2``.
        record: ``provenance.json`` of the adapter.
        name: Name of the released folder.
        culture: Label of the culture.
        language: Code of its language.
        metrics: Lines of :func:`metric_lines`.
    """
    options = record["sft" if "sft" in record else "ppo"]
    settings = {key: value for key, value in options.items() if key not in ("kind", "label")}
    environment = Environment(
        undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    return environment.from_string(template.read_text(encoding="utf-8")).render(
        name=name,
        culture=culture,
        language=language,
        metrics=metrics,
        record=record,
        source=record["model"]["source"],
        options=options,
        settings=yaml.safe_dump(settings, sort_keys=True),
    )
