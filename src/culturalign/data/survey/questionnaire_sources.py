"""Questionnaires from other sources: simple JSON, WorldValuesBench's codebook.

Nothing is guessed: a question whose codes stay unclear is left out and named with the reason.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from culturalign.data.survey.questionnaire import build, check_questionnaire, is_count
from culturalign.data.survey.topics import in_order, topic_of
from culturalign.errors import UserError

SCALE = re.compile(r"On a scale of \d+ to \d+, \d+ meaning '.+' and \d+ meaning '.+?', *")
"""How WorldValuesBench begins its questions. Its numbers are its own (Q56, Q119) or would stand
beside the labels of our prompts, so the sentence goes where the options say the same."""


VARIABLE = re.compile(r"Q[1-9]\d*(?:[A-Z]|_\d+)?", re.ASCII)
"""Name of a variable of the survey; those without a topic, such as Q262 or Q234A, are left out."""


class Imported(NamedTuple):
    """A questionnaire, and question -> why it could not be taken over."""

    questionnaire: pl.DataFrame
    refused: dict[str, str]


def from_json(path: Path, human: pl.DataFrame) -> Imported:
    """Import a JSON list of ``{id, question, options}``, options in the order of their codes.

    The codes are those that respondents used. If there are more options than these, some option
    was chosen by nobody: then the codes are the numbers from the smallest to the largest used,
    if there are as many of them as options. Else the question is refused.

    Args:
        path: The file.
        human: From :func:`culturalign.survey.human.human_shares`; other questions are ignored.

    Raises:
        UserError: If the file is not such a list, or breaks a rule of questionnaires.
    """
    used = {
        str(question): sorted(set(part.filter(pl.col("count") > 0)["code"]))
        for (question,), part in human.group_by("question")
    }
    rows: list[dict[str, Any]] = []
    refused: dict[str, str] = {}
    for number, (question, wording, options) in enumerate(_entries(path), 1):
        if question not in used:
            continue
        codes = _codes(used[question], len(options))
        if codes is None:
            refused[question] = (
                f"{len(options)} options, but respondents used the codes "
                f"{', '.join(map(str, used[question]))}"
            )
            continue
        if question in {row["question"] for row in rows}:
            raise UserError(f"{path}: entry {number}: {question} occurs twice; remove one")
        rows += _question(question, wording, dict(zip(codes, options, strict=True)))
    return _imported(rows, refused, path)


def from_worldvaluesbench(metadata: Path, codebook: Path) -> Imported:
    """Import WorldValuesBench (Zhao et al. 2024), github.com/Demon702/WorldValuesBench.

    Wordings come from ``question_metadata.json``, options from ``codebook.json``, both under
    ``dataset_construction``. The wordings are that project's, not those put to respondents.
    Questions it words no wording for, such as Q152 to Q157, are refused: the codebook's titles
    are no questions.

    Args:
        metadata: JSON object, id -> ``question``, ``use_case`` and more.
        codebook: JSON object, id -> ``question``, ``choices`` (code as text -> label; negative
            codes are missing answers) and more.

    Raises:
        UserError: If a file is not such an object.
    """
    worded, coded = (_object(path) for path in (metadata, codebook))
    rows: list[dict[str, Any]] = []
    refused: dict[str, str] = {}
    for question, entry in coded.items():
        if not _is_question(question):
            continue
        choices = _field(entry, "choices", dict, codebook, question)
        options = {int(code): _clean(label) for code, label in choices.items() if _valid(code)}
        if question not in worded:
            refused[question] = f"no wording in {metadata.name}"
        elif len(options) < 2:
            refused[question] = f"{len(options)} options with a valid code in {codebook.name}"
        else:
            wording = _clean(_field(worded[question], "question", str, metadata, question))
            rows += _question(question, _without_scale(wording, options), options)
    return _imported(rows, refused, codebook)


def count_questions(path: Path) -> int:
    """Number of questions of a JSON questionnaire of either form.

    Everything is checked but the codes of a list, which only the survey's respondents tell.

    Raises:
        UserError: If the file is no such questionnaire.
    """
    if not isinstance(read_json(path), list):
        found = from_worldvaluesbench(path, path.with_name("codebook.json"))
        return found.questionnaire["question"].n_unique()
    if questions := {question for question, _, _ in _entries(path) if _is_question(question)}:
        return len(questions)
    raise _wordless(path)


def _wordless(path: Path) -> UserError:
    return UserError(f"{path}: words none of the questions; is it the right file?")


def _imported(rows: list[dict[str, Any]], refused: dict[str, str], path: Path) -> Imported:
    if not rows:
        raise _wordless(path)
    table = check_questionnaire(build(rows), str(path))
    return Imported(table, {name: refused[name] for name in in_order(refused)})


def _codes(used: Sequence[int], options: int) -> list[int] | None:
    """Codes of so many options, smallest first; None if that is unclear."""
    if options == len(used):
        return list(used)
    span = list(range(used[0], used[-1] + 1))
    return span if options == len(span) else None


def _question(question: str, wording: str, options: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    for code, option in options.items():
        yield {"question": question, "wording": wording, "code": code, "option": option}


def _entries(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    found = read_json(path)
    if not isinstance(found, list):
        raise UserError(f"{path}: must hold a list of questions, holds {_kind(found)}")
    for number, entry in enumerate(found, 1):
        where = f"entry {number}"
        question = _field(entry, "id", str, path, where).strip()
        if not VARIABLE.fullmatch(question):
            raise UserError(
                f"{path}: {where}: id is {question!r}; it must be the id of a question, such as "
                "Q118; correct it"
            )
        wording = _clean(_field(entry, "question", str, path, where))
        options = _field(entry, "options", list, path, where)
        if other := [option for option in options if not isinstance(option, str)]:
            raise UserError(
                f"{path}: {where}: options must be texts, one is {_kind(other[0])}; correct it"
            )
        yield question, wording, [_clean(option) for option in options]


def _object(path: Path) -> dict[str, Any]:
    found = read_json(path)
    if not isinstance(found, dict):
        raise UserError(f"{path}: must hold an object by question, holds {_kind(found)}")
    return found


def read_json(path: Path) -> Any:
    """What a JSON file holds.

    Raises:
        UserError: If it is missing, not UTF-8, or no JSON that can be read.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; correct survey.questionnaires") from None
    except UnicodeDecodeError as bad:
        raise UserError(f"{path}: not UTF-8 at byte {bad.start}; save it as UTF-8") from None
    except json.JSONDecodeError as bad:
        raise UserError(
            f"{path}: line {bad.lineno}, column {bad.colno}: {bad.msg}; an interrupted download? "
            "Correct it, or download it again"
        ) from None
    except (ValueError, RecursionError) as error:  # a number too long, lists too deep
        raise UserError(f"{path}: no questionnaire ({error}); download it again") from None


def _field(entry: Any, name: str, kind: type, path: Path, where: str) -> Any:
    value = entry.get(name) if isinstance(entry, dict) else None
    if not isinstance(value, kind):
        raise UserError(
            f"{path}: {where}: {name!r} must be {kind.__name__}, is {_kind(value)}; correct it"
        )
    return value


def _kind(value: Any) -> str:
    return "missing" if value is None else type(value).__name__


def _is_question(name: str) -> bool:
    try:
        topic_of(name)
    except ValueError:
        return False
    return True


def _valid(code: str) -> bool:
    """Negative codes are missing answers."""
    return is_count(code)


def _clean(text: str) -> str:
    return " ".join(text.split())


def _without_scale(wording: str, options: Mapping[int, str]) -> str:
    """A wording without its scale sentence, unless an end of the scale is labeled in it alone."""
    ends = options[min(options)], options[max(options)]
    rest = SCALE.sub("", wording, count=1)
    if rest == wording or not rest or any(end.isdigit() for end in ends):
        return wording
    return rest[0].upper() + rest[1:]
