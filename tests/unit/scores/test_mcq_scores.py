"""Which category an arm chose, from log-probabilities of the labels."""

import math

import polars as pl
import pytest

from culturalign.artifacts.option_samples import MCQ_SAMPLES
from culturalign.scores.mcq_scores import frequent_choices, score_choices


def answers(*orders):
    """Samples of one cue; for each order, category -> probability, in the order shown."""
    rows = [
        ("cat", number, place, category, str(place), math.log(p))
        for number, order in enumerate(orders)
        for place, (category, p) in enumerate(order.items())
    ]
    return pl.DataFrame(rows, schema=MCQ_SAMPLES.schema, orient="row")


def test_the_plain_order_and_the_average_over_orders_are_scored_apart_and_ties_are_shared():
    # a liking for the first place: plain says low; over both orders high has .35/.5 + .2/.5
    first = {"low": 0.2, "high": 0.15, "indirect": 0.1, "random": 0.05}
    second = {"high": 0.35, "low": 0.05, "indirect": 0.05, "random": 0.05}
    plain, debiased = score_choices(answers(first, second)).rows(named=True)
    assert (plain["scoring"], plain["low"], plain["high"]) == ("plain", 1, 0)
    assert (debiased["scoring"], debiased["low"], debiased["high"]) == ("debiased", 0, 1)
    assert (plain["mass"], debiased["mass"]) == pytest.approx((0.5, 0.5))
    tied = score_choices(answers(first | {"high": 0.2})).row(0, named=True)
    assert (tied["high"], tied["low"], tied["random"]) == (0.5, 0.5, 0)


def test_the_most_frequent_words_are_chosen_without_those_given_to_the_cue_itself():
    """Milk is given twice to another cue, paw never, fur twice, and car four times."""
    given = {"high": ["milk", "paw"], "low": ["fur"], "indirect": ["odd"], "random": ["car"]}
    people = pl.DataFrame(
        [("cat", "paw", 5), ("cat", "milk", 1), ("dog", "milk", 2), ("dog", "fur", 2),
         ("road", "car", 4)],
        schema=["cue", "response", "count"], orient="row",
    )  # fmt: skip
    found = frequent_choices([{"cue": "cat", "options": given}], people)
    assert found["scoring"].to_list() == ["plain", "debiased"] and found["mass"].is_null().all()
    assert found.row(0)[3:] == (0.0, 0.0, 0.0, 1.0)
    tie = frequent_choices([{"cue": "cat", "options": given | {"random": ["bus"]}}], people)
    assert tie.row(0)[3:] == (0.5, 0.5, 0.0, 0.0)
