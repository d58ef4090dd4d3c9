"""Reading the official SPSS file of the World Values Survey."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import polars.selectors as cs
import pyreadstat

from culturalign.errors import UserError
from culturalign.survey.wvs_columns import Rows, needed_columns, wanted_rows

FAULTS = (ValueError, OverflowError, MemoryError, OSError)
"""What the reader raises besides its own errors for damaged files."""


def read_sav(
    file: Path, path: Path, countries: Sequence[str], questions: Sequence[str]
) -> Rows:
    """Read what is needed, as :func:`culturalign.survey.wvs_csv.read_csv` does."""
    try:
        # user_missing keeps the negative codes, which SPSS declares missing
        _, found = pyreadstat.read_sav(file, metadataonly=True, output_format="polars")
        columns = needed_columns(found.column_names, path, questions)
        table, _ = pyreadstat.read_sav(
            file, usecols=list(columns.values()), user_missing=True, output_format="polars"
        )
    except (*FAULTS, pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        raise UserError(
            f"{path}: cannot be read as an SPSS file ({error}); an interrupted download? "
            "Download it again"
        ) from None
    scan = table.lazy().with_row_index("respondent", offset=1)
    first = next(iter(columns.values()))
    everyone = table.select(pl.col(first).alias("country"))
    rows = wanted_rows(scan, columns, path, countries, everyone, "SPSS")
    numbers = cs.numeric() - cs.by_name("respondent")
    wide = rows.wide.with_columns(numbers.cast(pl.Float64).fill_nan(None).cast(pl.String))
    return rows._replace(wide=wide)
