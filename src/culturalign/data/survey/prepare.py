"""From a survey file and questionnaires to what models are asked and compared with."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.survey_data import (
    HUMAN_SHARES,
    QUESTIONNAIRE,
    SURVEY_ANSWERS,
    SURVEY_LEDGER,
)
from culturalign.data.normalize import VERSION
from culturalign.data.survey import human_shares, wvs
from culturalign.data.survey.matching import align, complete_codes, differing
from culturalign.data.survey.option_text import Removed
from culturalign.data.survey.questionnaire import Imported, read_questionnaire
from culturalign.data.survey.questionnaire_json import from_json
from culturalign.errors import UserError
from culturalign.files.data_file import DataFile, Release, write_json
from culturalign.files.large_losses import refuse_losses
from culturalign.files.ledger import Account, write_ledger
from culturalign.files.scripts import check_decoding

FEW = 2
"""Words that may look as if decoded twice by chance."""
UNWORDED = "no wording in this language"
UNCLEAR, DIFFERENT = "options without clear codes", "other options than in another language"
CAUSES = {
    UNCLEAR: "options left out, joined, or of another wave? A csv says the codes itself.",
    DIFFERENT: "a missing answer left in one, or another scale? Make codes and order agree.",
}
"""Why questions are dropped -> likely cause of a large loss."""


class Intake(NamedTuple):
    """Everything later jobs need of the survey.

    Attributes:
        answers: ``country, respondent, weight, question, code``.
        shares: ``country, question, code, count, share``, for all options of all questionnaires.
        questionnaires: Language -> questionnaire, restricted to the questions of the run.
        unworded: Language -> question -> why it is not asked.
        removed: Language -> what was removed from its wordings and options.
        survey: The whole file: its ledger, its release, the account of its respondents.
    """

    answers: pl.DataFrame
    shares: pl.DataFrame
    questionnaires: dict[str, pl.DataFrame]
    unworded: dict[str, dict[str, str]]
    removed: dict[str, Removed]
    survey: wvs.Wave7


def prepare(
    file: Path,
    questionnaires: Mapping[str, Path],
    *,
    poles: Sequence[str],
    others: Sequence[str],
    weighted: bool,
    most_dropped: float = 1.0,
    columns: Mapping[str, Mapping[str, str]] | None = None,
    facts: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
) -> Intake:
    """Read a survey, keep the questions asked in both poles, and word them.

    A question whose codes or order differ between the languages is asked in none.

    Args:
        file: Official wave-7 file.
        questionnaires: Language -> questionnaire file.
        poles: The two countries that decide which questions are asked.
        others: Further countries; they may lack some of the questions.
        weighted: Whether respondents are weighted.
        most_dropped: As for :func:`culturalign.files.large_losses.refuse_losses`.
        columns: Language -> our name -> header in its csv, where they differ.
        facts: Language -> its ``no_answer, option_headings, scripts``.

    Raises:
        UserError: If a file breaks a rule, or the languages have no question in common form.
    """
    survey = wvs.read_survey(file, [*poles, *others], weighted=weighted, most_dropped=most_dropped)
    asked = human_shares.asked_in_all(survey.answers, poles)
    answers = survey.answers.filter(pl.col("question").is_in(asked))
    used = shares = human_shares.human_shares(answers, poles, weighted, others)
    tables: dict[str, pl.DataFrame] = {}
    unworded: dict[str, dict[str, str]] = {}
    removed: dict[str, Removed] = {}
    for language, path in questionnaires.items():
        headers, own = (columns or {}).get(language, {}), (facts or {}).get(language, {})
        table, refused, removed[language] = read_any(path, used, headers, own)
        aligned = align(table, used, scripts=own.get("scripts", ()), source=str(path))
        tables[language] = aligned.questionnaire
        _refuse_lost(path, UNCLEAR, refused, table, most_dropped)
        missing = dict.fromkeys(aligned.unworded, UNWORDED)
        unworded[language] = missing | {q: why for q, why in refused.items() if q in missing}
    refused = differing(tables)
    for language, table in tables.items():
        path = questionnaires[language]
        tables[language] = _without(table, refused, str(path))
        lost = {q: why for q, why in refused.items() if q in set(table["question"])}
        _refuse_lost(path, DIFFERENT, lost, tables[language], most_dropped)
        unworded[language] |= lost
        shares = complete_codes(shares, tables[language])
    return Intake(answers, shares, tables, unworded, removed, survey)


def _refuse_lost(
    path: Path, reason: str, lost: Mapping[str, str], kept: pl.DataFrame, most: float
) -> None:
    """Refuse a questionnaire of which too many questions are lost, question -> why."""
    left = kept["question"].n_unique()
    account = Account("questions", left + len(lost), left, {reason: len(lost)})
    samples = {reason: [f"{question}: {why:.120}" for question, why in lost.items()]}
    refuse_losses(account, CAUSES, samples, path, most=most)


def _without(table: pl.DataFrame, refused: Mapping[str, str], source: str) -> pl.DataFrame:
    """The questionnaire without questions that differ between languages.

    Raises:
        UserError: If none is left.
    """
    kept = table.filter(~pl.col("question").is_in(list(refused)))
    if kept.is_empty():
        question, why = next(iter(refused.items()))
        raise UserError(
            f"{source}: all {table['question'].n_unique()} questions have other options in another "
            f"language's file, the first {question}: {why}; make codes and order agree"
        )
    return kept


def read_any(
    path: Path,
    shares: pl.DataFrame,
    columns: Mapping[str, str],
    words: Mapping[str, Sequence[str]],
) -> Imported:
    """Read a questionnaire of either form.

    Args:
        path: Our csv, or a JSON list of questions with options in the order of their codes.
        shares: Human shares; they show which codes were used.
        columns: Our name -> header in a csv, where they differ.
        words: ``no_answer, option_headings`` of the language.
    """
    if path.suffix == ".json":
        found = from_json(path, shares, words)
    else:
        found = read_questionnaire(path, columns, words)
    texts = [*found.questionnaire["wording"], *found.questionnaire["option"]]
    check_decoding({word for text in texts for word in text.split()}, path, "words", least=FEW)
    return found


def write(intake: Intake, file: Path, targets: Sequence[Path]) -> None:
    """Write everything.

    Args:
        intake: From :func:`prepare`.
        file: The survey file.
        targets: Answers, ledger, shares, questions not worded, account of the respondents, record
            of the survey file; then the questionnaire of each language.
    """
    answers, ledger, shares, unworded, respondents, source, *questionnaires = targets
    write_artifact(intake.answers, answers, SURVEY_ANSWERS)
    write_artifact(intake.survey.ledger, ledger, SURVEY_LEDGER)
    write_artifact(intake.shares, shares, HUMAN_SHARES)
    write_json(intake.unworded, unworded)
    write_ledger([intake.survey.account], respondents)
    record_of(intake, file).write(source)
    for table, path in zip(intake.questionnaires.values(), questionnaires, strict=True):
        write_artifact(table, path, QUESTIONNAIRE)


def record_of(intake: Intake, file: Path) -> DataFile:
    """The record of the survey file."""
    return DataFile.of(file, intake.survey.release, VERSION, intake.survey.encoding)


def summary(intake: Intake, file: Path, questionnaires: Mapping[str, Path]) -> str:
    """The lines that a job logs: each file, and the questions that each language words."""
    lines = [record_of(intake, file).summary(file)]
    for language, path in questionnaires.items():
        count = intake.questionnaires[language]["question"].n_unique()
        release = Release("questionnaire", language, {"questions asked": count}, [])
        lines.append(DataFile.of(path, release, VERSION).summary(path))
        unworded = intake.unworded[language]
        lines.append(f"{language}: {count} questions worded, {len(unworded)} not")
        lines += [f"{language}: {note}" for note in intake.removed[language].notes()]
        lines += [
            f"{language}: {question} not asked: {why}"
            for question, why in unworded.items()
            if why != UNWORDED
        ]
    return "\n".join(lines)
