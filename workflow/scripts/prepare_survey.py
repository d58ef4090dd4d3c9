"""Entry of rule ``prepare_survey``: human shares, ledger and questionnaires."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.data.survey import prepare

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as targets:
        params, survey = snakemake.params, Path(snakemake.input.survey)
        files = map(Path, snakemake.input.questionnaires)
        questionnaires = dict(zip(params.languages, files, strict=True))
        found = prepare.prepare(
            survey,
            questionnaires,
            columns=params.columns,
            facts=params.facts,
            poles=params.poles,
            others=params.others,
            weighted=params.weighted,
            most_dropped=params.most_dropped,
        )
        prepare.write(found, survey, targets)
        jobs.note(prepare.summary(found, survey, questionnaires))
