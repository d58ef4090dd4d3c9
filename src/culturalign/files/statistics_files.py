"""The rows of a file of SPSS (sav) or Stata (dta) as text."""

import math
from collections.abc import Iterator, Mapping, Sequence
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
    file: Path, path: Path, known: Known, kind: str, *, labels: bool, codes: bool = False
) -> Iterator[list[str]]:
    """The header and the rows; columns that we do not know are empty.

    Args:
        file: The file.
        path: The user's file, for errors.
        known: Header -> name of the column if we know it.
        kind: ``.sav`` or ``.dta``.
        labels: Whether a value that has a label is read as the label.
        codes: Whether negative numbers that the file declares missing are read, as the survey's
            are; all else that it declares missing is empty.

    Raises:
        UserError: If the file is damaged.
    """
    name, reader = READERS[kind]
    try:
        _, about = reader(file, metadataonly=True, output_format="polars", user_missing=True)
        names = about.column_names
        yield names
        wanted = [each for each in names if count_known([each], known)] or names[:1]
        places = [names.index(each) for each in wanted]
        values = about.variable_value_labels if labels else {}
        missing = about.missing_ranges
        parts = pyreadstat.read_file_in_chunks(
            reader, file, CHUNK, output_format="polars", usecols=wanted, user_missing=True
        )
        for part, _ in parts:
            present = (_present(part[each], missing.get(each, []), codes) for each in wanted)
            columns = [_texts(each, values.get(each.name, {})) for each in present]
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


def _present(values: pl.Series, missing: Sequence[Any], codes: bool) -> pl.Series:
    """Values without those that the file declares missing; with ``codes``, negative ones stay."""
    declared = pl.repeat(False, len(values), dtype=pl.Boolean, eager=True)
    for ends in missing:
        declared |= values.is_between(ends["lo"], ends["hi"]).fill_null(False)
    if codes and values.dtype.is_numeric():
        declared &= (values >= 0).fill_null(False)
    return values.set(declared, None)


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
