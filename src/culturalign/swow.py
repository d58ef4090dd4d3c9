"""Reading Small World of Words files: from an official csv to clean responses.

Formats, told apart by header and content: SWOW-EN complete (2018; 2019 and later) and R100 (De
Deyne et al. 2019), SWOW-ZH raw and R55 (Li et al. 2024); plain, zipped or gzipped. One row is a
trial: a participant, a cue and up to three responses R1-R3.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from culturalign.archives import unpacked
from culturalign.delimited import read_columns, read_header
from culturalign.encodings import as_utf8
from culturalign.errors import UserError
from culturalign.ledger import Account, sample_rows
from culturalign.releases import Release, identify_swow
from culturalign.responses import clean_responses

COLUMNS = {
    "participantID": "participant",
    "country": "country",
    "nativeLanguage": "native_language",
    "cue": "cue",
    "R1": "R1",
    "R2": "R2",
    "R3": "R3",
}
"""Official header -> our name; case does not matter. R1-R3 are the spell-checked responses."""
REQUIRED = ("participant", "cue", "R1", "R2", "R3")
OURS = {official.lower(): name for official, name in COLUMNS.items()}


class Swow(NamedTuple):
    """A SWOW file as it stands.

    Attributes:
        trials: Text columns named as in :data:`COLUMNS`, one row a trial.
        encoding: What the file was in.
        ends: Whether its last line ends with a line break.
    """

    trials: pl.DataFrame
    encoding: str
    ends: bool


class Prepared(NamedTuple):
    """The responses of a culture, and what became of everything else.

    Attributes:
        responses: ``cue, response, position`` (1-3), ``participant``, in the order of the file.
        accounts: Of trials and of responses.
        dropped: A sample of what was dropped: :data:`culturalign.ledger.SAMPLE_SCHEMA`.
        release: What the file is.
        encoding: What it was in.
    """

    responses: pl.DataFrame
    accounts: list[Account]
    dropped: pl.DataFrame
    release: Release
    encoding: str


def read_trials(path: Path, needed: Sequence[str] = ()) -> pl.DataFrame:
    """The trials of :func:`read_swow` alone."""
    return read_swow(path, needed).trials


def read_swow(path: Path, needed: Sequence[str] = ()) -> Swow:
    """Read an official file: csv (``,``, ``;`` or tabs), plain or in a zip or gzip.

    Args:
        path: The file.
        needed: Columns needed beyond :data:`REQUIRED`: ``country``, ``native_language``.

    Raises:
        UserError: If the file is missing, empty or damaged, its encoding is in doubt, it has a
            row longer than the header or an unclosed quote, or lacks a column. What a shorter
            row lacks counts as missing.
    """
    with unpacked(path, (".csv", ".tsv")) as file, as_utf8(file, path) as text:
        separator, header = read_header(text, path, lambda name: OURS.get(_bare(name)))
        places = _places(header, path, needed)
        table = read_columns(text, path, separator, places)
        return Swow(table.fill_null(""), text.encoding, text.ends)


def _bare(name: str) -> str:
    return name.strip().lower()


def _places(header: Sequence[str], path: Path, needed: Sequence[str]) -> dict[str, int]:
    """Our name -> place of each column known."""
    known = [(OURS[_bare(name)], place) for place, name in enumerate(header) if _bare(name) in OURS]
    found = dict(known)
    if len(found) < len(known):
        names = ", ".join(header[place] for _, place in known)
        raise UserError(f"{path}: line 1 names a column twice ({names}); remove or rename one")
    for column in (*REQUIRED, *needed):
        if column not in found:
            raise UserError(_lacks(path, header, column))
    return found


def _lacks(path: Path, header: Sequence[str], column: str) -> str:
    names = {_bare(name) for name in header}
    if {"cue", "response"} <= names:
        return (
            f"{path}: is a table of association strengths, already counted; the trials are needed,"
            " a row a participant and cue with R1, R2, R3 (docs/data.md)"
        )
    official = next(name for name, our in COLUMNS.items() if our == column)
    return (
        f"{path}: line 1 has no column {official!r} (upper or lower case); found "
        f"{', '.join(header)[:300]}; is this an official SWOW csv? See docs/data.md"
    )


def keep_respondents(
    trials: pl.DataFrame, keep: Mapping[str, Sequence[str]]
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Keep the trials of a culture's respondents.

    Args:
        trials: From :func:`read_trials`.
        keep: Column -> accepted values; an empty list accepts all. SWOW.US keeps respondents
            whose country *and* native language are "United States" (paper, section 3.2).

    Returns:
        The trials kept, and the number dropped by each column, in order.
    """
    dropped = {}
    for column, accepted in keep.items():
        if accepted:
            kept = trials.filter(pl.col(column).is_in(list(accepted)))
            dropped[_reason(column)] = len(trials) - len(kept)
            trials = kept
    return trials, dropped


def _reason(column: str) -> str:
    return f"other {column.replace('_', ' ')}"


def sample_others(trials: pl.DataFrame, keep: Mapping[str, Sequence[str]]) -> list[pl.DataFrame]:
    """Samples of what :func:`keep_respondents` drops."""
    samples, inside = [], pl.lit(True)
    for column, accepted in keep.items():
        if accepted:
            of_culture = pl.col(column).is_in(list(accepted))
            rows = trials.lazy().filter(inside & ~of_culture)
            few = rows.select("row", "participant", "cue", pl.col(column).alias("text")).collect()
            samples.append(sample_rows(few, "trials", _reason(column)))
            inside = inside & of_culture
    return samples


def prepare_culture(
    path: Path, keep: Mapping[str, Sequence[str]], *, culture: str, **rules: bool
) -> Prepared:
    """Read, filter and clean the responses of one culture.

    Args:
        path: Official SWOW file.
        keep: As in :func:`keep_respondents`.
        culture: Its key in the configuration; named in errors.
        rules: Of :func:`culturalign.normalize.normalize`.

    Raises:
        UserError: If the file cannot be used or no response is left.
    """
    found = read_swow(path, [column for column, accepted in keep.items() if accepted])
    trials = found.trials.with_row_index("row", offset=1)
    kept, outside = keep_respondents(trials, keep)
    cleaned = clean_responses(kept, **rules)
    of_trials, of_responses = cleaned.accounts
    if cleaned.responses.is_empty():
        raise UserError(_nothing_left(path, keep, culture, trials))
    whole = Account(
        "trials",
        len(trials),
        of_trials.kept,
        {**outside, **of_trials.dropped},
        noted=of_trials.noted,
    )
    dropped = pl.concat([*sample_others(trials, keep), cleaned.dropped])
    release = identify_swow(found.trials, ends=found.ends)
    return Prepared(cleaned.responses, [whole, of_responses], dropped, release, found.encoding)


def _nothing_left(
    path: Path, keep: Mapping[str, Sequence[str]], culture: str, trials: pl.DataFrame
) -> str:
    asked, found = [], []
    for column, accepted in keep.items():
        if accepted:
            asked.append(f"{column} in {list(accepted)}")
            common = trials[column].value_counts(sort=True)[column].head(5).to_list()
            found.append(f"{column}: {', '.join(map(repr, common)) or 'nothing'}")
    return (
        f"{path}: culture {culture!r} has no response after the filter"
        f" ({' and '.join(asked) or 'no filter'}) on {len(trials)} rows"
        f"{'; the file has ' + '; '.join(found) if found else ''}; correct"
        f" cultures.{culture}.keep or cultures.{culture}.swow"
    )
