"""Entry of rule ``prepare_survey``: human shares, ledger and questionnaires."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs, sources
from culturalign.ledger import write_ledger
from culturalign.survey import intake

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    languages = snakemake.params.languages
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as paths:
        answers, ledger, human, unworded, respondents, source, *questionnaires = paths
        survey = Path(snakemake.input.survey)
        found = intake.prepare(
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
        found.answers.write_parquet(answers)
        found.ledger.write_parquet(ledger)
        found.shares.write_parquet(human)
        write_ledger([found.survey.account], respondents)
        release = found.survey.release
        sources.write_record(source, sources.record(survey, release, found.survey.encoding))
        for sentence in release.odd:
            print(f"Note: {survey}: {release.name}: {sentence}", file=sys.stderr)
        text = json.dumps(found.unworded, indent=2, ensure_ascii=False)
        unworded.write_text(text + "\n", encoding="utf-8")
        for language, path in zip(languages, questionnaires, strict=True):
            table = found.questionnaires[language]
            table.write_parquet(path)
            print(
                f"{language}: {table['question'].n_unique()} questions worded, "
                f"{len(found.unworded[language])} not",
                file=sys.stderr,
            )
