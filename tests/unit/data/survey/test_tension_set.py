"""The tension set of two countries, and how firm it is."""

import math

import polars as pl
import pytest

from culturalign.data.survey.tension_set import country_distances, tension_set
from culturalign.stats.distances import emd, emd_free, js_distance, js_divergence
from tests.unit.data.survey.people import PAIR, human

FAR, NEAR, SAME = ([1, 0], [0, 1]), ([0.6, 0.4], [0.4, 0.6]), ([0.3, 0.7], [0.3, 0.7])


def test_countries_are_compared_question_by_question():
    found = country_distances(human(Q10=NEAR, Q9=FAR), PAIR)
    assert found["question"].to_list() == ["Q9", "Q10"]
    distances = [float(measure(*NEAR)) for measure in (js_distance, js_divergence, emd, emd_free)]
    assert found.row(1)[1:] == pytest.approx([*distances, 2])


def test_the_set_is_ranked_by_the_mean_of_divergence_or_distance_and_emd():
    found = tension_set(human(Q1=SAME, Q2=NEAR, Q3=FAR), PAIR, size=2)
    assert found.select("question", "rank", "other_rank").rows() == [("Q3", 1, 1), ("Q2", 2, 2)]
    expected = [(math.log(2) + 1) / 2, (float(js_divergence(*NEAR)) + 0.2) / 2]
    assert found["combo"].to_list() == pytest.approx(expected)
    assert found["half_share"].to_list() == [None, None]
    found = tension_set(human(Q3=FAR), PAIR, form="distance")
    assert found["combo"].to_list() == pytest.approx([(math.sqrt(math.log(2)) + 1) / 2])


def test_the_two_forms_of_js_can_rank_differently():
    # Q1: disjoint neighbors of 11 options, JS ln 2 = 0.693 and EMD 1/10;
    # Q2: JS 0.179 and EMD 0.58. Divergence: 0.397, 0.380; distance: 0.466, 0.502
    people = human(Q1=([1] + [0] * 10, [0, 1] + [0] * 9), Q2=([0.79, 0.21], [0.21, 0.79]))
    found = tension_set(people, PAIR)
    assert found["question"].to_list() == ["Q1", "Q2"]
    assert tension_set(people, PAIR, form="distance")["question"].to_list() == ["Q2", "Q1"]


def test_the_score_as_run_is_js_in_base_2_and_position_free_emd():
    certain, even = [1, 0, 0, 0], [0.25] * 4
    (score,) = tension_set(human(Q1=(certain, even)), PAIR, form="as_run")["combo"]
    # JS 0.3804 nats = 0.5488 bits; sorted values differ by 0.25 three times and by 0.75; K - 1 = 3
    assert score == pytest.approx((math.sqrt(0.548795) + 0.375 / 3) / 2, abs=1e-6)


def test_the_scores_as_written_and_as_run_can_rank_differently():
    # Q1: disjoint neighbors of 11 options, as written (0.693 + 0.1) / 2, as run (1 + 0) / 2;
    # Q2: as written (0.368 + 0.8) / 2, as run (0.729 + 0) / 2
    people = human(Q1=([1] + [0] * 10, [0, 1] + [0] * 9), Q2=([0.9, 0.1], [0.1, 0.9]))
    found = tension_set(people, PAIR)
    assert found.select("question", "rank", "other_rank").rows() == [("Q2", 1, 2), ("Q1", 2, 1)]
    found = tension_set(people, PAIR, form="as_run")
    assert found.select("question", "rank", "other_rank").rows() == [("Q1", 1, 2), ("Q2", 2, 1)]
    (outside,) = tension_set(people, PAIR, size=1)["other_rank"]
    assert outside == 2


def test_equal_scores_are_ranked_by_question_number():
    # mirrored answers are exactly as far apart, up to rounding
    people = human(Q10=NEAR, Q9=(NEAR[0][::-1], NEAR[1][::-1]), Q100=NEAR)
    assert tension_set(people, PAIR, size=2)["question"].to_list() == ["Q9", "Q10"]
    assert tension_set(people, PAIR)["question"].to_list() == ["Q9", "Q10", "Q100"]


def test_halves_of_the_respondents_keep_or_lose_questions():
    people = human(Q1=FAR, Q2=NEAR, Q3=SAME)
    found = tension_set(people, PAIR, size=2, halves=[people, human(Q1=FAR, Q2=SAME, Q3=NEAR)])
    assert found.select("question", "half_share").rows() == [("Q1", 1.0), ("Q2", 0.5)]
    unasked = people.filter((pl.col("question") != "Q1") | (pl.col("country") == "CHN"))
    found = tension_set(people, PAIR, size=2, halves=[unasked])
    assert found["half_share"].to_list() == [0.0, 1.0]


def test_a_half_keeps_the_codes_that_only_the_others_gave():
    # over K - 1 = 2 the step of Q1 is half, and Q2 is first; without code 3 Q1 would be first
    people = human(Q1=([0.5, 0.5, 0], [0, 0.9, 0.1]), Q2=([0.9, 0.1], [0.2, 0.8]))
    half = pl.concat([human(Q1=([1, 0], [0, 1])), human(Q2=([1, 0], [0.05, 0.95]))])
    found = tension_set(people, PAIR, size=1, halves=[half])
    assert found.rows()[0][0] == "Q2"
    assert found["half_share"].to_list() == [1.0]
