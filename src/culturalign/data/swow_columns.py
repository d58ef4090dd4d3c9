"""The columns of a SWOW file under our names: official headers, or those of the configuration."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from culturalign.errors import UserError


class Layout(NamedTuple):
    """The columns of a kind of file.

    Attributes:
        official: Our name -> headers of the official files; case does not matter.
        required: Names of the columns that must be there.
    """

    official: Mapping[str, Sequence[str]]
    required: Sequence[str]


TRIALS = Layout(
    {
        "participant": ("participantID", "recodedPP_ID", "participant_id"),
        "country": ("country",),
        "native_language": ("nativeLanguage", "native_language"),
        "cue": ("cue",),
        "R1": ("R1", "asso1", "response_corrected_1", "response1"),
        "R2": ("R2", "asso2", "response_corrected_2", "response2"),
        "R3": ("R3", "asso3", "response_corrected_3", "response3"),
    },
    ("participant", "cue", "R1", "R2", "R3"),
)
"""English, Mandarin and Rioplatense; Dutch; German; Slovenian (as in 01_unify_language_datasets.R
of samuelae/SWOW-DE-2025-Code). The responses are the spell-checked ones."""
STRENGTHS = Layout(
    {
        "cue": ("cue",),
        "response": ("response",),
        "count": ("R123", "R1"),
        "total": ("N",),
        "strength": ("R123.Strength", "R1.Strength", "R123_Strength", "R1_Strength"),
    },
    ("cue", "response", "count"),
)
"""As in createAssoStrengthTable.R of SimonDeDeyne/SWOWEN-2018; Stata allows no point in a name."""


def ours(header: str, columns: Mapping[str, str], layout: Layout = TRIALS) -> str | None:
    """Our name of a header, if we know it; one in ``columns`` (our name -> header) goes first."""
    chosen = {their.strip().lower(): name for name, their in columns.items()}
    official = {each.lower(): name for name, names in layout.official.items() for each in names}
    bare = header.strip().lower()
    name = official.get(bare)
    return chosen.get(bare) or (None if name in columns else name)


def places(
    header: Sequence[str],
    path: Path,
    needed: Sequence[str],
    columns: Mapping[str, str],
    layout: Layout = TRIALS,
) -> dict[str, int]:
    """Our name -> place of each column known.

    Raises:
        UserError: If one is lacking that is required or needed, or is there twice.
    """
    named = [(ours(name, columns, layout), place) for place, name in enumerate(header)]
    known = [(name, place) for name, place in named if name]
    found = dict(known)
    if len(found) < len(known):
        names = ", ".join(header[place] for _, place in known)
        raise UserError(f"{path}: line 1 names a column twice ({names}); remove or rename one")
    for column in (*layout.required, *needed):
        if column not in found:
            raise UserError(_lacks(path, header, column, columns, layout))
    return found


def _lacks(
    path: Path, header: Sequence[str], column: str, columns: Mapping[str, str], layout: Layout
) -> str:
    names = {name.strip().lower() for name in header}
    if layout is TRIALS and {"cue", "response"} <= names:
        return (
            f"{path}: is a strength table, already counted; set "
            "cultures.<name>.kind: strengths (then no participants are known), or name the file of "
            "trials, a row a participant and cue with R1, R2, R3 (docs/data.md)"
        )
    if layout is STRENGTHS and {"participantid", "r1", "r2"} <= names:
        return (
            f"{path}: is a file of trials; remove cultures.<name>.kind: strengths, or name a table "
            "with cue, response, and R1 or R123 (docs/data.md)"
        )
    return (
        f"{path}: line 1 has no column {columns.get(column, layout.official[column][0])!r} (upper "
        f"or lower case); found {', '.join(header)[:300]}; is this an official SWOW csv? Else name "
        "its columns under cultures.<name>.columns (docs/data.md)"
    )
