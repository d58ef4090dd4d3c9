"""Parquet artifacts: a definition of each, kept in its file as Arrow metadata."""

import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
from pyarrow import parquet

TEXT, NUMBER, WHOLE, FLAG = pa.string(), pa.float64(), pa.int64(), pa.bool_()
SHARE = "share, 0 to 1"


@dataclass(frozen=True)
class Column:
    """A column and what its numbers or texts mean.

    Attributes:
        name: In the table.
        type: In Arrow; polars and R have the same types.
        description: One sentence or less.
        unit: Unit of its numbers; empty for text and for numbers without one.
        levels: All values it can have, if it is categorical.
        optional: Whether a table may lack it.
    """

    name: str
    type: pa.DataType
    description: str
    unit: str = ""
    levels: tuple[str | int, ...] = ()
    optional: bool = False

    @property
    def field(self) -> pa.Field:
        """Name, type and, as metadata, ``description``, ``unit`` and ``levels`` (a JSON list)."""
        levels = json.dumps(self.levels, ensure_ascii=False)
        about = {"description": self.description, "unit": self.unit, "levels": levels}
        return pa.field(self.name, self.type, metadata=about)


@dataclass(frozen=True)
class Artifact:
    """A kind of parquet file that the workflow writes.

    Attributes:
        name: That of its definition and path, in lower case.
        description: What a row is.
        columns: In their order.
        version: Higher by one with every change of the columns.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    version: int = 1

    @property
    def schema(self) -> pl.Schema:
        """Names and types for polars, optional columns included."""
        return pl.Schema(pa.schema([column.field for column in self.columns]))


def write_artifact(frame: pl.DataFrame, path: str | Path, artifact: Artifact) -> None:
    """Write a table as parquet, its definition in the Arrow schema.

    Args:
        frame: With the columns of the definition, in its order; nothing is cast.
        path: Path of the file.
        artifact: Its definition.

    Raises:
        ValueError: If a column is missing, unknown, out of order or of another type, or has a
            value that is not among its levels.
    """
    columns = [c for c in artifact.columns if not c.optional or c.name in frame.columns]
    _check(frame, columns, artifact)
    about = {
        "name": artifact.name,
        "description": artifact.description,
        "version": str(artifact.version),
    }
    schema = pa.schema([column.field for column in columns], metadata=about)
    # Arrow has two types of text for the same text; R and older readers know the one of `schema`.
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema)
    parquet.write_table(table, path, compression="zstd")


def _check(frame: pl.DataFrame, columns: list[Column], artifact: Artifact) -> None:
    expected = [column.name for column in columns]
    if frame.columns != expected:
        missing = [name for name in expected if name not in frame.columns]
        unknown = [name for name in frame.columns if name not in expected]
        raise ValueError(
            f"artifact {artifact.name!r} has the columns {', '.join(expected)}; missing: "
            f"{', '.join(missing) or '-'}; unknown: {', '.join(unknown) or '-'}; found, in this "
            f"order: {', '.join(frame.columns)}"
        )
    for column in columns:
        values, expected_type = frame[column.name], artifact.schema[column.name]
        place = f"artifact {artifact.name!r}, column {column.name!r}"
        if values.dtype != expected_type:
            raise ValueError(f"{place}: the type must be {expected_type}, not {values.dtype}")
        if column.levels:
            others = set(values.unique()) - {None, *column.levels}
            if others:
                raise ValueError(
                    f"{place}: {min(others)!r} is not among its levels "
                    f"{', '.join(map(str, column.levels))}"
                )
