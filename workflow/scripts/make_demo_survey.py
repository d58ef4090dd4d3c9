"""Entry of rule ``make_demo_survey``: survey and questionnaires of the demo world."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.data.demo import demo_respondents, demo_survey

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(*snakemake.output) as (survey, *questionnaires):
        questions = demo_survey.read_survey(Path(snakemake.input.questions[0]).parent)
        demo_respondents.write_wvs(survey, questions, seed=snakemake.params.seed)
        demo_survey.write_questionnaires(questions, questionnaires)
