"""The columns of the World Values Survey's wave 7 that are read."""

import re
from collections.abc import Sequence
from pathlib import Path

from culturalign.errors import UserError

ALPHA, NUMERIC, WEIGHT = "B_COUNTRY_ALPHA", "B_COUNTRY", "W_WEIGHT"
INTERVIEW, VERSION = "D_INTERVIEW", "VERSION"
OPTIONAL = (WEIGHT, INTERVIEW, VERSION)
"""Read where they are there: the weight, the number of the interview, the release."""
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


def needed_columns(
    names: Sequence[str], path: Path, questions: Sequence[str], *, weighted: bool = False
) -> dict[str, str]:
    """Ids needed, and those of :data:`OPTIONAL` -> headers in the file; the country's first.

    Args:
        names: The file's headers.
        path: The user's file, for errors.
        questions: Ids of the questions needed.
        weighted: Whether the weight is needed.

    Raises:
        UserError: If a column is missing or there twice.
    """
    ids = [variable(name) for name in names]
    country = ALPHA if ALPHA in ids or NUMERIC not in ids else NUMERIC
    needed = [country, *((WEIGHT,) if weighted else ()), *questions]
    if lacking := [name for name in needed if name not in ids]:
        more = f" and {len(lacking) - 5} more" if len(lacking) > 5 else ""
        shown = ", ".join(names[:5])[:200]
        raise UserError(
            f"{path}: line 1 lacks the columns {', '.join(lacking[:5])}{more}; it starts with "
            f"{shown}; is this an official wave-7 file? See docs/data.md"
        )
    found = [country, *(name for name in OPTIONAL if name in ids), *questions]
    if twice := [name for name in found if ids.count(name) > 1]:
        raise UserError(f"{path}: line 1 names {twice[0]} more than once; remove or rename one")
    return {name: names[ids.index(name)] for name in found}
