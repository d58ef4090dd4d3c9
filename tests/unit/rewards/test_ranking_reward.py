import itertools
from statistics import mean

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from culturalign.config.ranking import RewardRules
from culturalign.rewards.ranking_reward import attainable, places, score

WORDS = list("abcdefghij")
FOUR = [9, 5, 2, 1]
TIED = [5, *[1] * 9]
UNTIED = [90, 50, 33, 20, 12, 8, 5, 3, 2, 1]
LAST = {"missing": "last"}
PADDED = {"missing": "padded", "measure": "spearman"}
PARTIAL = {"missing": "last", "partial": True}
counted = st.lists(st.integers(1, 6), min_size=2, max_size=8).filter(lambda c: len(set(c)) > 1)
measures = st.sampled_from(["spearman_ratio", "spearman"])


def ranking(words):
    return "\n".join(f"Rank {n}: {word}" for n, word in enumerate(words, 1))


def scored(text, counts, **rules):
    return score(text, WORDS[: len(counts)], counts, RewardRules(**rules))


def by_count(counts):
    return [word for _, word in sorted(zip(counts, WORDS, strict=False), key=lambda p: -p[0])]


# Worked out by hand


@pytest.mark.parametrize(("answer", "counts", "rules", "expected"), [
    # a b c d have counts 9 5 2 1, the answer swaps a and b: d^2 sums to 2, 1 - 6*2/(4*15)
    (ranking("bacd"), FOUR, {}, {"value": 0.8, "rho": 0.8, "attainable": 1, "ratio": 0.8}),
    # human ranks 1, 6 x 9 against 1..10: rho = sqrt(1 - 720/990)
    (ranking(WORDS), TIED, {},
     {"value": 1, "rho": 0.5222330, "attainable": 0.5222330, "ratio": 1}),
    (ranking(WORDS), TIED, {"measure": "spearman"}, {"value": 0.5222330, "ratio": 1}),
    # deviations of the answer -1.5, .5, .5, .5 and of people -1.5, -.5, .5, 1.5: 3 / 5
    ("Rank 1: a", FOUR, LAST, {"value": 0.6, "rho": 0.6, "missing": 3}),
    ("Rank 1: a", FOUR, PARTIAL, {"value": (0.6 * 1 - 3) / 4}),
    # places 4 5 5 5, ranked 1 3 3 3, against 1 to 4: 3 / sqrt(3 * 5), whichever word is named
    ("Rank 1: d", FOUR, PADDED, {"value": 0.7745967, "missing": 3}),
    ("Rank 1: a", FOUR, PADDED, {"value": 0.7745967}),
    # places 2 1 5 5, ranked 2 1 3.5 3.5: 3.5 / sqrt(4.5 * 5)
    (ranking("ba"), FOUR, PADDED, {"value": 0.7378648}),
    (ranking("bacd"), FOUR, PADDED, {"value": 0.8, "missing": 0}),
    (ranking("dcba"), FOUR, PADDED, {"value": -1}), ("sea", FOUR, PADDED, {"value": -1}),
    # Rules
    (ranking("abc"), FOUR, {},
     {"value": -1, "rho": None, "ratio": None, "parsed": True, "missing": 1}),
    (ranking(["a", "zebra", "b", "c", "d"]), FOUR, {},
     {"value": 1, "invented": 1, "missing": 0}),
    (ranking(["a", "zebra", "b", "c", "d"]), FOUR, {"invented": "refuse"}, {"value": -1}),
    # a word cut short is missing and invented
    (ranking(["a", "b", "el"]), [3, 2, 1], {}, {"value": -1, "missing": 1, "invented": 1}),
    (ranking("abacd"), FOUR, {}, {"value": 1, "duplicates": 1}),
    (ranking("abacd"), FOUR, {"duplicates": "refuse"}, {"value": -1}),
    (ranking("abc"), [2, 2, 2], {},  # equal counts have no order
     {"value": -1, "rho": None, "attainable": 0, "ratio": None, "parsed": True}),
    # Listing every word twice, hedging with two rankings, or with several words a rank
    (ranking("dcba"), FOUR, {}, {"value": -1}), (ranking("dcbaabcd"), FOUR, {}, {"value": -1}),
    (ranking("aabbccdd"), FOUR, {"duplicates": "refuse"}, {"value": -1}),
    (ranking("abcd") + "\n" + ranking("dcba"), FOUR, {}, {"value": -1}),
    (ranking("dcba") + "\n" + ranking("abcd"), FOUR, {}, {"value": 1}),
    ((ranking("abcd") + "\n") * 5 + ranking("dcba"), FOUR, {}, {"value": -1}),
    ("Rank 1: a, b, c, d\nRank 2: b, a\nRank 3: c\nRank 4: d", FOUR, {}, {"value": 1}),
    ("Rank 1: d, a, b, c", FOUR, LAST, {"rho": -0.6}), (ranking("ab"), UNTIED, {}, {"value": -1}),
])  # fmt: skip
def test_an_answer_has_the_worth_worked_out_by_hand(answer, counts, rules, expected):
    found = scored(answer, counts, **rules)
    assert {name: getattr(found, name) for name in expected} == pytest.approx(expected)


ECHO = """Important Notes: 1. Rank ONLY the words. 2. Do NOT introduce any new words.
Final Ranking: Rank 1: [Associated Word] Rank 2: [Associated Word] ... Rank 4: [Associated Word]
[ASSOCIATED WORDS]
a
b
c
d
"""


@pytest.mark.parametrize("text", ["", "a, b, c, d", "no idea", ECHO])
@pytest.mark.parametrize("rules", [{}, LAST, PARTIAL])
def test_an_answer_without_a_ranking_is_worth_minus_one_under_every_rule(text, rules):
    found = scored(text, FOUR, **rules)
    assert (found.value, found.rho, found.ratio, found.parsed) == (-1, None, None, False)
    assert found.missing == 4


def test_naming_the_one_sure_word_is_worth_less_than_ranking_well():
    # Correlating only the named words would give such a list rho 1.
    sure = scored(ranking("ab"), UNTIED, missing="last").value
    assert sure < scored(ranking("abdcfehgji"), UNTIED).value


def test_partial_credit_needs_missing_words_to_be_allowed():
    with pytest.raises(ValueError, match="set missing: last"):
        RewardRules(partial=True)


def test_places_of_words_not_named_are_the_mean_of_the_last():
    assert places(["c", "a"], list("abcde")).tolist() == [2, 4, 1, 4, 4]


# Properties


@given(counted, st.data(), measures)
def test_scores_are_bounded_and_agree_with_scipy(counts, data, measure):
    order = data.draw(st.permutations(WORDS[: len(counts)]))
    found = scored(ranking(order), counts, measure=measure)
    assert -1 <= found.value <= 1 and -1 <= found.ratio <= 1 and 0 < found.attainable <= 1
    assert abs(found.rho) <= found.attainable + 1e-12
    ranks = [order.index(word) for word in WORDS[: len(counts)]]
    assert found.rho == pytest.approx(stats.spearmanr(ranks, [-c for c in counts]).statistic)


@given(counted, st.data(), measures)
def test_the_order_in_which_candidates_are_given_changes_nothing(counts, data, measure):
    words = WORDS[: len(counts)]
    answer = ranking(data.draw(st.permutations(words)))
    shown = data.draw(st.permutations(list(zip(words, counts, strict=True))))
    rules = RewardRules(measure=measure)
    other = score(answer, [w for w, _ in shown], [c for _, c in shown], rules)
    assert other.value == pytest.approx(score(answer, words, counts, rules).value)


@given(counted, st.data(), measures)
def test_moving_the_more_frequent_of_two_neighbors_up_always_pays(counts, data, measure):
    order = list(data.draw(st.permutations(WORDS[: len(counts)])))
    at = data.draw(st.integers(0, len(counts) - 2))
    here, below = (counts[WORDS.index(order[i])] for i in (at, at + 1))
    assume(here < below)
    before = scored(ranking(order), counts, measure=measure).value
    order[at : at + 2] = order[at + 1], order[at]
    assert scored(ranking(order), counts, measure=measure).value > before


@given(st.permutations(UNTIED), st.integers(2, 10), measures)
def test_the_best_order_of_untied_counts_is_worth_one_and_its_reverse_minus_one(counts, n, measure):
    best = by_count(counts[:n])
    for order, value in ((best, 1), (best[::-1], -1)):
        found = scored(ranking(order), counts[:n], measure=measure)
        assert found.value == pytest.approx(value)


@given(counted)
def test_the_best_strict_ranking_of_tied_counts_has_ratio_one_and_rho_the_attainable(counts):
    found = scored(ranking(by_count(counts)), counts)
    assert found.ratio == pytest.approx(1)
    assert found.rho == pytest.approx(found.attainable)


@given(st.lists(st.integers(1, 3), min_size=2, max_size=5).filter(lambda c: len(set(c)) > 1))
def test_no_strict_ranking_exceeds_the_attainable(counts):
    orders = itertools.permutations(range(len(counts)))
    best = max(stats.spearmanr(order, [-c for c in counts]).statistic for order in orders)
    assert attainable(counts) == pytest.approx(best)


@given(counted.filter(lambda c: len(c) <= 5), st.data(), measures)
def test_leaving_words_out_is_worth_as_much_as_guessing_their_order(counts, data, measure):
    words = WORDS[: len(counts)]
    order = data.draw(st.permutations(words))
    named = order[: data.draw(st.integers(1, len(counts)))]
    guesses = [
        scored(ranking([*named, *guess]), counts, measure=measure).value
        for guess in itertools.permutations([word for word in words if word not in named])
    ]
    found = scored(ranking(named), counts, measure=measure, missing="last")
    assert found.value == pytest.approx(mean(guesses))


@given(counted)
def test_with_partial_credit_each_further_word_in_its_place_pays(counts):
    best = by_count(counts)
    values = [scored(ranking(best[:m]), counts, **PARTIAL).value for m in range(len(counts) + 1)]
    assert (values[0], values[-1]) == (-1, pytest.approx(1))
    assert (np.diff(values) > 0).all()


@given(st.text(), counted, measures)
def test_any_text_has_a_value_and_is_parsed_if_it_names_a_candidate(text, counts, measure):
    found = scored(text, counts, measure=measure, **PARTIAL)
    assert -1 <= found.value <= 1
    assert found.parsed == (found.missing < len(counts))


def test_random_orders_are_worth_nothing_on_average():
    orders = itertools.permutations("abcde")
    assert mean(scored(ranking(o), [9, 5, 2, 1, 1]).value for o in orders) == pytest.approx(0)
