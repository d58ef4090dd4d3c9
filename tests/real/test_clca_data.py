"""The shipped scenarios, cards and prompts against the survey's real wordings."""

import os
from pathlib import Path

import polars as pl
import pytest

from culturalign.clca.decontamination import Guard
from culturalign.data.survey import human_shares, questionnaire_json, wvs
from tests import tiny
from tests.unit.clca.scripted import shipped

DATA = Path(os.environ.get("CULTURALIGN_REAL_DATA", tiny.ROOT / "../shared/data/real")).resolve()
FILE = DATA / "WVS_Cross-National_Wave_7_csv_v6_0.csv"
pytestmark = pytest.mark.skipif(
    not FILE.exists(),
    reason="no real WVS file; set CULTURALIGN_REAL_DATA to its folder (docs/data.md)",
)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_shipped_repeats_a_question_of_the_world_values_survey(language):
    answers = wvs.read_survey(FILE, ("USA", "CHN")).answers
    shares = human_shares.human_shares(answers, ("USA", "CHN"))
    table = questionnaire_json.from_json(
        DATA / f"wvs_questions.{language}.json", shares
    ).questionnaire
    guard = Guard([table])
    worded = table.select(pl.col("wording").str.len_chars().max()).item()
    assert len(guard.runs) > 100 and worded > 20
    for country in ("USA", "CHN"):
        guard.refuse(shipped(country, language).texts(), "reword it")
    long = max(table["wording"].to_list(), key=len)
    assert guard.repeated(f"Well. {long}")
