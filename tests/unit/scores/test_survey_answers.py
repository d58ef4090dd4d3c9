from math import log

import polars as pl
import pytest

from culturalign.artifacts.option_samples import SURVEY_SAMPLES
from culturalign.scores.survey_answers import model_answers, model_checks

# Two options, two orders. Plain order: 0.3 and 0.1 of all probability, so 0.75 and 0.25.
# Reversed: option 2 stands first with 0.3, option 1 second with 0.2: 0.6 and 0.4.
ROWS = [
    ("Q1", 0, 0, 1, "1", log(0.3)), ("Q1", 0, 1, 2, "2", log(0.1)), ("Q1", 1, 0, 2, "1", log(0.3)),
    ("Q1", 1, 1, 1, "2", log(0.2)),
]  # fmt: skip
SAMPLE = pl.DataFrame(ROWS, schema=SURVEY_SAMPLES.schema, orient="row")


@pytest.mark.parametrize("shift", [0, -1000])
def test_shares_are_renormalized_within_an_order_and_averaged_over_orders(shift):
    answers = model_answers(SAMPLE.with_columns(pl.col("logprob") + shift))
    assert answers["code"].to_list() == [1, 2]
    assert answers["plain"].to_list() == pytest.approx([0.75, 0.25])
    assert answers["debiased"].to_list() == pytest.approx([(0.75 + 0.4) / 2, (0.25 + 0.6) / 2])


def test_mass_and_order_effect_which_one_order_does_not_have():
    checks = model_checks(SAMPLE).row(0, named=True)
    assert checks["mass_plain"] == pytest.approx(0.4)
    assert checks["mass_debiased"] == pytest.approx((0.4 + 0.5) / 2)
    # average 0.575; 0.75 and 0.4 are 0.175 away from it
    assert checks["order_effect"] == pytest.approx(0.175)
    plain = SAMPLE.filter(order=0)
    assert model_checks(plain)["order_effect"].to_list() == [None]  # nothing was measured
    answers = model_answers(plain)
    assert answers["plain"].to_list() == answers["debiased"].to_list()
