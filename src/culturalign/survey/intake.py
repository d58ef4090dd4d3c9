"""From a survey file and questionnaires to what models are asked and held against."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from culturalign.survey import human, wvs
from culturalign.survey.alignment import align, complete_codes
from culturalign.survey.importers import Imported, from_json, from_worldvaluesbench, read_json
from culturalign.survey.questionnaire import read_questionnaire


class Intake(NamedTuple):
    """Everything later jobs need of the survey.

    Attributes:
        answers: ``country, respondent, weight, question, code``.
        ledger: A row a country and question: valid answers and what was dropped, by reason.
        shares: ``country, question, code, count, share``, for all options of all questionnaires.
        questionnaires: Language -> questionnaire, restricted to the questions of the run.
        unworded: Language -> question -> why it is not asked.
        survey: What the file is, and the account of its respondents.
    """

    answers: pl.DataFrame
    ledger: pl.DataFrame
    shares: pl.DataFrame
    questionnaires: dict[str, pl.DataFrame]
    unworded: dict[str, dict[str, str]]
    survey: wvs.Wave7


def prepare(
    file: Path,
    questionnaires: Mapping[str, Path],
    *,
    poles: Sequence[str],
    others: Sequence[str],
    weighted: bool,
) -> Intake:
    """Read a survey, keep the questions asked in both poles, and word them.

    Args:
        file: Official wave-7 file.
        questionnaires: Language -> questionnaire file.
        poles: The two countries that decide which questions are asked.
        others: Further countries; they may lack some of the questions.
        weighted: Whether respondents are weighted.

    Raises:
        UserError: If a file breaks a rule.
    """
    survey = wvs.read_survey(file, [*poles, *others])
    answers, ledger = survey.answers, survey.ledger
    asked = human.asked_in_all(answers, poles)
    answers = answers.filter(pl.col("question").is_in(asked))
    used = shares = human.human_shares(answers, poles, weighted, others)
    tables: dict[str, pl.DataFrame] = {}
    unworded: dict[str, dict[str, str]] = {}
    for language, path in questionnaires.items():
        table, refused = read_any(path, used)
        aligned = align(table, used, language=language, source=str(path))
        tables[language] = aligned.questionnaire
        missing = dict.fromkeys(aligned.unworded, "no wording in this language")
        unworded[language] = missing | {q: why for q, why in refused.items() if q in missing}
        shares = complete_codes(shares, aligned.questionnaire)
    return Intake(answers, ledger, shares, tables, unworded, survey)


def read_any(path: Path, shares: pl.DataFrame) -> Imported:
    """Read a questionnaire in any of the forms we know, by its content.

    Args:
        path: Our csv; a JSON list of questions with options in the order of their codes; or
            WorldValuesBench's ``question_metadata.json``, beside its ``codebook.json``.
        shares: Human shares; they tell which codes were used.
    """
    if path.suffix != ".json":
        return Imported(read_questionnaire(path), {})
    if isinstance(read_json(path), list):
        return from_json(path, shares)
    return from_worldvaluesbench(path, path.with_name("codebook.json"))
