"""Reading the official SPSS file of the World Values Survey."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import polars.selectors as cs
import pyreadstat

from culturalign.errors import UserError
from culturalign.survey.wvs_columns import ALPHA, Census, Rows, needed_columns


def read_sav(file: Path, path: Path, countries: Sequence[str], questions: Sequence[str]) -> Rows:
    """Read what is needed, as :func:`culturalign.survey.wvs_csv.read_csv` does."""
    try:
        # user_missing keeps the negative codes, which SPSS declares missing
        _, found = pyreadstat.read_sav(file, metadataonly=True, output_format="polars")
        columns = needed_columns(found.column_names, path, questions)
        table, _ = pyreadstat.read_sav(
            file, usecols=list(columns.values()), user_missing=True, output_format="polars"
        )
    except UserError:
        raise
    except Exception as error:  # a damaged file breaks the reader in ways it does not name
        raise UserError(
            f"{path}: cannot be read as an SPSS file ({' '.join(str(error).split())[:120]}); an "
            "interrupted download? Download it again"
        ) from None
    country, *others = columns
    names = {columns[country]: "country", **{columns[name]: name for name in others}}
    part = table.rename(names).with_row_index("row", offset=1).cast({"row": pl.Int64})
    part = part.with_columns(cs.float().fill_nan(None))
    if part["country"].dtype.is_numeric() == (country == ALPHA):
        raise UserError(
            f"{path}: column {country} holds {part['country'].dtype}; is this an official wave-7 "
            "file? See docs/data.md"
        )
    census = Census(countries, numeric=country != ALPHA)
    rows = census.rows([part.filter(census.look(part))], path, "SPSS")
    numbers = cs.numeric() - cs.by_name("respondent")
    wide = rows.wide.with_columns(numbers.cast(pl.Float64).cast(pl.String))
    return rows._replace(wide=wide)
