"""Entry of rule ``draw_personas``: respondents in words, with their own answers."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from culturalign import jobs
from culturalign.clca import cards, personas
from culturalign.data.survey.wvs import read_survey
from culturalign.files.jsonl import write_jsonl

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    inputs, params = snakemake.input, snakemake.params
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.personas) as (path,):
        texts = personas.read_persona_texts(Path(inputs.texts))
        card = cards.read_card(Path(inputs.card), params.country, params.language)
        survey = read_survey(Path(inputs.survey), [params.country], list(texts.answers))
        worded = pl.read_parquet(inputs.questionnaire)["question"].to_list()
        rows = personas.draw_personas(
            survey.answers,
            pl.read_parquet(inputs.answers),
            personas.chosen_questions(worded, params.personas["questions"]),
            texts,
            country=params.country,
            name=card.name[params.language],
            respondents=params.personas["respondents"],
            seed=params.personas["seed"],
        )
        write_jsonl(rows, path)
