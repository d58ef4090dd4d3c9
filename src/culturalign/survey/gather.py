"""Scores of many arms as one table."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl


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
