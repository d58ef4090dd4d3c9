"""The poles compared: whoever else is in the run."""

import polars as pl
import pytest

from culturalign.data.survey.country_comparison import compare_countries
from culturalign.data.survey.human_shares import human_shares
from tests.unit.data.survey.people import answers_of

POLES = ("DEU", "RUS")
SURVEY = {"weighted": False, "tension": 2, "hybrid": "divergence", "repeats": 20, "seed": 0}


def compared(answers, others=()):
    human = human_shares(answers, POLES, others=others)
    return compare_countries(
        human, answers.lazy(), POLES, survey=SURVEY, evaluation={"resamples": 50}
    )


def test_a_third_country_does_not_move_the_poles():
    """Q254: only Americans chose code 5."""
    two = answers_of(
        DEU={"Q254": [1, 1, 2, 4], "Q9": [1, 1, 1, 2]},
        RUS={"Q254": [1, 2, 2, 3], "Q9": [1, 2, 2, 2]},
    )
    three = pl.concat([two, answers_of(USA={"Q254": [1, 5, 5, 5], "Q9": [1, 1, 2, 2]})])
    alone, joined = compared(two), compared(three, ["USA"])
    assert alone.poles.equals(joined.poles) and alone.tension.equals(joined.tension)
    assert alone.floor.equals(joined.floor.filter(pl.col("country") != "USA"))
    # cumulated .5 .75 .75 and .25 .75 1 differ by .25, 0 and .25, over three steps
    moved = joined.poles.filter(question="Q254")["emd"].item()
    assert moved == pytest.approx(0.5 / 3)
