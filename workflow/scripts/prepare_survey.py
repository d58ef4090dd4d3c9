"""Entry of rule ``prepare_survey``: human shares, ledger and questionnaires."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.survey_data import (
    HUMAN_SHARES,
    QUESTIONNAIRE,
    SURVEY_ANSWERS,
    SURVEY_LEDGER,
)
from culturalign.data import normalize
from culturalign.data.survey import prepare
from culturalign.files import record
from culturalign.files.ledger import write_ledger
from culturalign.files.release import Release

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    languages = snakemake.params.languages
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as paths:
        answers, ledger, human, unworded, respondents, source, *questionnaires = paths
        survey = Path(snakemake.input.survey)
        found = prepare.prepare(
            survey,
            {
                language: Path(file)
                for language, file in zip(languages, snakemake.input.questionnaires, strict=True)
            },
            columns=snakemake.params.columns,
            poles=snakemake.params.poles,
            others=snakemake.params.others,
            weighted=snakemake.params.weighted,
        )
        write_artifact(found.answers, answers, SURVEY_ANSWERS)
        write_artifact(found.ledger, ledger, SURVEY_LEDGER)
        write_artifact(found.shares, human, HUMAN_SHARES)
        write_ledger([found.survey.account], respondents)
        facts = record.record(
            survey, found.survey.release, found.survey.encoding, normalize.VERSION
        )
        record.write_record(source, facts)
        print(record.summary_line(survey, facts), file=sys.stderr)
        text = json.dumps(found.unworded, indent=2, ensure_ascii=False)
        unworded.write_text(text + "\n", encoding="utf-8")
        for language, path, file in zip(
            languages, questionnaires, map(Path, snakemake.input.questionnaires), strict=True
        ):
            table = found.questionnaires[language]
            write_artifact(table, path, QUESTIONNAIRE)
            questions = table["question"].n_unique()
            release = Release("questionnaire", language, {"questions asked": questions}, [])
            facts = record.record(file, release, record.encoding_of(file), normalize.VERSION)
            print(record.summary_line(file, facts), file=sys.stderr)
            print(
                f"{language}: {questions} questions worded, {len(found.unworded[language])} not",
                file=sys.stderr,
            )
