"""Distances between distributions, by hand, by their properties, and against scipy."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import jensenshannon

from culturalign.scores.survey_distances import score_arm
from culturalign.stats.distances import (
    emd,
    emd_places,
    entropy,
    js_distance,
    js_divergence,
    to_uniform,
)

PAIRED = [js_distance, js_divergence, emd]
MAXIMA = {js_distance: math.sqrt(math.log(2)), js_divergence: math.log(2)}
BRIBES_A, BRIBES_B = [0.33, 0.55, 0.10, 0.02], [0.04, 0.34, 0.36, 0.26]


@st.composite
def distributions(draw, number=2, least=2):
    """That many distributions over the same 2 to 8 options; zeros are common."""
    k = draw(st.integers(least, 8))
    weight = st.one_of(st.just(0.0), st.floats(1e-6, 1))
    rows = st.lists(weight, min_size=k, max_size=k).filter(lambda row: sum(row) > 0)
    return [np.array(row) / sum(row) for row in (draw(rows) for _ in range(number))]


def test_two_options_by_hand():
    p, q = [0.5, 0.5], [1.0, 0.0]
    # middle (3/4, 1/4)
    by_hand = (0.5 * math.log(2 / 3) + 0.5 * math.log(2) + math.log(4 / 3)) / 2
    assert js_divergence(p, q) == pytest.approx(by_hand)
    assert js_distance(p, q) == pytest.approx(math.sqrt(by_hand))
    assert emd(p, q) == pytest.approx(0.5)


def test_reversed_answers_are_as_far_apart_as_can_be():
    assert emd([1, 0], [0, 1]) == 1
    assert emd([1, 0, 0, 0], [0, 0, 0, 1]) == 1
    assert js_distance([1, 0], [0, 1]) == pytest.approx(0.83255, abs=1e-5)


def test_emd_counts_steps_over_k_minus_1():
    # half of the probability moves two of the four steps, the rest none
    assert emd([0.5, 0, 0, 0.5, 0], [0, 0, 0.5, 0.5, 0]) == pytest.approx(0.5 * 2 / 4)


def test_values_of_scipy():
    # jensenshannon(p, q) and wasserstein_distance(range(4), range(4), p, q) / 3 of scipy 1.17
    assert js_distance(BRIBES_A, BRIBES_B) == pytest.approx(0.4211677396016691)
    assert emd(BRIBES_A, BRIBES_B) == pytest.approx(0.3433333333333334)
    assert entropy(BRIBES_A) == pytest.approx(1.0031679859156903)
    assert js_distance([0.7, 0.3], [0.12, 0.88]) == pytest.approx(0.4335480366362523)


@given(distributions())
def test_agreement_with_scipy(pair):
    ranks = range(len(pair[0]))
    expected = stats.wasserstein_distance(ranks, ranks, *pair) / (len(pair[0]) - 1)
    assert emd(*pair) == pytest.approx(expected, abs=1e-9)
    # scipy takes the root of what rounding may leave below 0
    expected = np.nan_to_num(jensenshannon(*pair))
    assert js_distance(*pair) == pytest.approx(expected, abs=1e-7)
    assert entropy(pair[0]) == pytest.approx(stats.entropy(pair[0]))


@given(distributions())
@pytest.mark.parametrize("measure", PAIRED)
def test_bounds_and_symmetry(measure, pair):
    p, q = pair
    assert 0 <= measure(p, q) <= MAXIMA.get(measure, 1)
    assert measure(p, q) == measure(q, p)
    assert measure(p, p) == 0


@given(distributions(number=3))
@pytest.mark.parametrize("measure", [js_distance, emd])
def test_the_triangle_inequality_holds(measure, three):
    p, q, r = three
    assert measure(p, r) <= measure(p, q) + measure(q, r) + 1e-7


@given(distributions(number=6))
@pytest.mark.parametrize("measure", PAIRED)
def test_stacks_of_distributions_give_the_same_numbers(measure, six):
    p, q = np.array(six[:3]), np.array(six[3:])
    assert list(measure(p, q)) == pytest.approx(
        [float(measure(a, b)) for a, b in zip(p, q, strict=True)]
    )
    assert measure(p.reshape(3, 1, -1), q.reshape(3, 1, -1)).shape == (3, 1)


@given(distributions(), st.randoms(use_true_random=False))
def test_other_labels_change_neither_js_nor_entropy(pair, random):
    order = list(range(len(pair[0])))
    random.shuffle(order)
    p, q = pair
    assert js_divergence(p[order], q[order]) == pytest.approx(js_divergence(p, q), abs=1e-12)
    assert entropy(p[order]) == pytest.approx(entropy(p), abs=1e-12)


def test_other_labels_change_emd():
    assert emd([1, 0, 0], [0, 1, 0]) == 0.5
    assert emd([1, 0, 0], [0, 0, 1]) == 1.0


@given(distributions())
def test_emd_stays_when_both_ends_are_exchanged(pair):
    p, q = pair
    assert emd(p[::-1], q[::-1]) == pytest.approx(emd(p, q), abs=1e-12)


def test_the_smallest_probability_is_no_infinite_distance():
    assert js_divergence([5e-324, 1], [0, 1]) == 0


def test_entropy_and_distance_to_uniform():
    assert entropy([0.25] * 4) == pytest.approx(math.log(4))
    assert entropy([0, 1, 0]) == 0
    assert to_uniform([0.25] * 4) == 0
    assert to_uniform([1, 0]) == pytest.approx(js_distance([0.5, 0.5], [1, 0]))


@pytest.mark.parametrize("measure", PAIRED)
@pytest.mark.parametrize(
    ("p", "q", "fault"),
    [
        ([0.5, 0.5], [0.2, 0.3, 0.5], "different shapes"),
        ([1.0], [1.0], "two options"),
        ([1.5, -0.5], [0.5, 0.5], "not negative"),
        ([np.nan, 1.0], [0.5, 0.5], "finite"),
        ([0.5, 0.5], [0.5, 0.5 + 1e-5], "sum to 1"),
        ([0.0, 0.0], [0.5, 0.5], "sum to 1"),
    ],
)
def test_what_is_no_distribution_is_refused(measure, p, q, fault):
    with pytest.raises(ValueError, match=fault):
        measure(p, q)


@given(distributions())
def test_places_in_the_order_of_codes_change_nothing(pair):
    assert emd_places(*pair, list(range(len(pair[0])))) == pytest.approx(emd(*pair), abs=1e-9)


def test_places_put_the_options_into_their_true_order():
    # codes 1 better, 2 worse, 3 the same: worse and the same are neighbors
    p, q = [1, 0, 0], [0, 0, 1]
    assert emd(p, q) == 1
    assert emd_places(p, q, [0, 2, 1]) == 0.5


def test_options_outside_the_order_are_dropped_and_the_rest_renormalized():
    # "hard to say" takes half of p: what is left of p says never, all of q says always
    p, q = [0.5, 0.5, 0, 0], [0, 0, 0, 1]
    assert emd_places(p, q, [None, 0, 1, 2]) == 1


def test_a_distance_in_places_needs_two_places_and_something_on_them():
    p = [0.5, 0.5, 0]
    assert np.isnan(emd_places(p, p, [None, 0, None]))
    assert np.isnan(emd_places(p, [0, 0, 1.0], [0, 1, None]))
    found = emd_places([p, p], [[0, 0, 1.0], [0, 1, 0]], [0, 1, None])
    assert np.isnan(found[0])
    assert found[1] == 0.5
    with pytest.raises(ValueError, match="2 places for 3"):
        emd_places(p, p, [0, 1])


def human(shares):
    rows = [
        (question, country, code, share)
        for (question, country), line in shares.items()
        for code, share in line.items()
    ]
    return pl.DataFrame(rows, schema=["question", "country", "code", "share"], orient="row")


def questionnaire(**questions):
    """Question -> places; codes from 1."""
    rows = [
        (question, "Trust", code, any(p is not None for p in places), place)
        for question, places in questions.items()
        for code, place in enumerate(places, 1)
    ]
    schema = {"question": pl.String, "topic": pl.String, "code": pl.Int64, "ordinal": pl.Boolean,
              "place": pl.Int64}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def answers(**questions):
    rows = [
        (question, code, plain, debiased)
        for question, pair in questions.items()
        for code, (plain, debiased) in enumerate(zip(*pair, strict=True), 1)
    ]
    schema = {"question": pl.String, "code": pl.Int64, "plain": pl.Float64, "debiased": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def checks(*questions):
    return pl.DataFrame(
        {"question": questions, "mass_plain": 0.9, "mass_debiased": 0.8, "order_effect": 0.25}
    )


def test_an_arm_is_scored_against_every_country_plain_and_debiased():
    shares = {("Q9", "USA"): {1: 1.0, 2: 0.0}, ("Q9", "CHN"): {1: 0.5, 2: 0.5}}
    found = score_arm(
        answers(Q9=([0.0, 1.0], [0.5, 0.5])), checks("Q9"), human(shares), questionnaire(Q9=[0, 1])
    )
    assert found.select("country", "scoring", "emd", "mass").rows() == [
        ("CHN", "plain", 0.5, 0.9),
        ("CHN", "debiased", 0.0, 0.8),
        ("USA", "plain", 1.0, 0.9),
        ("USA", "debiased", 0.5, 0.8),
    ]
    assert found["order_effect"].to_list() == [0.25] * 4
    assert found["topic"].to_list() == ["Trust"] * 4
    last = found.row(3, named=True)
    assert last["js"] == pytest.approx(js_distance([0.5, 0.5], [1, 0]))
    assert last["js_divergence"] == pytest.approx(last["js"] ** 2)
    assert (last["entropy"], last["uniform_js"]) == (pytest.approx(math.log(2)), 0)
    assert last["emd_ordinal"] == 0.5
    assert found.columns == [
        "question", "topic", "country", "scoring", "js", "js_divergence", "emd", "emd_ordinal",
        "entropy", "uniform_js", "mass", "order_effect",
    ]  # fmt: skip


def test_questions_are_sorted_by_number_and_nominal_ones_have_no_ordinal_distance():
    half = ([0.5, 0.5], [0.5, 0.5])
    shares = {(q, "USA"): {1: 0.5, 2: 0.5} for q in ("Q10", "Q9")}
    found = score_arm(
        answers(Q10=half, Q9=half),
        checks("Q10", "Q9"),
        human(shares),
        questionnaire(Q9=[None, None], Q10=[1, 0]),
    )
    plain = found.filter(scoring="plain")
    assert plain.select("question", "emd_ordinal").rows() == [("Q9", None), ("Q10", 0.0)]


def test_codes_nobody_gave_have_no_share_and_questions_nobody_was_asked_no_row():
    shares = {("Q1", "USA"): {1: 0.25, 2: 0.75}}
    third = ([0.0, 0.0, 1.0], [0.0, 0.0, 1.0])
    found = score_arm(
        answers(Q1=third, Q2=third),
        checks("Q1", "Q2"),
        human(shares),
        questionnaire(Q1=[0, 1, 2], Q2=[0, 1, 2]),
    )
    # a quarter two of two steps, three quarters one step
    assert found.select("question", "emd").unique().rows() == [("Q1", 0.625)]


def test_a_country_that_was_not_asked_a_question_has_no_row_of_it():
    half = ([0.5, 0.5], [0.5, 0.5])
    both = {1: 0.5, 2: 0.5}
    shares = {("Q1", "USA"): both, ("Q1", "GBR"): both, ("Q2", "USA"): both}
    found = score_arm(
        answers(Q1=half, Q2=half),
        checks("Q1", "Q2"),
        human(shares),
        questionnaire(Q1=[0, 1], Q2=[0, 1]),
    ).filter(scoring="plain")
    assert found.select("question", "country").rows() == [
        ("Q1", "GBR"), ("Q1", "USA"), ("Q2", "USA"),
    ]  # fmt: skip


def test_a_code_that_people_gave_and_the_model_was_not_offered_is_an_error():
    shares = {("Q1", "USA"): {1: 0.25, 2: 0.5, 9: 0.25}}
    with pytest.raises(ValueError, match=r"Q1, codes \[1, 2\]: .*sums"):
        score_arm(
            answers(Q1=([0.5, 0.5], [0.5, 0.5])),
            checks("Q1"),
            human(shares),
            questionnaire(Q1=[0, 1]),
        )
