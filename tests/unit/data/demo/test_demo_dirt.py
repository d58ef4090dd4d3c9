from pathlib import Path

import polars as pl
import pytest

from culturalign.data.demo.demo_swow import GROUPS, read_lexicon, simulate_trials, soil
from culturalign.data.responses import clean_responses

LEXICON = sorted((Path(__file__).resolve().parents[4] / "resources/demo/lexicon").glob("*.yaml"))


def cleaned(trials, culture):
    mandarin = culture == "cn"
    return clean_responses(pl.DataFrame(trials), simplify_chinese=mandarin, merge_erhua=mandarin)


@pytest.mark.parametrize("culture", ["us", "cn"])
def test_dirt_is_there_and_cleaning_undoes_it(culture):
    trials = list(simulate_trials(read_lexicon(LEXICON, culture), GROUPS[culture], seed=0))
    dirty = list(soil(trials, culture, seed=0))
    before, after = cleaned(trials, culture), cleaned(dirty, culture)
    columns = ["cue", "response", "participant"]
    one, other = (x.responses.select(columns).cast(pl.String) for x in (after, before))
    assert one.sort(columns).equals(other.sort(columns))
    account = after.accounts[1]
    assert account.dropped["over-long"] > 0 and account.dropped["symbols only"] > 0
    assert account.added["several responses in a cell"] > 0
    kinds = {"traditional characters", "erhua", "surrounding symbols"}
    assert culture == "us" or kinds <= set(account.noted)


def test_the_same_seed_gives_the_same_dirt():
    trials = [{"cue": "cat", "R1": "dog", "R2": "fur", "R3": "#Missing"}] * 50
    assert list(soil(trials, "us", seed=1)) == list(soil(trials, "us", seed=1))
    assert list(soil(trials, "us", seed=1)) != list(soil(trials, "us", seed=2))
