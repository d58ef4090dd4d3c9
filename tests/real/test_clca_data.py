"""The shipped scenarios against the survey's real wordings."""

import os
from pathlib import Path

import polars as pl
import pytest

from culturalign.clca.guard import Guard
from culturalign.clca.scenarios import read_scenarios
from culturalign.survey import human, importers, wvs
from tests import tiny

DATA = Path(os.environ.get("CULTURALIGN_REAL_DATA", tiny.ROOT / "../shared/data/real")).resolve()
FILE = DATA / "WVS_Cross-National_Wave_7_csv_v6_0.csv"
pytestmark = pytest.mark.skipif(
    not FILE.exists(),
    reason="no real WVS file; set CULTURALIGN_REAL_DATA to its folder (docs/data.md)",
)
SCENARIOS = sorted((tiny.ROOT / "resources/clca/scenarios").glob("*.yaml"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_scenario_repeats_a_question_of_the_world_values_survey(language):
    answers, _ = wvs.read_wave7(FILE, ("USA", "CHN"))
    shares = human.human_shares(answers, ("USA", "CHN"))
    table = importers.from_json(DATA / f"wvs_questions.{language}.json", shares).questionnaire
    guard = Guard([table])
    worded = table.select(pl.col("wording").str.len_chars().max()).item()
    assert len(guard.runs) > 100 and worded > 20
    texts = [t for path in SCENARIOS for s in read_scenarios([path], language)
             for t in s.texts(language)]  # fmt: skip
    assert not [text for text in texts if guard.repeated(text)]
    long = max(table["wording"].to_list(), key=len)
    assert guard.repeated(f"Well. {long}")
