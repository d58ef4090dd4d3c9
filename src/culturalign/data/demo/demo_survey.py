"""The survey of the demo world: synthetic questions, and the answers planted in them.

Questions and planted answers are in ``resources/demo/survey``. Nothing here is human data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.data.survey.topics import topic_of
from culturalign.files.yaml_file import read_plain


@dataclass(frozen=True)
class Question:
    """One question of the demo survey.

    Attributes:
        name: "Q1" to "Q259".
        wording: Language -> wording; a language without one is absent.
        options: Code -> label in each of ``LANGUAGES``; codes ascend.
        order: Codes from one end to the other; empty if nominal. A code left out is not a step.
        shares: Culture -> planted share of each option; a culture that was not asked is absent.
    """

    name: str
    wording: Mapping[str, str]
    options: Mapping[int, tuple[str, ...]]
    order: tuple[int, ...]
    shares: Mapping[str, tuple[float, ...]]

    @property
    def number(self) -> int:
        """27 of "Q27"."""
        return int(self.name[1:])


LANGUAGES = ("en", "zh")
CULTURES = {"us": "USA", "cn": "CHN"}


def read_survey(folder: Path) -> list[Question]:
    """Read the questions of a folder, whose ``scales.yaml`` also describes the layout.

    Returns:
        Questions in the order of their numbers.
    """
    scales = _read(folder / "scales.yaml")
    files = [file for file in sorted(folder.glob("*.yaml")) if file.name != "scales.yaml"]
    entries = [entry for file in files for entry in _read(file).items()]
    questions = [_question(name, entry, scales) for name, entry in entries]
    return sorted(questions, key=lambda question: question.number)


def _read(file: Path) -> dict[str, Any]:
    document: dict[str, Any] = read_plain(file)
    return document


def _question(name: str, entry: Mapping[str, Any], scales: Mapping[str, Any]) -> Question:
    named = entry["options"]
    options = _options(scales[named] if isinstance(named, str) else named)
    planted = {culture: entry.get(culture, entry.get("both")) for culture in CULTURES}
    return Question(
        name,
        {language: entry[language] for language in LANGUAGES if language in entry},
        options,
        tuple(entry.get("order", options)),
        {c: tuple(p / 100 for p in percents) for c, percents in planted.items() if percents},
    )


def _options(scale: Mapping[Any, Any]) -> dict[int, tuple[str, ...]]:
    if "steps" not in scale:
        return {code: tuple(scale[code]) for code in sorted(scale)}
    between = {code: (str(code),) * len(LANGUAGES) for code in range(2, scale["steps"])}
    return {1: tuple(scale["from"]), **between, scale["steps"]: tuple(scale["to"])}


def planted_shares(questions: Sequence[Question]) -> pl.DataFrame:
    """Planted answers: ``country, question, code, share``, where the question was asked."""
    rows = [
        (CULTURES[culture], question.name, code, share)
        for question in questions
        for culture, shares in question.shares.items()
        for code, share in zip(question.options, shares, strict=True)
    ]
    schema = {"country": pl.String, "question": pl.String, "code": pl.Int64, "share": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def write_questionnaires(questions: Sequence[Question], paths: Sequence[Path]) -> None:
    """Write the questionnaire of each of ``LANGUAGES``."""
    for language, path in zip(LANGUAGES, paths, strict=True):
        write_questionnaire(questions, language, path)


def write_questionnaire(questions: Sequence[Question], language: str, path: Path) -> None:
    """Write the questionnaire of a language: the questions that have a wording in it, as csv.

    Columns ``question, topic, wording, code, option, ordinal, place``, a row an option;
    ``place`` counts from 0 and is empty for an option outside the order.
    """
    column = LANGUAGES.index(language)
    rows = [
        {
            "question": question.name,
            "topic": topic_of(question.name),
            "wording": question.wording[language],
            "code": code,
            "option": labels[column],
            "ordinal": bool(question.order),
            "place": question.order.index(code) if code in question.order else None,
        }
        for question in questions
        if language in question.wording
        for code, labels in question.options.items()
    ]
    table = pl.DataFrame(rows, schema_overrides={"place": pl.Int64}, infer_schema_length=None)
    table.write_csv(path)
