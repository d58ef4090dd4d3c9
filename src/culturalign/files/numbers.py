"""Numbers as programs write them, and what they write where there is none."""

import re
from string import ascii_lowercase

import polars as pl

MISSING = (
    *("", "NA", "N/A", "#N/A", "#NULL!", "nan", "NaN", "."),
    *(f".{letter}" for letter in ascii_lowercase),
)
"""Entries that stand for no number: those of R, Excel, SPSS, Python, and Stata."""
COMMA = r"^[+-]?\d+,\d+$"
WHOLE = re.compile(r"([+-]?\d+)[.,]0{1,2}")
THOUSANDS = r"^[+-]?[1-9]\d{0,2},\d{3}$"
"""With a decimal comma, or in thousands: 1,234."""


def without_zeros(entry: str) -> str:
    """A whole number as a spreadsheet writes it, without decimal zeros; other entries unchanged.

    >>> without_zeros("4,0"), without_zeros("1,000")
    ('4', '1,000')
    """
    found = WHOLE.fullmatch(entry.strip())
    return found[1] if found else entry


def is_missing(entries: pl.Series) -> pl.Series:
    """Whether each entry stands for no number."""
    return entries.fill_null("").str.strip_chars().is_in(MISSING)


def read_numbers(entries: pl.Series) -> pl.Series:
    """The number of each entry; null where it is none, or where a comma leaves a doubt.

    A comma with three digits after it, as in ``1,234``, is decimal only if other entries of the
    column have commas that can be nothing else, and none has a point.

    >>> read_numbers(pl.Series(["6,26", "1,234", "-1"])).to_list()
    [6.26, 1.234, -1.0]
    """
    text = entries.str.strip_chars().str.replace("−", "-", literal=True)
    doubtful = text.str.contains(THOUSANDS)
    sure = text.str.contains(COMMA) & ~doubtful
    if sure.any() and not text.str.contains(r"\d\.\d").any():
        sure |= doubtful
    decimal = text.str.replace(",", ".", literal=True)
    return decimal.zip_with(sure.fill_null(False), text).cast(pl.Float64, strict=False)
