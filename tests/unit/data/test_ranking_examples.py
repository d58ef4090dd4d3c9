from collections import Counter
from pathlib import Path
from statistics import mean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.config.ranking import Ranking, RewardRules
from culturalign.data.ranking_examples import (
    RankingPrompt,
    broken_ties,
    draw_rankings,
    read_ranking_prompt,
    reason_not_drawn,
)
from culturalign.rewards.ranking_reward import attainable, score, spearman

PROMPT = RankingPrompt("Rank [N] words for {cue}:\n[CANDIDATES]\nRank [N] last.", "Be brief.")
PROMPTS = Path(__file__).resolve().parents[3] / "resources/prompts"
CUE = {f"word {i}": count for i, count in enumerate([50, 30, 12, 12, 7, 3, 3, 2, 2, *[1] * 60])}


def drawn(associations=None, seed=0, *, held_out=False, **options):
    given = associations or {"cat": CUE}
    return list(draw_rankings(given, PROMPT, Ranking(**options), seed, held_out=held_out))


@given(st.text(), st.lists(st.text(), min_size=1))
def test_a_prompt_shows_words_as_they_are_even_if_they_look_like_markers(cue, words):
    shown, n = "\n".join(words), len(words)
    text = f"Rank {n} words for {cue}:\n{shown}\nRank {n} last."
    assert PROMPT.messages(cue, words) == [
        {"role": "system", "content": "Be brief."}, {"role": "user", "content": text}
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["ranking", "ranking_run", "ranking_short"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_shipped_prompt_has_its_markers_and_is_not_itself_a_ranking(language, name):
    file = PROMPTS / language / f"{name}.txt"
    words = ["猫毛", "dog", "7up"]
    text = read_ranking_prompt(file, system="").messages("猫", words)[1]["content"]
    assert all(part in text for part in ("猫", "3", *words))
    assert not any(part in text for part in ("[N]", "[CANDIDATES]", "{cue}"))
    rules = RewardRules(missing="last", partial=True)
    assert not score(text, words, [3, 2, 1], rules).parsed


def test_an_example_holds_candidates_evenly_from_all_counts_in_the_order_shown():
    assert len({row["counts"][0] for row in drawn(per_cue=40)}) == 7  # any count may be first
    for row in drawn(per_cue=20):
        assert row["cue"] == "cat"
        assert len(set(row["candidates"])) == 10
        assert row["counts"] == [CUE[word] for word in row["candidates"]]
        assert row["messages"] == PROMPT.messages("cat", row["candidates"])
        # 7 counts (50 30 12 7 3 2 1) and 10 places: one each; then 12, 3, 2 or 1 give another
        found = Counter(row["counts"])
        assert set(found) == {50, 30, 12, 7, 3, 2, 1}
        assert max(found.values()) == 2


def test_stratified_examples_choose_among_counts_where_there_are_more_than_candidates():
    rows = drawn({"cat": {f"w{i}": i for i in range(1, 13)}}, candidates=4, per_cue=30)
    assert all(len(set(row["counts"])) == 4 for row in rows)
    assert {count for row in rows for count in row["counts"]} == set(range(1, 13))


def test_stratified_examples_can_be_ranked_better_than_uniform_ones():
    best = [attainable(row["counts"]) for row in drawn(per_cue=30)]
    plain = [attainable(row["counts"]) for row in drawn(per_cue=30, sampling="uniform")]
    assert min(best) > sum(plain) / len(plain)


def test_uniform_candidates_are_drawn_alike():
    cue = {"cat": {f"w{i}": 1 + (i == 0) for i in range(6)}}
    rows = [drawn(cue, seed, candidates=3, sampling="uniform") for seed in range(400)]
    found = Counter(word for (row,) in rows for word in row["candidates"])
    assert found.pop("w0") == 400  # the one word of another count is in every example
    assert all(800 / 5 * 0.75 < n < 800 / 5 * 1.25 for n in found.values())


@pytest.mark.parametrize("sampling", ["stratified", "uniform"])
def test_counts_are_never_all_equal_and_never_shown_in_their_order(sampling):
    associations = {f"cue {i}": {"a": 2, "b": 1, "c": 1, "d": 1} for i in range(200)}
    rows = drawn(associations, candidates=3, per_cue=4, sampling=sampling)
    assert len(rows) == 600  # a with two of the others
    assert all(row["counts"] == [1, 2, 1] for row in rows)


@pytest.mark.parametrize("sampling", ["stratified", "uniform"])
@pytest.mark.parametrize("candidates", [3, 5])
def test_neither_the_order_shown_nor_its_reverse_pays(candidates, sampling):
    counts = {f"w{i}": count for i, count in enumerate([9, 7, 5, 4, 2, 1, 1, 1])}
    cues = {f"cue {i}": counts for i in range(1500)}
    rows = drawn(cues, candidates=candidates, sampling=sampling)
    order = np.arange(candidates)
    shown, reverse = (
        mean(spearman(o, row["counts"]) / attainable(row["counts"]) for row in rows)
        for o in (order, order[::-1])
    )
    assert shown == pytest.approx(reverse, abs=0.06)


def test_examples_of_a_cue_differ_and_are_as_many_as_asked_for_or_as_there_are():
    rows = drawn(per_cue=15)
    assert len(rows) == len({frozenset(row["candidates"]) for row in rows}) == 15
    few = {"cat": dict(zip("abcd", [4, 3, 2, 1], strict=True))}
    assert len(drawn(few, candidates=3, per_cue=50)) == 4
    assert len(drawn(few, candidates=4, per_cue=50)) == 1
    assert len(drawn(per_cue=4, held_out_per_cue=2, held_out=True)) == 2


def test_cues_without_an_order_are_left_out_with_the_reason():
    few, equal = {"a": 2, "b": 1}, {"a": 1, "b": 1, "c": 1}
    assert reason_not_drawn(few, 3) == "fewer than 3 associations"
    assert reason_not_drawn(equal, 3) == "all counts equal"
    assert reason_not_drawn({**equal, "d": 2}, 3) is None
    assert drawn({"few": few, "equal": equal}, candidates=3) == []


def test_examples_follow_the_seed_and_not_the_other_cues_nor_the_order_of_words():
    assert drawn(seed=3, per_cue=5) == drawn(seed=3, per_cue=5) != drawn(seed=4, per_cue=5)
    reverse = dict(reversed(CUE.items()))
    assert drawn({"dog": CUE, "cat": reverse})[1:] == drawn({"cat": CUE})


def test_broken_ties_follow_the_order_of_the_associations_and_keep_that_of_the_counts():
    # 2 2 1 1 of 4 words: 2, 2 - 1/4, 1 - 2/4, 1 - 3/4
    assert broken_ties({"a": 2, "b": 2, "c": 1, "d": 1}) == {"a": 2, "b": 1.75, "c": 0.5, "d": 0.25}
    for row in drawn(per_cue=9, sampling="uniform", ties="broken"):
        assert attainable(row["counts"]) == 1
        best = sorted(row["candidates"], key=list(CUE).index)  # CUE is in the order of its counts
        answer = "\n".join(f"{n}. {word}" for n, word in enumerate(best, 1))
        rules = RewardRules(measure="spearman", missing="padded")
        worth = score(answer, row["candidates"], row["counts"], rules).value
        assert worth == pytest.approx(1)


def test_candidates_stay_in_their_line_if_the_marker_has_company_there():
    prompt = RankingPrompt("Cue word: {cue}\n[N] size words: [CANDIDATES]", "", "，")
    text = prompt.messages("cat", ["fur", "paw"])[1]["content"]
    assert text == "Cue word: cat\n2 size words: fur，paw"
