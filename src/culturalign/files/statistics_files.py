"""The rows of a file of SPSS (sav) or Stata (dta) as text."""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat

from culturalign.errors import UserError
from culturalign.files.exports import Known, count_known

CHUNK = 20_000
"""Rows read at a time."""
READERS = {".sav": ("SPSS", pyreadstat.read_sav), ".dta": ("Stata", pyreadstat.read_dta)}


def statistics_rows(
    file: Path, path: Path, known: Known, kind: str, *, labels: bool
) -> Iterator[list[str]]:
    """The header and the rows; columns that we do not know are empty.

    Args:
        file: The file.
        path: The user's file, for errors.
        known: Header -> name of the column if we know it.
        kind: ``.sav`` or ``.dta``.
        labels: Whether a value that has a label is read as the label.

    Raises:
        UserError: If the file is damaged.
    """
    name, reader = READERS[kind]
    try:
        # user_missing keeps the codes that the file declares missing
        _, about = reader(file, metadataonly=True, output_format="polars")
        names = about.column_names
        yield names
        wanted = [each for each in names if count_known([each], known)] or names[:1]
        places = [names.index(each) for each in wanted]
        values = about.variable_value_labels if labels else {}
        parts = pyreadstat.read_file_in_chunks(
            reader, file, CHUNK, output_format="polars", usecols=wanted, user_missing=True
        )
        for part, _ in parts:
            columns = [_texts(part[each], values.get(each, {})) for each in wanted]
            for cells in zip(*columns, strict=True):
                row = [""] * len(names)
                for place, cell in zip(places, cells, strict=True):
                    row[place] = cell
                yield row
    except UserError:
        raise
    except Exception as error:  # a damaged file breaks the reader in ways it does not name
        raise UserError(
            f"{path}: cannot be read as a file of {name} ({' '.join(str(error).split())[:120]}); "
            "an interrupted download? Download it again"
        ) from None


def _texts(values: pl.Series, labels: Mapping[Any, str]) -> list[str]:
    texts = values.dtype == pl.String
    return [labels.get(value) or _text(value, texts=texts) for value in values.to_list()]


def _text(value: Any, *, texts: bool) -> str:
    """A value as text; Stata's missing values a to z, in a column of numbers, as .a to .z."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return f".{value}" if isinstance(value, str) and not texts else str(value)
