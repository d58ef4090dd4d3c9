"""The columns of the World Values Survey's wave 7, and the rows of the countries wanted."""

import difflib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from culturalign.errors import UserError

ALPHA, NUMERIC, WEIGHT = "B_COUNTRY_ALPHA", "B_COUNTRY", "W_WEIGHT"
COUNTRIES = {
    int(number): code
    for code, number in re.findall(
        r"(\w{3})=(\d+)",
        """
        AND=20 ARG=32 ARM=51 AUS=36 BGD=50 BOL=68 BRA=76 CAN=124 CHL=152 CHN=156 COL=170 CYP=196
        CZE=203 DEU=276 ECU=218 EGY=818 ETH=231 GBR=826 GRC=300 GTM=320 HKG=344 IDN=360 IND=356
        IRN=364 IRQ=368 JOR=400 JPN=392 KAZ=398 KEN=404 KGZ=417 KOR=410 LBN=422 LBY=434 MAC=446
        MAR=504 MDV=462 MEX=484 MMR=104 MNG=496 MYS=458 NGA=566 NIC=558 NIR=909 NLD=528 NZL=554
        PAK=586 PER=604 PHL=608 PRI=630 ROU=642 RUS=643 SGP=702 SRB=688 SVK=703 THA=764 TJK=762
        TUN=788 TUR=792 TWN=158 UKR=804 URY=858 USA=840 UZB=860 VEN=862 VNM=704 ZWE=716
        """,
    )
}
"""Numeric -> alphabetic code of the countries of wave 7 (ISO 3166-1; NIR 909 is the survey's
own), for files without B_COUNTRY_ALPHA."""


def variable(name: str) -> str:
    """The variable a header names: Q1 in ``Q1: Important in life``, Q33_3 in ``Q33_3``."""
    found = re.match(r"\s*(\w+)", name)
    return found[1].upper() if found else ""


def needed_columns(names: Sequence[str], path: Path, questions: Sequence[str]) -> dict[str, str]:
    """Ids needed -> headers in the file; the country's first.

    Raises:
        UserError: If a column is missing or there twice.
    """
    ids = [variable(name) for name in names]
    country = ALPHA if ALPHA in ids or NUMERIC not in ids else NUMERIC
    needed = [country, WEIGHT, *questions]
    if lacking := [name for name in needed if name not in ids]:
        more = f" and {len(lacking) - 5} more" if len(lacking) > 5 else ""
        shown = ", ".join(names[:5])[:200]
        raise UserError(
            f"{path}: line 1 lacks the columns {', '.join(lacking[:5])}{more}; it starts with "
            f"{shown}; is this an official wave-7 file? See docs/data.md"
        )
    if twice := [name for name in needed if ids.count(name) > 1]:
        raise UserError(f"{path}: line 1 names {twice[0]} more than once; remove or rename one")
    return {name: names[ids.index(name)] for name in needed}


class Rows(NamedTuple):
    """Rows of the countries wanted, and what the whole file has.

    Attributes:
        wide: ``respondent, country``, W_WEIGHT and questions.
        read: Rows of the file after the header, lines without content included.
        dropped: Why a row is not in ``wide`` -> count.
        countries: Number of countries with respondents.
        version: As the file names it; empty if it does not.
        encoding: Of the file.
    """

    wide: pl.DataFrame
    read: int
    dropped: dict[str, int]
    countries: int
    version: str
    encoding: str


class Census:
    """Who is in a file: looks at every row, and picks those of the countries wanted.

    Rows without a country are picked too, to tell lines without content from them.

    Attributes:
        read: Rows seen.
        respondents: Country -> respondents seen; ``unknown``: of a number we do not know.
        version: As the file names it.
    """

    def __init__(self, countries: Sequence[str], *, numeric: bool) -> None:
        self.countries, self.numeric = list(countries), numeric
        self.read = 0
        self.respondents: dict[str, int] = {}
        self.version = ""

    def restart(self) -> None:
        """Forget the rows seen."""
        self.read = 0
        self.respondents.clear()

    def look(self, part: pl.DataFrame) -> pl.Series:
        """Count a part with ``country`` as in the file and perhaps ``version``.

        Returns:
            Which rows are wanted, or have no country.
        """
        found = part.select(code=self._country().fill_null("unknown"), nowhere=_nowhere())
        code = found["code"]
        for country, count in code.filter(~found["nowhere"]).value_counts().iter_rows():
            self.respondents[country] = self.respondents.get(country, 0) + count
        self.read += len(part)
        if not self.version and "version" in part.columns and len(part):
            self.version = str(part["version"][0] or "")[:40]
        return found["nowhere"] | code.is_in(self.countries)

    def rows(self, parts: Sequence[pl.DataFrame], path: Path, encoding: str) -> Rows:
        """The rows wanted, of all parts.

        Raises:
            UserError: If no row is of one of the countries.
        """
        found = sorted(set(self.respondents) - {"unknown"})
        if absent := set(self.countries) - set(self.respondents):
            raise UserError(_unknown(path, sorted(absent)[0], found))
        picked = pl.concat(parts)
        nowhere = picked.filter(_nowhere()).drop("row", "country")
        empty = int(nowhere.select(pl.all_horizontal(pl.all().is_null()).sum()).item())
        others = (n for name, n in self.respondents.items() if name not in self.countries)
        dropped = {
            "other country": sum(others),
            "no country": len(nowhere) - empty,
            "empty line": empty,
        }
        wide = picked.filter(~_nowhere()).with_columns(self._country())
        wide = wide.rename({"row": "respondent"}).drop("version", strict=False)
        return Rows(wide, self.read, dropped, len(found), self.version, encoding)

    def _country(self) -> pl.Expr:
        return _alphabetic("country", numeric=self.numeric)


def _nowhere() -> pl.Expr:
    """Whether a row has no country."""
    return pl.col("country").cast(pl.String).str.strip_chars().fill_null("") == ""


def _alphabetic(column: str, *, numeric: bool) -> pl.Expr:
    """The three letters of a country, from letters or numbers."""
    if not numeric:
        return pl.col(column).str.strip_chars().alias("country")
    number = pl.col(column).cast(pl.Float64, strict=False).cast(pl.Int64, strict=False)
    return number.replace_strict(COUNTRIES, default=None, return_dtype=pl.String).alias("country")


def _unknown(path: Path, country: str, found: Sequence[str]) -> str:
    if not found:
        return f"{path}: holds no respondents; download or copy it again"
    near = difflib.get_close_matches(country.upper(), found, n=5, cutoff=0.4) or found
    return (
        f"{path}: no respondent is from country {country!r}; it has {len(found)} countries, "
        f"{'among them ' if len(near) < len(found) else ''}{', '.join(near)}; use the three "
        "letters of B_COUNTRY_ALPHA"
    )
