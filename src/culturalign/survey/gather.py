"""Scores of many arms as one table."""

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from culturalign.arms import parse_arm
from culturalign.survey.comparison import ARM


def divergences(files: Sequence[Path], countries: Sequence[str]) -> pl.DataFrame:
    """Distances of arms, each to the country it is held against.

    Args:
        files: ``divergence.{language}.parquet`` of arms; a vanilla model's may occur several
            times, once for each culture of that language.
        countries: For each file the country whose rows are taken.
    """
    pairs = zip(files, countries, strict=True)
    return pl.concat([pl.read_parquet(file).filter(country=country) for file, country in pairs])


def together(files: Sequence[Path]) -> pl.DataFrame:
    """Tables of arms, one below the other."""
    return pl.concat([pl.read_parquet(file) for file in files])


def without(table: pl.DataFrame, methods: Sequence[str]) -> pl.DataFrame:
    """Leave methods out, such as controls."""
    return table.filter(~pl.col("method").is_in(list(methods)))


def engines(records: Sequence[Path]) -> pl.DataFrame:
    """What computed the answers of arms.

    Args:
        records: Provenance of their samples, ``.../{model}/{arm}/survey.{language}.json``.

    Returns:
        ``model, culture, method, engine, dtype``; several of an arm are joined by commas.
    """
    rows = []
    for path in map(Path, records):
        arm, facts = parse_arm(path.parts[-2]), json.loads(path.read_text(encoding="utf-8"))
        rows.append((path.parts[-3], arm.culture, arm.method, facts["engine"], facts["dtype"]))
    names = [*ARM, "engine", "dtype"]
    table = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    joined = pl.col("engine", "dtype").unique().sort().str.join(", ")
    return table.group_by(ARM, maintain_order=True).agg(joined)
