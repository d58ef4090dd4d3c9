"""Norms of a language: ratings of words, on the common spans and as published.

Files: Warriner et al. (2013), Brysbaert et al. (2014), Xu, Li and Chen (2022), Xu and Li (2020),
and any other that the configuration maps.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from culturalign.config.norms import NormFile
from culturalign.config.scales import SPANS, to_common
from culturalign.data.normalize import normalize_all
from culturalign.data.norms.norm_text import read_norm_file
from culturalign.errors import UserError
from culturalign.files.ledger import Account
from culturalign.files.release import Release, identify_norms

REASONS = ("no word", "no number", "outside the scale", "repeated word")
"""Why a row gives no rating, in the order in which they are applied."""
EXAMPLES = 5


@dataclass(frozen=True)
class Norm:
    """What became of an attribute's column.

    Attributes:
        attribute: A key of ``SPANS``.
        file: As configured.
        column: Its header.
        ends: Nominal ends of the file's scale, see ``spans.to_common``.
        missing: Whether the file is not there; then there is no account.
        account: Rows read, kept and dropped.
        examples: Reason -> up to five entries dropped for it.
    """

    attribute: str
    file: str
    column: str
    ends: tuple[float, float]
    missing: bool
    account: Account | None = None
    examples: Mapping[str, Sequence[str]] | None = None

    @property
    def sentence(self) -> str:
        """Why there are no numbers."""
        return f"norms not available: {self.file} is missing"


def prepare_norms(
    files: Sequence[tuple[NormFile, Path | None]], **rules: bool
) -> tuple[pl.DataFrame, list[Norm]]:
    """Read the norms of a language.

    Args:
        files: Settings of each file and where it lies; None if it is not there.
        rules: Of :func:`culturalign.normalize.normalize`; those of the responses, or words are
            not found.

    Returns:
        ``word`` (normalized as responses are) and, for each attribute that was found, its value
        on the common span and ``{attribute}_raw`` as published; null where a file lacks the
        word. And what became of each attribute, in the order of ``SPANS``.

    Raises:
        UserError: If a file that is there cannot be used.
    """
    table, found = pl.DataFrame(schema={"word": pl.String}), []
    for settings, path in files:
        rows = None
        if path is not None:
            wanted = {name: entry.column for name, entry in settings.attributes.items()}
            columns = {"word": settings.word, **wanted}
            rows = read_norm_file(path, columns, header=settings.header, sheet=settings.sheet)
            rows = _with_word(rows, rules)
        for attribute, entry in settings.attributes.items():
            ends = (entry.span[0], entry.span[1])
            if rows is None:
                found.append(Norm(attribute, settings.file, entry.column, ends, True))
                continue
            values, account, examples = _ratings(rows, attribute, ends)
            if values.is_empty():
                raise UserError(
                    f"{path}: column {entry.column!r} has no number from {min(ends):g} to "
                    f"{max(ends):g}; correct its `column` or `span` under norms.files"
                )
            table = table.join(values, on="word", how="full", coalesce=True)
            norm = (attribute, settings.file, entry.column, ends, False, account, examples)
            found.append(Norm(*norm))
    order = {name: place for place, name in enumerate(SPANS)}
    names = [name for attribute in available(table) for name in (attribute, f"{attribute}_raw")]
    found.sort(key=lambda norm: order[norm.attribute])
    return table.select("word", *names).sort("word"), found


def _with_word(rows: pl.DataFrame, rules: Mapping[str, bool]) -> pl.DataFrame:
    normal = normalize_all(rows["word"].unique(), **rules)
    word = rows["word"].replace_strict(normal, return_dtype=pl.String)
    return rows.rename({"word": "written"}).with_columns(word.alias("word"))


def _ratings(
    rows: pl.DataFrame, attribute: str, ends: tuple[float, float]
) -> tuple[pl.DataFrame, Account, dict[str, list[str]]]:
    """Ratings of one attribute; of several entries of a word the one written as normalized."""
    raw = pl.col(attribute).str.strip_chars().cast(pl.Float64, strict=False)
    rows = rows.with_columns(raw=raw, exact=pl.col("written").str.strip_chars() == pl.col("word"))
    rows = rows.sort("word", "exact", "line", descending=[False, True, False])
    reason = (
        pl.when(pl.col("word") == "")
        .then(pl.lit(REASONS[0]))
        .when(~pl.col("raw").is_finite().fill_null(False))
        .then(pl.lit(REASONS[1]))
        .when(~pl.col("raw").is_between(min(ends), max(ends)))
        .then(pl.lit(REASONS[2]))
    )
    rows = rows.with_columns(reason=reason)
    usable = rows.filter(pl.col("reason").is_null())
    again = usable.filter(~pl.col("word").is_first_distinct())
    kept = usable.filter(pl.col("word").is_first_distinct())
    dropped = pl.concat([rows.filter(pl.col("reason").is_not_null()), again])
    dropped = dropped.with_columns(pl.col("reason").fill_null(REASONS[3])).sort("line")
    counts = {why: len(dropped.filter(reason=why)) for why in REASONS}
    shown = pl.format("{} ({}, line {})", "written", attribute, "line")
    examples = {
        why: dropped.filter(reason=why).select(shown).to_series().head(EXAMPLES).to_list()
        for why in REASONS
    }
    values = kept.select(
        "word",
        to_common(pl.col("raw"), ends, SPANS[attribute]).alias(attribute),
        pl.col("raw").alias(f"{attribute}_raw"),
    )
    account = Account(f"ratings of {attribute}", len(rows), len(kept), counts)
    return values, account, examples


def available(norms: pl.DataFrame) -> list[str]:
    """Attributes that a table of norms holds, in the order of ``SPANS``."""
    return [attribute for attribute in SPANS if attribute in norms.columns]


def write_record(found: Sequence[Norm], path: Path) -> None:
    """Write what became of each attribute, as JSON."""
    text = json.dumps([asdict(norm) for norm in found], indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def read_record(path: Path) -> list[Norm]:
    """Read what :func:`write_record` wrote; accounts are checked again."""
    entries = json.loads(path.read_text(encoding="utf-8"))
    for entry in entries:
        entry["ends"] = tuple(entry["ends"])
        entry["account"] = Account(**entry["account"]) if entry["account"] else None
    return [Norm(**entry) for entry in entries]


def norm_release(file: str, ratings: pl.DataFrame, found: Sequence[Norm]) -> Release:
    """What a norm file is.

    Args:
        file: As configured; it must have been read.
        ratings: From :func:`culturalign.attributes.norms.prepare_norms`, of this and other files.
        found: From there.
    """
    accounts = {norm.attribute: norm.account for norm in found if norm.file == file}
    columns = {norm.attribute: norm.column for norm in found if norm.file == file}
    rated = ratings.filter(pl.any_horizontal(pl.col(*columns).is_not_null()))
    rows = max(account.read for account in accounts.values() if account)
    return identify_norms(columns, rated["word"], rows)
