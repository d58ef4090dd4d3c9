"""Questionnaires: the wordings and options that models are asked, one csv a language.

Columns ``question, wording, code, option`` and, if wanted, ``topic, ordinal, place,
introduction``; a row an option. WVS does not allow its questionnaires to be passed on, so the
file is the user's.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from culturalign.data.survey.option_text import Removed, Unclear, plain_question
from culturalign.data.survey.topics import number_of, order_of, topic_of
from culturalign.errors import UserError
from culturalign.files.charset import Text
from culturalign.files.csv_faults import FaultyLine, strict_rows
from culturalign.files.delimited import read_header
from culturalign.files.numbers import without_zeros
from culturalign.files.stored_tables import as_table

REQUIRED = ("question", "wording", "code", "option")
OPTIONAL = ("topic", "ordinal", "place", "introduction")
SCHEMA: dict[str, Any] = {
    "question": pl.String,
    "topic": pl.String,
    "wording": pl.String,
    "code": pl.Int64,
    "option": pl.String,
    "ordinal": pl.Boolean,
    "place": pl.Int64,
    "introduction": pl.String,
}
YES, NO = ("true", "yes", "1"), ("false", "no", "0")


class Imported(NamedTuple):
    """A questionnaire, question -> why it could not be imported, and what was removed."""

    questionnaire: pl.DataFrame
    refused: dict[str, str]
    removed: Removed


def read_questionnaire(
    path: Path,
    columns: Mapping[str, str] | None = None,
    words: Mapping[str, Sequence[str]] | None = None,
) -> Imported:
    """Read a questionnaire.

    Topic, ordinal and place may be left out, as columns or for single questions: then
    :func:`topic_of` and :func:`order_of` fill them in.

    Args:
        path: A table in any form of :func:`culturalign.files.stored_tables.as_table`.
        columns: Our name -> header in the file, where they differ.
        words: ``no_answer, option_headings`` of the language.

    Returns:
        ``question, topic, wording, code, option, ordinal, place, introduction`` and ``line``, a
        row an option, sorted by question number and code. ``ordinal``: the options have an order;
        ``place``: rank of the option in it, from 0, null outside it; ``introduction``: that of the
        survey, the same in all rows, null if the file has none.

    Raises:
        UserError: If the file is missing, empty, damaged or of doubtful encoding, or breaks a
            rule; it names the line.
    """
    rows = [_parsed(path, line, row) for line, row in _rows(path, columns or {})]
    removed = Removed()
    introduction = removed.decoded("the introduction", _introduction(path, rows) or "") or None
    plain = _plain(path, rows, words or {}, removed)
    table = check_questionnaire(build(plain, introduction), str(path))
    return Imported(table, {}, removed)


def _plain(
    path: Path,
    rows: Sequence[dict[str, Any]],
    words: Mapping[str, Sequence[str]],
    removed: Removed,
) -> Iterator[dict[str, Any]]:
    """Rows of answers, without labels of the options or a list of them in the wording."""
    by_question: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_question.setdefault(row["question"], []).append(row)
    for question, part in by_question.items():
        try:
            yield from _plain_part(question, part, words, removed)
        except Unclear as why:
            raise UserError(f"{path}: line {part[0]['line']}: {question}: {why}") from None


def _plain_part(
    question: str,
    part: Sequence[dict[str, Any]],
    words: Mapping[str, Sequence[str]],
    removed: Removed,
) -> list[dict[str, Any]]:
    """The rows of a question; negative codes of the survey are missing answers."""
    removed.options.update(row["option"] for row in part if row["code"] < 0)
    rows = sorted((row for row in part if row["code"] >= 0), key=lambda row: int(row["code"]))
    plain = plain_question(
        question,
        part[0]["wording"],
        [row["option"] for row in rows],
        lambda places: [rows[place]["code"] for place in places],
        words,
        removed,
    )
    one = len({row["wording"] for row in part}) == 1  # else refused with its line
    if not plain.places:
        raise Unclear("all its options stand for missing answers; add the others, or remove it")
    new = {"wording": plain.wording} if one else {}
    return [
        rows[place] | {"option": option} | new
        for place, option in zip(plain.places, plain.options, strict=True)
    ]


def build(rows: Iterable[Mapping[str, Any]], introduction: str | None = None) -> pl.DataFrame:
    """Make a questionnaire of rows with ``question, wording, code, option``.

    What they lack of topic, ordinal and place is filled in; a ``line`` is kept. Every row gets the
    introduction.
    """
    found = list(rows)
    if not found:
        return pl.DataFrame(schema=SCHEMA)
    table = pl.DataFrame(found, schema_overrides=SCHEMA, infer_schema_length=None)
    lacking = [name for name in OPTIONAL if name not in table.columns]
    table = table.with_columns(pl.lit(None, SCHEMA[name]).alias(name) for name in lacking)
    full = [_filled(part) for _, part in table.group_by("question", maintain_order=True)]
    extra = [name for name in ("line",) if name in table.columns]
    whole = pl.concat(full).with_columns(introduction=pl.lit(introduction, pl.String))
    return whole.select(*SCHEMA, *extra).sort(number_of(), "code", maintain_order=True)


def check_questionnaire(table: pl.DataFrame, source: str) -> pl.DataFrame:
    """Return a questionnaire unchanged, or refuse it.

    Args:
        table: From :func:`build`.
        source: File name for errors.

    Raises:
        UserError: If a wording or label is empty, a code or label occurs twice, a question has
            one option or differing wordings or topics, or its places are no order.
    """
    if table.is_empty():
        raise UserError(f"{source}: holds no question; add a row an option (docs/data.md)")
    for (question,), part in table.group_by("question", maintain_order=True):
        for row, fault in _faults(part):
            line = f"line {row['line']}: " if "line" in row else ""
            raise UserError(f"{source}: {line}{question}: {fault}")
    return table


def _introduction(path: Path, rows: Sequence[Mapping[str, Any]]) -> str | None:
    """The survey's introduction: one text, in one row of the file or in several."""
    given = [row for row in rows if row["introduction"]]
    for row in given:
        if row["introduction"] != given[0]["introduction"]:
            raise UserError(
                f"{path}: line {row['line']}: introduction {row['introduction'][:60]!r} differs "
                f"from that in line {given[0]['line']}; a survey has one, so put what belongs to "
                "a question into its wording"
            )
    return given[0]["introduction"] if given else None


def _rows(path: Path, columns: Mapping[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and cells of each row, under our names; spreadsheets like to leave empty rows."""
    headers = {name: columns.get(name, name) for name in (*REQUIRED, *OPTIONAL)}
    known = {their: our for our, their in headers.items()}
    with as_table(path, known.get) as text:
        separator, names = read_header(text, path, known.get)
        if lacking := [headers[name] for name in REQUIRED if headers[name] not in names]:
            raise UserError(
                f"{path}: line 1 lacks the columns {', '.join(lacking)}; found "
                f"{' '.join(', '.join(names).split())[:200] or 'nothing'}; a row an option is "
                "wanted (docs/data.md)"
            )
        for line, row in _strict(text, path, separator):
            if not any(cell.strip() for cell in row):
                continue
            if len(row) < len(names):
                raise UserError(
                    f"{path}: line {line} has {len(row)} fields, the header {len(names)}; add "
                    "what is missing, perhaps as empty fields"
                )
            cells = dict(zip(names, row, strict=True))
            yield (
                line,
                {our: cells[their].strip() for their, our in known.items() if their in cells},
            )


def _strict(text: Text, path: Path, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Line and fields of each row after the header."""
    # a lone carriage return ends no line, and the csv reader refuses it outside quotes
    with text.file.open(encoding="utf-8-sig", newline="\n") as lines:
        try:
            by_row = bool(text.separator)
            rows = strict_rows(lines, separator, by_row=by_row, swallows=_names_a_question)
            yield from islice(rows, 1, None)
        except FaultyLine as fault:
            raise UserError(f"{path}: {fault}") from None


def _names_a_question(row: Sequence[str], separator: str, _width: int) -> bool:
    """Whether an entry of several lines has the id of a question between separators.

    A swallowed row has; a wording may have as many separators as one.
    """
    inner = (re.split(rf"[{separator}\r\n]", cell) for cell in row if "\n" in cell)
    return any(re.fullmatch(r"Q\d+\s*", part) for parts in inner for part in parts)


def _parsed(path: Path, line: int, row: Mapping[str, str]) -> dict[str, Any]:
    """A row with numbers and truth values in place of text."""

    def refuse(column: str, rule: str) -> UserError:
        return UserError(f"{path}: line {line}: {column} is {row[column]!r}; it must be {rule}")

    try:
        topic = topic_of(row["question"])
    except ValueError:
        raise refuse("question", "the id of a question, Q1 to Q259") from None
    code = without_zeros(row["code"])
    ordinal, place = row.get("ordinal", ""), without_zeros(row.get("place", ""))
    for name in row.keys() - {"wording", "introduction"}:
        if set(row[name]) & set("\r\n"):
            raise refuse(name, "on one line; an unclosed quote?")
    if not is_count(code.removeprefix("-")):
        raise refuse("code", "a whole number, the code of the answer; negative ones are missing")
    if ordinal.lower() not in ("", *YES, *NO):
        raise refuse("ordinal", "true, false or empty")
    if place and not is_count(place):
        raise refuse("place", "a whole number from 0, or empty")
    return {
        "question": row["question"],
        "topic": row.get("topic") or topic,
        "wording": row["wording"],
        "code": int(code),
        "option": row["option"],
        "ordinal": ordinal.lower() in YES if ordinal else None,
        "place": int(place) if place else None,
        "introduction": row.get("introduction"),
        "line": line,
    }


def is_count(text: str) -> bool:
    """Whether a text is a whole number from 0, of nine digits at most."""
    return text.isascii() and text.isdigit() and len(text) <= 9


def _filled(part: pl.DataFrame) -> pl.DataFrame:
    """One question with topic, ordinal and place."""
    question, codes = part["question"][0], part["code"].to_list()
    ordinal, places = order_of(question, codes)
    if part["place"].is_not_null().any():
        ordinal, places = True, part["place"].to_list()
    stated = part["ordinal"].drop_nulls()
    if len(stated) and stated[0] != ordinal:
        ordinal = stated[0]
        ranks: list[int | None] = [sorted(codes).index(code) for code in codes]
        places = ranks if ordinal else part["place"].to_list()
    return part.with_columns(
        pl.col("topic").fill_null(topic_of(question)),
        pl.col("ordinal").fill_null(ordinal),
        pl.Series("place", places, pl.Int64),
    )


def _faults(part: pl.DataFrame) -> Iterator[tuple[dict[str, Any], str]]:
    """Rows of a question that break a rule, and which."""
    rows = list(part.iter_rows(named=True))
    seen: dict[tuple[str, Any], None] = {}
    for row in rows:
        for name in ("wording", "option"):
            if not (row[name] or "").strip():
                yield row, f"the {name} is empty; every option needs one"
        for name in ("wording", "topic", "ordinal"):
            if row[name] != rows[0][name]:
                yield row, f"{name} {row[name]!r} differs from {rows[0][name]!r} in its first row"
        for name in ("code", "option"):
            key = (name, row[name].casefold() if name == "option" else row[name])
            if key in seen:
                yield row, f"{name} {row[name]!r} occurs twice; each option needs its own"
            seen[key] = None
    if len(rows) < 2:
        yield rows[0], "has one option; a question needs two, so add the others or remove it"
    places = sorted(row["place"] for row in rows if row["place"] is not None)
    if rows[0]["ordinal"] and (places != list(range(len(places))) or len(places) < 2):
        yield rows[0], f"its places are {listed(places)}; an order is 0, 1, ... with each once"
    if not rows[0]["ordinal"] and places:
        yield rows[0], "has places though it is not ordinal; remove them, or set ordinal to true"


def listed(values: Sequence[int]) -> str:
    """``1, 2, 3`` for a message."""
    return ", ".join(map(str, values)) or "none"
