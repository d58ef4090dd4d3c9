import itertools
import subprocess
import sys
from statistics import mean

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from culturalign.config.ranking import RewardRules
from culturalign.rewards.ranking_reward import attainable, places, score

WORDS = list("abcdefghij")
TIED = [5, *[1] * 9]
UNTIED = [90, 50, 33, 20, 12, 8, 5, 3, 2, 1]
MEASURES = ["spearman_ratio", "spearman", "kendall", "ndcg"]
SIGNED = MEASURES[:3]
counted = st.lists(st.integers(1, 6), min_size=2, max_size=8).filter(lambda c: len(set(c)) > 1)
measures = st.sampled_from(MEASURES)


def ranking(words):
    return "\n".join(f"Rank {n}: {word}" for n, word in enumerate(words, 1))


def scored(text, counts, **rules):
    return score(text, WORDS[: len(counts)], counts, RewardRules(**rules))


def by_count(counts):
    return [word for _, word in sorted(zip(counts, WORDS, strict=False), key=lambda p: -p[0])]


# Hand-worked


def test_untied_example_by_hand():
    # a b c d have counts 9 5 2 1, the answer swaps a and b: d^2 sums to 2, 1 - 6*2/(4*15) = 0.8
    found = scored(ranking("bacd"), [9, 5, 2, 1])
    assert (found.value, found.rho, found.attainable, found.ratio) == pytest.approx(
        (0.8, 0.8, 1, 0.8)
    )
    # one discordant pair of six
    assert scored(ranking("bacd"), [9, 5, 2, 1], measure="kendall").value == pytest.approx(4 / 6)
    # (5 + 9/log2(3) + 2/2 + 1/log2(5)) / (9 + 5/log2(3) + 2/2 + 1/log2(5))
    ndcg = (5 + 9 * 0.6309298 + 1 + 0.4306766) / (9 + 5 * 0.6309298 + 1 + 0.4306766)
    assert scored(ranking("bacd"), [9, 5, 2, 1], measure="ndcg").value == pytest.approx(ndcg)


def test_tied_example_by_hand():
    # human ranks 1, 6 x 9 against 1..10: rho = sqrt(1 - 720/990)
    found = scored(ranking(WORDS), TIED)
    assert found.rho == pytest.approx(0.5222330)
    assert found.attainable == pytest.approx(0.5222330)
    assert (found.ratio, found.value) == (1, 1)
    assert scored(ranking(WORDS), TIED, measure="spearman").value == pytest.approx(0.5222330)


def test_missing_words_by_hand():
    # only a of 4 is named: ranks 1, 3, 3, 3; rho = (1.5*1.5 + 0.5*(0.5 - 0.5 - 1.5) ...) / 5
    # deviations of the answer -1.5, .5, .5, .5 and of people -1.5, -.5, .5, 1.5: 3 / 5
    found = scored("Rank 1: a", [9, 5, 2, 1], missing="last")
    assert (found.rho, found.missing) == (pytest.approx(0.6), 3)
    # with partial credit: (0.6 * 1 - 3) / 4
    assert scored("Rank 1: a", [9, 5, 2, 1], missing="last", partial=True).value == pytest.approx(
        -0.6
    )


# Properties


@given(counted, st.data(), st.sampled_from(MEASURES))
def test_scores_are_bounded_and_agree_with_scipy(counts, data, measure):
    order = data.draw(st.permutations(WORDS[: len(counts)]))
    found = scored(ranking(order), counts, measure=measure)
    assert -1 <= found.value <= 1
    assert -1 <= found.ratio <= 1
    assert 0 < found.attainable <= 1
    assert abs(found.rho) <= found.attainable + 1e-12
    ranks = [order.index(word) for word in WORDS[: len(counts)]]
    assert found.rho == pytest.approx(stats.spearmanr(ranks, [-c for c in counts]).statistic)
    if measure == "kendall":
        tau = stats.kendalltau(ranks, [-c for c in counts]).statistic
        assert found.value == pytest.approx(tau)


@given(counted, st.data(), measures)
def test_the_order_in_which_candidates_are_given_changes_nothing(counts, data, measure):
    words = WORDS[: len(counts)]
    answer = ranking(data.draw(st.permutations(words)))
    shown = data.draw(st.permutations(list(zip(words, counts, strict=True))))
    rules = RewardRules(measure=measure)
    other = score(answer, [w for w, _ in shown], [c for _, c in shown], rules)
    assert other.value == pytest.approx(score(answer, words, counts, rules).value)


@given(counted, st.data(), measures)
def test_moving_the_more_frequent_of_two_neighbors_up_never_costs(counts, data, measure):
    order = list(data.draw(st.permutations(WORDS[: len(counts)])))
    at = data.draw(st.integers(0, len(counts) - 2))
    here, below = (counts[WORDS.index(order[i])] for i in (at, at + 1))
    assume(here < below)
    before = scored(ranking(order), counts, measure=measure).value
    order[at : at + 2] = order[at + 1], order[at]
    assert scored(ranking(order), counts, measure=measure).value > before


@given(st.permutations(UNTIED), st.integers(2, 10))
def test_the_perfect_order_of_untied_counts_is_worth_one_and_its_reverse_minus_one(counts, n):
    best = by_count(counts[:n])
    for measure in SIGNED:
        assert scored(ranking(best), counts[:n], measure=measure).value == pytest.approx(1)
        assert scored(ranking(best[::-1]), counts[:n], measure=measure).value == pytest.approx(-1)
    assert scored(ranking(best), counts[:n], measure="ndcg").value == pytest.approx(1)


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
    rest = [word for word in words if word not in named]
    guesses = [
        scored(ranking([*named, *guess]), counts, measure=measure).value
        for guess in itertools.permutations(rest)
    ]
    found = scored(ranking(named), counts, measure=measure, missing="last")
    assert found.value == pytest.approx(mean(guesses))


@given(counted, st.data())
def test_with_partial_credit_each_further_word_in_its_place_pays(counts, data):
    best = by_count(counts)
    values = [
        scored(ranking(best[:m]), counts, missing="last", partial=True).value
        for m in range(len(counts) + 1)
    ]
    assert values[0] == -1
    assert values[-1] == pytest.approx(1)
    assert (np.diff(values) > 0).all()


@given(st.text(), counted, measures)
def test_no_text_raises_and_none_is_worth_more_than_it_names(text, counts, measure):
    found = scored(text, counts, measure=measure, missing="last", partial=True)
    assert -1 <= found.value <= 1
    assert found.parsed == (found.missing < len(counts))


def test_random_orders_are_worth_nothing_on_average():
    values = [
        scored(ranking(order), [9, 5, 2, 1, 1]).value for order in itertools.permutations("abcde")
    ]
    assert mean(values) == pytest.approx(0)


# Rules


@pytest.mark.parametrize("text", ["", "a, b, c, d", "no idea"])
def test_an_answer_without_a_ranking_is_worth_minus_one_under_every_rule(text):
    for rules in ({}, {"missing": "last"}, {"missing": "last", "partial": True}):
        found = scored(text, [9, 5, 2, 1], **rules)
        assert (found.value, found.rho, found.ratio, found.parsed) == (-1, None, None, False)
        assert found.missing == 4


def test_a_missing_word_is_refused_by_default():
    found = scored(ranking("abc"), [9, 5, 2, 1])
    assert (found.value, found.rho, found.parsed, found.missing) == (-1, None, True, 1)


def test_a_list_with_its_last_word_cut_short_misses_that_word():
    found = score(ranking(["cat", "dog", "el"]), ["cat", "dog", "elk"], [3, 2, 1], RewardRules())
    assert (found.value, found.missing, found.invented) == (-1, 1, 1)


def test_invented_words_are_passed_over_or_refused():
    text = ranking(["a", "zebra", "b", "c", "d"])
    found = scored(text, [9, 5, 2, 1])
    assert (found.value, found.invented, found.missing) == (1, 1, 0)
    assert scored(text, [9, 5, 2, 1], invented="refuse").value == -1


def test_of_a_word_ranked_twice_the_first_place_counts_or_the_answer_is_refused():
    text = ranking("abacd")
    found = scored(text, [9, 5, 2, 1])
    assert (found.value, found.duplicates) == (1, 1)
    assert scored(text, [9, 5, 2, 1], duplicates="refuse").value == -1


def test_equal_counts_have_no_order_so_nothing_is_worth_anything():
    found = scored(ranking("abc"), [2, 2, 2])
    assert (found.value, found.rho, found.attainable, found.ratio) == (-1, None, 0, None)
    assert found.parsed


def test_partial_credit_needs_missing_words_to_be_allowed():
    with pytest.raises(ValueError, match="set missing: last"):
        RewardRules(partial=True)


def test_places_of_words_not_named_are_the_mean_of_the_last():
    assert places(["c", "a"], list("abcde")).tolist() == [2, 4, 1, 4, 4]


# Games


def test_listing_every_word_twice_gains_nothing():
    once = scored(ranking("dcba"), [9, 5, 2, 1]).value
    assert scored(ranking("dcbaabcd"), [9, 5, 2, 1]).value == once == -1
    assert scored(ranking("aabbccdd"), [9, 5, 2, 1], duplicates="refuse").value == -1


def test_echoing_the_prompt_is_no_ranking():
    prompt = """Important Notes: 1. Rank ONLY the words. 2. Do NOT introduce any new words.
Final Ranking: Rank 1: [Associated Word] Rank 2: [Associated Word] ... Rank 4: [Associated Word]
[ASSOCIATED WORDS]
a
b
c
d
"""
    for rules in ({}, {"missing": "last", "partial": True}):
        found = scored(prompt, [9, 5, 2, 1], **rules)
        assert (found.value, found.parsed) == (-1, False)


def test_of_two_rankings_the_last_alone_counts_so_hedging_gains_nothing():
    best, worst = ranking("abcd"), ranking("dcba")
    assert scored(f"{best}\n{worst}", [9, 5, 2, 1]).value == -1
    assert scored(f"{worst}\n{best}", [9, 5, 2, 1]).value == 1
    assert scored(f"{best}\n" * 5 + worst, [9, 5, 2, 1]).value == -1


def test_naming_the_one_sure_word_is_worth_less_than_ranking_well():
    # Correlating the named words alone would give such a list rho 1.
    sure = scored(ranking("ab"), UNTIED, missing="last").value
    assert sure < scored(ranking("abdcfehgji"), UNTIED).value
    assert scored(ranking("ab"), UNTIED).value == -1


def test_several_words_at_each_rank_are_worth_their_first():
    text = "Rank 1: a, b, c, d\nRank 2: b, a\nRank 3: c\nRank 4: d"
    assert scored(text, [9, 5, 2, 1]).value == 1
    assert scored("Rank 1: d, a, b, c", [9, 5, 2, 1], missing="last").rho == pytest.approx(-0.6)


def test_the_reward_loads_neither_torch_nor_polars():
    loaded = "print({'torch', 'polars'} & {*sys.modules})"
    code = f"import sys, culturalign.rewards.ranking_reward; {loaded}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
