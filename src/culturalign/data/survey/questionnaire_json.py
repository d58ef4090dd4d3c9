"""Questionnaires as a JSON list of questions, whose codes are found in the survey's answers.

Nothing is guessed: a question whose codes stay unclear is left out and named with the reason.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.data.survey.option_text import Removed, Unclear, plain_question
from culturalign.data.survey.questionnaire import Imported, build, check_questionnaire, listed
from culturalign.data.survey.topics import in_order, topic_of
from culturalign.errors import UserError

VARIABLE = re.compile(r"Q[1-9]\d*(?:[A-Z]|_\d+)?", re.ASCII)
"""Name of a variable of the survey; those without a topic, such as Q262 or Q234A, are left out."""


def from_json(
    path: Path, human: pl.DataFrame, words: Mapping[str, Sequence[str]] | None = None
) -> Imported:
    """Import a JSON list of ``{id, question, options}``, options in the order of their codes.

    Or a mapping ``{introduction, questions}`` of the survey's introduction and such a list.

    The codes are those that respondents used. If there are more options than these, nobody chose
    some option: then the codes are the whole numbers from the smallest to the largest used, if
    there are as many of them as options. Else the question is refused.

    Args:
        path: The file.
        human: From :func:`culturalign.data.survey.human_shares.human_shares`; other questions are
            ignored.
        words: ``no_answer, option_headings`` of the language.

    Raises:
        UserError: If the file is not such a list, or breaks a rule of questionnaires.
    """
    rows: list[dict[str, Any]] = []
    refused: dict[str, str] = {}
    removed = Removed()
    chosen = human.filter(pl.col("count") > 0)
    given, entries = _read(path)
    introduction = removed.decoded("the introduction", given or "") or None
    for number, (question, wording, options) in enumerate(entries, 1):
        used = chosen.filter(question=question)["code"].unique().sort().to_list()
        if not used:
            continue
        if question in {row["question"] for row in rows} | refused.keys():
            raise UserError(f"{path}: entry {number}: {question} occurs twice; remove one")
        try:
            plain = plain_question(
                question, wording, options, partial(_codes, used, options), words or {}, removed
            )
        except Unclear as why:
            refused[question] = str(why)
            continue
        rows += [
            {"question": question, "wording": plain.wording, "code": code, "option": option}
            for code, option in zip(plain.codes, plain.options, strict=True)
        ]
    if not rows:
        raise _wordless(path, refused)
    table = check_questionnaire(build(rows, introduction), str(path))
    return Imported(table, {name: refused[name] for name in in_order(refused)}, removed)


def count_questions(path: Path) -> int:
    """Number of questions of a JSON questionnaire.

    Everything is checked but the codes, which only the answers of the survey show.

    Raises:
        UserError: If the file is not such a questionnaire.
    """
    if questions := {question for question, _, _ in _read(path)[1] if _has_topic(question)}:
        return len(questions)
    raise _wordless(path, {})


def _wordless(path: Path, refused: Mapping[str, str]) -> UserError:
    if not refused:
        return UserError(f"{path}: words none of the questions; is it the right file?")
    first = in_order(refused)[0]
    return UserError(
        f"{path}: none of its {len(refused)} questions can be taken, the first {first}: "
        f"{refused[first]}"
    )


def _has_topic(question: str) -> bool:
    try:
        return bool(topic_of(question))
    except ValueError:
        return False


def _codes(used: Sequence[int], options: Sequence[str], places: Sequence[int]) -> list[int]:
    """Codes of the options at some places, smallest first.

    Raises:
        Unclear: If respondents used others, so that it is not clear which is which.
    """
    span = list(range(used[0], used[-1] + 1))
    for codes in (list(used), span):
        if len(codes) == len(places):
            return codes
    left_out = [option for place, option in enumerate(options) if place not in places]
    but = f" without {', '.join(map(repr, left_out))}" if left_out else ""
    raise Unclear(
        f"{len(places)} options{but}, but respondents used the codes {listed(used)}; add what is "
        "missing, and leave out options that stand for a missing answer (Don't know)"
    )


def _read(path: Path) -> tuple[str | None, Iterator[tuple[str, str, list[str]]]]:
    """The survey's introduction, if there is one, and the questions."""
    found, introduction = _read_json(path), None
    if isinstance(found, dict):
        if other := sorted(found.keys() - {"introduction", "questions"}):
            raise UserError(
                f"{path}: unknown key {other[0]!r}; a mapping has introduction and questions"
            )
        if "introduction" in found:
            introduction = _field(found, "introduction", str, str(path)).strip() or None
        found = _field(found, "questions", list, str(path))
    if not isinstance(found, list):
        raise UserError(f"{path}: must hold a list of questions, holds {_kind(found)}")
    return introduction, _entries(path, found)


def _entries(path: Path, found: Sequence[Any]) -> Iterator[tuple[str, str, list[str]]]:
    for number, entry in enumerate(found, 1):
        where = f"{path}: entry {number}"
        question = _field(entry, "id", str, where).strip()
        if not VARIABLE.fullmatch(question):
            raise UserError(
                f"{where}: id is {question!r}; it must be the id of a question, such as Q118; "
                "correct it"
            )
        wording = _clean(_field(entry, "question", str, where))
        options = _field(entry, "options", list, where)
        if other := [option for option in options if not isinstance(option, str)]:
            raise UserError(f"{where}: options must be texts, one is {_kind(other[0])}; correct it")
        _refuse_codes(entry, options, where)
        yield question, wording, [_clean(option) for option in options]


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_keys_once)
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; correct survey.questionnaires") from None
    except UnicodeDecodeError as bad:
        raise UserError(f"{path}: not UTF-8 at byte {bad.start}; save it as UTF-8") from None
    except json.JSONDecodeError as bad:
        raise UserError(
            f"{path}: line {bad.lineno}, column {bad.colno}: {bad.msg}; an interrupted download? "
            "Correct it, or download it again"
        ) from None
    except KeyError as twice:
        raise UserError(
            f"{path}: the key {twice} is there twice in one object; remove one"
        ) from None
    except (ValueError, RecursionError) as error:  # a number too long, lists too deep
        raise UserError(f"{path}: not a questionnaire ({error}); download it again") from None


def _keys_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object; Python's reader keeps the last of two equal keys.

    Raises:
        KeyError: With the key that is there twice.
    """
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise KeyError(key)
        found[key] = value
    return found


def _refuse_codes(entry: Mapping[str, Any], options: Sequence[str], where: str) -> None:
    """Refuse a number for each option: codes of its own, which would not be read."""
    for key, value in entry.items():
        each = list(value.values()) if isinstance(value, dict) else value
        numbers = isinstance(each, list) and all(isinstance(code, int | float) for code in each)
        if numbers and len(each) == len(options) > 0:
            raise UserError(
                f"{where}: {key!r} has a number for each option, but a JSON list has its options "
                "in the order of their codes; write a csv, which says the codes, or put the "
                f"options in that order and remove {key!r}"
            )


def _field(entry: Any, name: str, kind: type, where: str) -> Any:
    value = entry.get(name) if isinstance(entry, dict) else None
    if not isinstance(value, kind):
        raise UserError(f"{where}: {name!r} must be {kind.__name__}, is {_kind(value)}; correct it")
    return value


def _kind(value: Any) -> str:
    return "missing" if value is None else type(value).__name__


def _clean(text: str) -> str:
    return " ".join(text.split())
