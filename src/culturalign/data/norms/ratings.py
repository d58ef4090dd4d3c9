"""Norms of a language: ratings of words, on the common spans and as published.

Files: Warriner et al. (2013), Brysbaert et al. (2014), Xu, Li and Chen (2022), Xu and Li (2020),
and any other that the configuration maps.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from culturalign.config.norms import NormFile
from culturalign.config.scales import SPANS, to_common
from culturalign.data.normalize import ENTITIES, VERSION, normalize_all
from culturalign.data.norms.norm_text import read_norm_file
from culturalign.errors import UserError
from culturalign.files.data_file import DataFile, Release, oddities, write_json
from culturalign.files.entities import decoded
from culturalign.files.large_losses import refuse_losses
from culturalign.files.ledger import Account
from culturalign.files.numbers import read_numbers
from culturalign.files.scripts import check_decoding

REASONS = ("no word", "no number", "outside the scale", "repeated word")
"""Why a row gives no rating, in the order in which they are applied."""
CAUSES = {
    "no word": "is `word` under norms.files the right column?",
    "no number": "thousands or decimal commas, an unknown sign for missing, or a wrong `column`? "
    "Write decimal points, and no commas for thousands.",
    "outside the scale": "a wrong `span` under norms.files, or a column of counts or deviations?",
    "repeated word": "a row a rater or a meaning, not a word? Average them first; or is `word` "
    "the wrong column?",
}
"""Reason -> likely cause of a large loss."""
EXAMPLES = 5
FILLED, MANY = 0.6, 100
"""Share of the span that values reach at least if there are this many; ours. The means of Warriner
et al. (2013) reach 77 % (arousal) and 91 % (valence) of theirs, Brysbaert et al. (2014) 99 %."""
UNLIKE = 0.2
"""Share of entries that need not look like words; ours."""
Files = Sequence[tuple[NormFile, Path | None]]
"""Settings of each file and where it lies; None if it is not there."""


@dataclass(frozen=True)
class Norm:
    """What became of an attribute's column.

    Attributes:
        attribute: A key of ``SPANS``.
        file: As configured.
        column: Its header.
        ends: Nominal ends of the file's scale, see ``scales.to_common``.
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


def read_settings(files: Iterable[tuple[Mapping[str, Any], str | None]]) -> Files:
    """Settings of each norm file and where it lies, from the parameters of a job."""
    return [(NormFile(**settings), Path(path) if path else None) for settings, path in files]


def prepare_norms(
    files: Files, *, most_dropped: float = 1.0, **rules: bool
) -> tuple[pl.DataFrame, list[Norm]]:
    """Read the norms of a language.

    Args:
        files: In the order in which they are read.
        most_dropped: As for :func:`culturalign.files.large_losses.refuse_losses`.
        rules: As for :func:`culturalign.data.normalize.normalize`; those of the responses, or
            words are not found.

    Returns:
        ``word`` (normalized as responses are) and, for each attribute that was found, its value
        on the common span and ``{attribute}_raw`` as published; null where a file lacks the
        word. And what became of each attribute, in the order of ``SPANS``.

    Raises:
        UserError: If a file that is there cannot be used, or too much of a column is dropped.
    """
    table, found = pl.DataFrame(schema={"word": pl.String}), []
    for settings, path in files:
        rows = _rows(settings, path, rules) if path else None
        for attribute, entry in settings.attributes.items():
            ends = (entry.span[0], entry.span[1])
            norm = Norm(attribute, settings.file, entry.column, ends, path is None)
            if rows is not None:
                values, account, examples = _ratings(rows, attribute, ends)
                source = Path(f"{path}, column {entry.column!r}")
                refuse_losses(account, CAUSES, examples, source, most=most_dropped)
                if values.is_empty():
                    raise UserError(
                        f"{path}: column {entry.column!r} has no number from {min(ends):g} to "
                        f"{max(ends):g}; correct its `column` or `span` under norms.files"
                    )
                table = table.join(values, on="word", how="full", coalesce=True)
                norm = replace(norm, account=account, examples=examples)
            found.append(norm)
    names = [name for attribute in available(table) for name in (attribute, f"{attribute}_raw")]
    table = table.select("word", *names).sort("word")
    return table, sorted(found, key=lambda norm: list(SPANS).index(norm.attribute))


def _rows(settings: NormFile, path: Path, rules: Mapping[str, bool]) -> pl.DataFrame:
    """``line, written``, the normalized ``word`` and the attributes, as text."""
    columns = {name: entry.column for name, entry in settings.attributes.items()}
    columns = {"word": settings.word} | columns
    rows = read_norm_file(path, columns, header=settings.header, sheet=settings.sheet)
    check_decoding(rows["word"].unique(), path, "words", least=EXAMPLES)
    normal = normalize_all(rows["word"].unique(), **rules)
    word = rows["word"].replace_strict(normal, return_dtype=pl.String)
    return rows.rename({"word": "written"}).with_columns(word.alias("word"))


def _ratings(
    rows: pl.DataFrame, attribute: str, ends: tuple[float, float]
) -> tuple[pl.DataFrame, Account, dict[str, list[str]]]:
    """The ratings of an attribute; of several entries of a word, the one written as normalized."""
    raw = read_numbers(rows[attribute])
    rows = rows.with_columns(raw=raw, exact=pl.col("written").str.strip_chars() == pl.col("word"))
    rows = rows.sort("word", "exact", "line", descending=[False, True, False])
    faults = (
        pl.col("word") == "",
        ~pl.col("raw").is_finite().fill_null(False),
        ~pl.col("raw").is_between(min(ends), max(ends)),
    )
    reasons = [
        pl.when(fault).then(pl.lit(why)) for fault, why in zip(faults, REASONS, strict=False)
    ]
    rows = rows.with_columns(reason=pl.coalesce(reasons))
    first = pl.col("word").is_first_distinct().over(pl.col("reason").is_null())
    reason = pl.when(first).then("reason").otherwise(pl.col("reason").fill_null(REASONS[3]))
    rows = rows.with_columns(reason=reason)
    kept, dropped = rows.filter(pl.col("reason").is_null()), rows.sort("line")
    shown = pl.format("{} ({}, line {})", *(_short(n) for n in ("written", attribute)), "line")
    by_reason = {why: dropped.filter(reason=why).select(shown).to_series() for why in REASONS}
    counts = {why: len(entries) for why, entries in by_reason.items()}
    had = sum(decoded(written) != written for written in kept["written"])
    noted = {ENTITIES: had} if had else {}
    account = Account(f"ratings of {attribute}", len(rows), len(kept), counts, noted=noted)
    values = kept.select(
        "word",
        to_common(pl.col("raw"), ends, SPANS[attribute]).alias(attribute),
        pl.col("raw").alias(f"{attribute}_raw"),
    )
    return values, account, {why: e.head(EXAMPLES).to_list() for why, e in by_reason.items()}


def _short(name: str) -> pl.Expr:
    """An entry as far as an error shows it, on one line."""
    return pl.col(name).str.replace_all(r"\s+", " ").str.slice(0, 40)


def available(norms: pl.DataFrame) -> list[str]:
    """Attributes that a table of norms holds, in the order of ``SPANS``."""
    return [attribute for attribute in SPANS if attribute in norms.columns]


def write_record(found: Sequence[Norm], path: Path) -> None:
    """Write what became of each attribute, as JSON."""
    write_json([asdict(norm) for norm in found], path)


def read_record(path: Path) -> list[Norm]:
    """Read what :func:`write_record` wrote; accounts are checked again."""
    entries = json.loads(path.read_text(encoding="utf-8"))
    for entry in entries:
        entry["ends"] = tuple(entry["ends"])
        entry["account"] = Account(**entry["account"]) if entry["account"] else None
    return [Norm(**entry) for entry in entries]


NORM_COLUMNS = {
    "V.Mean.Sum": "Warriner et al. 2013",
    "A.Mean.Sum": "Warriner et al. 2013",
    "D.Mean.Sum": "Warriner et al. 2013",
    "Conc.M": "Brysbaert et al. 2014",
    "Valence_Mean": "Xu, Li and Chen 2022",
    "Arousal_Mean": "Xu, Li and Chen 2022",
}
"""Header of a rating -> the norms that have it."""


def norm_release(file: str, ratings: pl.DataFrame, found: Sequence[Norm]) -> Release:
    """Identify the norms in a file that has been read.

    By the headers; those of Xu and Li (2020), unknown to us, by words of two Han characters.

    Args:
        file: As configured.
        ratings: From :func:`prepare_norms`, of this and other files.
        found: From there.
    """
    norms = [norm for norm in found if norm.file == file and norm.account]
    name = next((NORM_COLUMNS[n.column] for n in norms if n.column in NORM_COLUMNS), "")
    attributes = [norm.attribute for norm in norms]
    if not name and "concreteness" in attributes:
        words = ratings.filter(pl.any_horizontal(pl.col(attributes).is_not_null()))["word"]
        two_characters = words.str.contains(r"^\p{Han}{2}$").sum()
        name = "Xu and Li 2020" if two_characters > 0.9 * len(words) else ""
    sizes = {"rows": max(norm.account.read for norm in norms if norm.account)}
    odd = [*oddities(name, sizes), *_no_words(ratings, attributes)]
    odd += [sentence for norm in norms for sentence in _narrow(norm, ratings)]
    return Release(name or "norms", "", sizes, odd)


def _no_words(ratings: pl.DataFrame, attributes: Sequence[str]) -> list[str]:
    """A sentence if many words look like numbers, or like ``word_NN``: no response equals them."""
    words = ratings.filter(pl.any_horizontal(pl.col(attributes).is_not_null()))["word"]
    unlike = words.filter(words.str.contains(r"_|^\P{L}+$"))
    if len(unlike) <= UNLIKE * len(words):
        return []
    shown = ", ".join(repr(word[:40]) for word in unlike.head(3))
    return [
        f"{len(unlike):,} of {len(words):,} words have no letter or an underscore ({shown}): is "
        "`word` the right column? If it is, write plain words"
    ]


def _narrow(norm: Norm, ratings: pl.DataFrame) -> list[str]:
    """A sentence if many values fill little of the span: no value is lost, but all are shifted."""
    raw = ratings[f"{norm.attribute}_raw"].drop_nulls().to_numpy()
    low, high = min(norm.ends), max(norm.ends)
    if len(raw) >= MANY and (raw == np.floor(raw)).all():
        return [
            f"all {len(raw):,} values of {norm.attribute} are whole numbers: ratings by single "
            "people, or means whose decimal commas separate fields?"
        ]
    if len(raw) < MANY or np.ptp(raw) >= FILLED * (high - low):
        return []
    return [
        f"{norm.attribute} lies between {raw.min():g} and {raw.max():g}, of a span from {low:g} to "
        f"{high:g}: a wrong `span`?"
    ]


def _kept(account: Account) -> str:
    """``97 words; dropped: 2 no number, 1 repeated word; decoded: 3 HTML entities``."""
    parts = [f"{account.kept} words"]
    for what, counts in (("dropped", account.dropped), ("decoded", account.noted)):
        if shown := ", ".join(f"{n} {why}" for why, n in counts.items() if n):
            parts.append(f"{what}: {shown}")
    return "; ".join(parts)


def summary(files: Files, ratings: pl.DataFrame, found: Sequence[Norm]) -> str:
    """The lines that a job logs: each file that is there, and the words of each attribute."""
    lines = [
        DataFile.of(path, norm_release(settings.file, ratings, found), VERSION).summary(path)
        for settings, path in files
        if path
    ]
    for norm in found:
        lines.append(f"{norm.attribute}: {_kept(norm.account) if norm.account else norm.sentence}")
    return "\n".join(lines)
