"""Reading Small World of Words files: from an official csv to clean responses.

Files of trials in any language, by the official headers or by columns that the configuration names
(:mod:`culturalign.data.swow_columns`); plain, zipped or gzipped. A row is a trial: a participant,
a cue and up to three responses R1-R3.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import polars as pl

from culturalign.config.language_facts import PLATFORM
from culturalign.data.prepared import Prepared
from culturalign.data.responses import clean_responses
from culturalign.data.swow_columns import ours, places
from culturalign.data.swow_losses import FEW, odd_responses, refuse_lost
from culturalign.data.swow_release import FileSizes, add_up, count_sizes, identify_swow
from culturalign.data.swow_script import check_script
from culturalign.errors import UserError
from culturalign.files.data_file import Release
from culturalign.files.delimited import read_header, read_parts
from culturalign.files.ledger import SAMPLED, Account, no_sample, sample_rows, subsample
from culturalign.files.scripts import check_decoding
from culturalign.files.stored_tables import as_table

Keep = Mapping[str, Sequence[str]]
"""Column -> accepted values; an empty list accepts all. SWOW.US keeps respondents whose country
*and* native language are "United States" (paper, section 3.2)."""


@dataclass(frozen=True)
class Reading:
    """How a file is to be read.

    Attributes:
        columns: Our name -> header, where it is not an official one.
        missing: Entries that stand for no response; None if those of the language are not known.
        scripts: Scripts of the language; without any, none is refused.
        release: Name of the language's SWOW data.
        most_dropped: Share above which a loss is refused:
            :func:`culturalign.files.large_losses.refuse_losses`.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    missing: Collection[str] | None = PLATFORM
    scripts: Sequence[str] = ()
    release: str = "SWOW"
    most_dropped: float = 1.0

    @property
    def tokens(self) -> Collection[str]:
        """Entries that are read as no response."""
        return PLATFORM if self.missing is None else self.missing


OFFICIAL_FILE = Reading()


class Swow(NamedTuple):
    """A SWOW file, whole or restricted to a culture.

    Attributes:
        trials: ``row`` (in the file, from 1) and categorical columns named as in
            :data:`culturalign.data.swow_columns.TRIALS`, one row a trial kept; without those of
            the filter.
        dropped: Trials dropped by each filter, in order.
        sample: Some of these: :data:`culturalign.files.ledger.SAMPLE_SCHEMA`.
        release: Release of the whole file.
        encoding: Encoding of the file.
    """

    trials: pl.DataFrame
    dropped: dict[str, int]
    sample: pl.DataFrame
    release: Release
    encoding: str


class _Part(NamedTuple):
    trials: pl.DataFrame
    dropped: dict[str, int]
    sample: pl.DataFrame
    census: FileSizes


def read_swow(
    path: Path, keep: Keep, needed: Sequence[str] = (), reading: Reading = OFFICIAL_FILE
) -> Swow:
    """Read an official file, in any form of :func:`culturalign.files.stored_tables.as_table`.

    Args:
        path: The file.
        keep: The respondents to keep.
        needed: Further columns that must be there: ``country``, ``native_language``.
        reading: Columns, scripts and release.

    Raises:
        UserError: If the file is missing, empty or damaged, its encoding is in doubt, it has a
            row longer than the header or an unclosed quote, lacks a column, or its cues are in
            another script. What a shorter row lacks counts as missing.
    """
    columns = [*(column for column, accepted in keep.items() if accepted), *needed]
    known = partial(ours, columns=reading.columns)
    with as_table(path, known, labels=True) as text:
        separator, header = read_header(text, path, known)
        found = places(header, path, columns, reading.columns)
        kind = pl.Categorical(pl.Categories.random())  # one for all parts
        parts = read_parts(text, path, separator, found, lambda rows, _: _take(rows, keep, kind))
        empty = pl.DataFrame(schema={"row": pl.Int64, **dict.fromkeys(found, pl.String)})
        parts = parts or [_take(empty, keep, kind)]
        census = add_up([part.census for part in parts])
        check_decoding(census.cues["cue"].drop_nulls(), path, "cues")
        check_script(census.cues["cue"], path, reading.scripts, "cues")
        return Swow(
            trials=pl.concat([part.trials for part in parts]),
            dropped={why: sum(p.dropped[why] for p in parts) for why in parts[0].dropped},
            sample=subsample(pl.concat([part.sample for part in parts])),
            release=identify_swow(census, reading.release, complete=text.is_complete),
            encoding=text.encoding,
        )


def read_trials(
    path: Path, needed: Sequence[str] = (), reading: Reading = OFFICIAL_FILE
) -> pl.DataFrame:
    """All trials of a file, as text, without the number of the row; arguments as above."""
    return read_swow(path, {}, needed, reading).trials.drop("row").cast(pl.String)


def _take(part: pl.DataFrame, keep: Keep, kind: pl.Categorical) -> _Part:
    """The trials to keep of a part of the file, and the counts of all.

    Categories take less memory than text, and cleaning works on their numbers.
    """
    inside, places = keep_respondents(part, keep)
    dropped = {f"other {column.replace('_', ' ')}": rows for column, rows in places.items()}
    samples = [no_sample()]
    for column, (reason, rows) in zip(places, dropped.items(), strict=True):
        few = part[rows.gather_every(max(1, len(rows) // SAMPLED))]
        few = few.select("row", "participant", "cue", pl.col(column).alias("text"))
        samples.append(sample_rows(few, "trials", reason))
    trials = part.drop(places.keys()).filter(inside)
    trials = trials.with_columns(pl.col(pl.String).fill_null("").cast(kind))
    counts = {reason: len(rows) for reason, rows in dropped.items()}
    return _Part(trials, counts, pl.concat(samples), count_sizes(part))


def keep_respondents(trials: pl.DataFrame, keep: Keep) -> tuple[pl.Series, dict[str, pl.Series]]:
    """Separate the trials of a culture's respondents from others, ignoring case and outer spaces.

    Returns:
        Whether to keep each trial, and the places of those dropped by each column, in order.
    """
    inside = pl.repeat(True, len(trials), dtype=pl.Boolean, eager=True)
    dropped = {}
    for column, accepted in keep.items():
        if accepted:
            given = trials[column].str.strip_chars().str.to_lowercase()
            wanted = [value.strip().lower() for value in accepted]
            of_culture = given.is_in(wanted).fill_null(False)
            dropped[column] = (inside & ~of_culture).arg_true()
            inside = inside & of_culture
    return inside, dropped


def prepare_culture(
    path: Path, keep: Keep, *, culture: str, reading: Reading = OFFICIAL_FILE, **rules: bool
) -> Prepared:
    """Read, filter and clean the responses of one culture.

    Args:
        path: Official SWOW file.
        keep: The respondents to keep.
        culture: Its key in the configuration; named in errors.
        reading: How the file is to be read.
        rules: As for :func:`culturalign.data.normalize.normalize`.

    Raises:
        UserError: If the file cannot be used, too much is dropped, or no response is left.
    """
    found = read_swow(path, keep, reading=reading)
    cleaned = clean_responses(found.trials, reading.tokens, **rules)
    of_trials, of_responses = cleaned.accounts
    rows = found.release.sizes["rows"]
    if cleaned.responses.is_empty():
        raise UserError(_nothing_left(path, keep, culture, rows, reading))
    dropped = {**found.dropped, **of_trials.dropped}
    whole = Account("trials", rows, of_trials.kept, dropped, noted=of_trials.noted)
    sample = pl.concat([found.sample, cleaned.dropped])
    accounts = [whole, of_responses]
    refuse_lost(accounts, sample, path, most=reading.most_dropped)
    cells = [found.trials[name].rename("R").unique().cast(pl.String) for name in ("R1", "R2", "R3")]
    check_decoding(pl.concat(cells).unique().drop_nulls(), path, "responses", least=FEW)
    words = cleaned.responses["response"].unique().cast(pl.String)
    check_script(words, path, reading.scripts, "responses")
    counts = cleaned.responses.group_by("cue", "response").agg(count=pl.len())
    odd = [*found.release.odd, *odd_responses(counts, reading.missing)]
    release = replace(found.release, odd=odd)
    return Prepared(cleaned.responses, accounts, sample, release, found.encoding)


def _nothing_left(path: Path, keep: Keep, culture: str, rows: int, reading: Reading) -> str:
    """The error for a culture without responses, with the most common values of the file."""
    asked = {column: list(accepted) for column, accepted in keep.items() if accepted}
    trials = read_trials(path, list(asked), reading)
    found = []
    for column in asked:
        counts = trials[column].value_counts().sort("count", column, descending=[True, False])
        common = ", ".join(map(repr, counts[column].head(5)))
        found.append(f"{column}: {common or 'nothing'}")
    filters = " and ".join(f"{column} in {accepted}" for column, accepted in asked.items())
    return (
        f"{path}: culture {culture!r} has no response after the filter ({filters or 'no filter'})"
        f" on {rows} rows{'; the file has ' + '; '.join(found) if found else ''}; correct"
        f" cultures.{culture}.keep or cultures.{culture}.swow"
    )
