"""The columns of a SWOW file under our names: official headers, or those of the configuration."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from culturalign.errors import UserError

OFFICIAL = {
    "participant": ("participantID", "recodedPP_ID", "participant_id"),
    "country": ("country",),
    "native_language": ("nativeLanguage", "native_language"),
    "cue": ("cue",),
    "R1": ("R1", "asso1", "response_corrected_1", "response1"),
    "R2": ("R2", "asso2", "response_corrected_2", "response2"),
    "R3": ("R3", "asso3", "response_corrected_3", "response3"),
}
"""Our name -> headers of the official files: English, Mandarin and Rioplatense; Dutch; German;
Slovenian (as in 01_unify_language_datasets.R of samuelae/SWOW-DE-2025-Code). Case does not matter.
The responses are the spell-checked ones."""
REQUIRED = ("participant", "cue", "R1", "R2", "R3")
BY_HEADER = {header.lower(): ours for ours, headers in OFFICIAL.items() for header in headers}


def ours(header: str, columns: Mapping[str, str]) -> str | None:
    """Our name of a header, if we know it; one in ``columns`` (our name -> header) goes first."""
    chosen = {their.strip().lower(): name for name, their in columns.items()}
    bare = header.strip().lower()
    name = BY_HEADER.get(bare)
    return chosen.get(bare) or (None if name in columns else name)


def places(
    header: Sequence[str], path: Path, needed: Sequence[str], columns: Mapping[str, str]
) -> dict[str, int]:
    """Our name -> place of each column known.

    Raises:
        UserError: If one is lacking that is required or needed, or is there twice.
    """
    named = [(ours(name, columns), place) for place, name in enumerate(header)]
    known = [(name, place) for name, place in named if name]
    found = dict(known)
    if len(found) < len(known):
        names = ", ".join(header[place] for _, place in known)
        raise UserError(f"{path}: line 1 names a column twice ({names}); remove or rename one")
    for column in (*REQUIRED, *needed):
        if column not in found:
            raise UserError(_lacks(path, header, column, columns))
    return found


def _lacks(path: Path, header: Sequence[str], column: str, columns: Mapping[str, str]) -> str:
    if {"cue", "response"} <= {name.strip().lower() for name in header}:
        return (
            f"{path}: is a table of association strengths, already counted; the trials are needed,"
            " a row a participant and cue with R1, R2, R3 (docs/data.md)"
        )
    return (
        f"{path}: line 1 has no column {columns.get(column, OFFICIAL[column][0])!r} (upper or lower"
        f" case); found {', '.join(header)[:300]}; is this an official SWOW csv? Else name its "
        "columns under cultures.<name>.columns (docs/data.md)"
    )
