"""Reading Small World of Words files: from an official csv to clean responses.

Formats: SWOW-EN.complete and SWOW-EN.R100 (De Deyne et al. 2019), SWOW-ZH_raw (Li et al.
2024). One row is a trial: a participant, a cue and up to three responses R1-R3.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from culturalign.errors import UserError
from culturalign.ledger import Account
from culturalign.normalize import normalize_all

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
MISSING = ("", "NA", "No more responses", "Unknown word", "#Missing", "#Unknown")
"""Entries that are not words, in the releases of 2018 and of 2019 and later."""


def read_trials(path: Path, needed: Sequence[str] = ()) -> pl.DataFrame:
    """Read the trials of an official csv.

    Args:
        path: The file.
        needed: Columns needed beyond :data:`REQUIRED`: ``country``, ``native_language``.

    Returns:
        Text columns named as in :data:`COLUMNS`, one row a trial, as they stand in the file.

    Raises:
        UserError: If the file is missing, empty, not UTF-8, has a row longer than the header or
            lacks a column. What a shorter row lacks counts as missing.
    """
    if not path.is_file():
        raise UserError(f"{path}: no such file; docs/data.md says where to get it and put it")
    try:
        table = pl.read_csv(path, infer_schema=False, glob=False)
    except pl.exceptions.NoDataError:
        raise UserError(f"{path}: the file is empty; download or copy it again") from None
    except pl.exceptions.PolarsError as error:
        raise UserError(_unreadable(path, error)) from None
    ours = {official.lower(): name for official, name in COLUMNS.items()}
    found = {name: ours[name.lower()] for name in table.columns if name.lower() in ours}
    if len(set(found.values())) < len(found):
        raise UserError(
            f"{path}: line 1 names a column twice ({', '.join(found)}); remove or rename one"
        )
    for column in (*REQUIRED, *needed):
        if column not in found.values():
            official = next(name for name, our in COLUMNS.items() if our == column)
            raise UserError(
                f"{path}: line 1 has no column {official!r} (upper or lower case); found "
                f"{', '.join(table.columns)}; is this an official SWOW csv? See docs/data.md"
            )
    return table.select(*found).rename(found).fill_null("")


def _unreadable(path: Path, error: Exception) -> str:
    """Say where a csv breaks; only called once reading has failed."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as bad:
        line = data.count(b"\n", 0, bad.start) + 1
        return (
            f"{path}: line {line} is not UTF-8 (byte 0x{data[bad.start]:02x}); save the file as "
            "UTF-8, or download it again"
        )
    rows = csv.reader(io.StringIO(text, newline=""))
    width = len(next(rows))
    for row in rows:
        if len(row) > width:
            return (
                f"{path}: line {rows.line_num} has {len(row)} fields, the header {width}; an "
                "unquoted comma? Quote the entry, or download the file again"
            )
    return f"{path}: cannot be read as csv ({error}); download it again"


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
            dropped[f"other {column.replace('_', ' ')}"] = len(trials) - len(kept)
            trials = kept
    return trials, dropped


def clean_responses(
    trials: pl.DataFrame, *, simplify_chinese: bool
) -> tuple[pl.DataFrame, list[Account]]:
    """Turn trials into normalized responses, one a row.

    A second trial of one participant on one cue is dropped, and so are entries that are not
    words, a response that repeats the cue, and a response given twice in one trial.

    Args:
        trials: Columns :data:`REQUIRED`, of the respondents to keep.
        simplify_chinese: See :func:`culturalign.normalize.normalize`.

    Returns:
        ``cue, response, position`` (1-3), ``participant``, in the order of the file; and the
        accounts of trials and responses.
    """
    named = trials.with_columns(cue=_normalized(trials["cue"], simplify_chinese))
    with_cue = named.filter(~pl.col("cue").is_in(["", "na"]))
    # Without a participant there is no telling who answered, so no trial can be a repeat.
    row = pl.int_range(pl.len()).cast(pl.String)
    nameless = pl.when(pl.col("participant") == "").then(row)
    first = with_cue.with_columns(nameless=nameless).unique(
        ["participant", "nameless", "cue"], keep="first", maintain_order=True
    )
    account = Account(
        "trials",
        read=len(trials),
        kept=len(first),
        dropped={
            "no cue": len(named) - len(with_cue),
            "repeated trial": len(with_cue) - len(first),
        },
    )
    responses, of_responses = _clean(_one_a_row(first), simplify_chinese)
    return responses, [account, of_responses]


def _one_a_row(trials: pl.DataFrame) -> pl.DataFrame:
    return (
        trials.with_row_index("trial")
        .unpivot(["R1", "R2", "R3"], index=["trial", "participant", "cue"], value_name="raw")
        .with_columns(position=pl.col("variable").str.tail(1).cast(pl.Int8))
        .sort("trial", "position")
    )


def _clean(rows: pl.DataFrame, simplify_chinese: bool) -> tuple[pl.DataFrame, Account]:
    words = rows.filter(~pl.col("raw").str.strip_chars().is_in(MISSING))
    words = words.with_columns(response=_normalized(words["raw"], simplify_chinese))
    written = words.filter(pl.col("response") != "")
    other = written.filter(pl.col("response") != pl.col("cue"))
    once = other.unique(["trial", "response"], keep="first", maintain_order=True)
    dropped = {
        "missing token": len(rows) - len(written),
        "repeats the cue": len(written) - len(other),
        "repeated in the trial": len(other) - len(once),
    }
    table = once.select("cue", "response", "position", "participant")
    return table, Account("responses", read=len(rows), kept=len(table), dropped=dropped)


def _normalized(words: pl.Series, simplify_chinese: bool) -> pl.Series:
    normal = normalize_all(words.unique(), simplify_chinese=simplify_chinese)
    return words.replace_strict(normal, return_dtype=pl.String)


def prepare_culture(
    path: Path, keep: Mapping[str, Sequence[str]], *, culture: str, simplify_chinese: bool
) -> tuple[pl.DataFrame, list[Account]]:
    """Read, filter and clean the responses of one culture.

    Args:
        path: Official SWOW csv.
        keep: As in :func:`keep_respondents`.
        culture: Its key in the configuration; named in errors.
        simplify_chinese: See :func:`culturalign.normalize.normalize`.

    Returns:
        Responses as from :func:`clean_responses`, and the accounts of trials and responses.

    Raises:
        UserError: If the file cannot be used or no response is left.
    """
    trials = read_trials(path, [column for column, accepted in keep.items() if accepted])
    kept, outside = keep_respondents(trials, keep)
    responses, (of_trials, of_responses) = clean_responses(kept, simplify_chinese=simplify_chinese)
    if responses.is_empty():
        raise UserError(_nothing_left(path, keep, culture, trials))
    whole = Account("trials", len(trials), of_trials.kept, {**outside, **of_trials.dropped})
    return responses, [whole, of_responses]


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
