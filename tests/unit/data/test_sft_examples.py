import random
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from culturalign.config.draws import draws_per_cue
from culturalign.config.sft import Examples
from culturalign.data.sft_examples import (
    Prompt,
    draw_bounds,
    draw_examples,
    read_prompt,
    shifted_bounds,
    shuffled_cues,
)
from culturalign.errors import UserError

TEMPLATE = "Give [LOWER BOUND SIZE] to [UPPER BOUND SIZE] words for {cue}."
PROMPT = Prompt(TEMPLATE, "Be brief.", ", ")
LISTS = {f"cue {c}": [f"word {c} {i}" for i in range(30)] for c in range(20)}
PROMPTS = Path(__file__).resolve().parents[3] / "resources/prompts"


def drawn(lists=LISTS, seed=0, **options):
    return list(draw_examples(lists, PROMPT, Examples(**options), seed=seed))


@given(st.text(), st.integers(1, 99), st.integers(1, 99))
def test_a_prompt_asks_for_the_cue_as_it_is_even_if_it_looks_like_a_marker(cue, lower, upper):
    assert PROMPT.messages(cue, lower, upper) == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": f"Give {lower} to {upper} words for {cue}."},
    ]


@pytest.mark.parametrize("file", sorted(PROMPTS.glob("*/complex.txt")), ids=lambda p: p.parent.name)
def test_every_shipped_prompt_has_its_markers(file):
    text = read_prompt(file, system="", separator=", ").messages("猫", 41, 52)[1]["content"]
    assert all(part in text for part in ("猫", "41", "52"))
    assert not any(part in text for part in ("BOUND", "{cue}"))


sizes = st.builds(Examples, spread=st.integers(0, 30), round_bounds=st.integers(1, 12))


@given(st.integers(1, 200), sizes, st.randoms(use_true_random=False))
def test_bounds_enclose_the_length_and_are_as_round_and_as_near_as_configured(n, options, rng):
    lower, upper = draw_bounds(n, options, rng)
    step = options.round_bounds
    assert 1 <= lower <= n <= upper
    assert lower == 1 or lower % step == 0
    assert upper % step == 0
    assert n - options.spread - step < lower and upper < n + options.spread + step


def test_every_bound_within_the_spread_is_drawn_and_without_it_the_length_rounded_outward():
    rng = random.Random(0)
    options = Examples(spread=0, round_bounds=5)
    bounds = {n: draw_bounds(n, options, rng) for n in (1, 4, 5, 7, 10, 11)}
    assert bounds == {1: (1, 5), 4: (1, 5), 5: (5, 5), 7: (5, 10), 10: (10, 10), 11: (10, 15)}
    bounds = [draw_bounds(10, Examples(spread=2), rng) for _ in range(200)]
    assert [set(side) for side in zip(*bounds, strict=True)] == [{8, 9, 10}, {10, 11, 12}]


def test_an_example_is_the_first_words_of_a_cues_list_within_the_bounds_it_asks_for():
    for row in drawn(min_words=3, max_words=8, spread=2):
        assert 3 <= row["n_words"] <= 8
        assert row["words"] == LISTS[row["cue"]][: row["n_words"]]
        assert row["completion"] == ", ".join(row["words"])
        assert row["lower"] <= row["n_words"] <= row["upper"]
        assert row["messages"] == PROMPT.messages(row["cue"], row["lower"], row["upper"])
        assert row["list_of"] == row["cue"]


def test_a_cue_with_few_associations_gives_all_it_has():
    (row,) = drawn({"cat": ["fur", "dog"]}, min_words=5, max_words=9, spread=0)
    assert (row["lower"], row["n_words"], row["upper"]) == (2, 2, 2)
    assert (row["words"], row["completion"]) == (["fur", "dog"], "fur, dog")


def test_every_cue_gets_as_many_examples_as_configured_each_with_its_own_length():
    rows = drawn(per_cue=20, min_words=4, max_words=7)
    assert [row["cue"] for row in rows] == [cue for cue in LISTS for _ in range(20)]
    assert {row["n_words"] for row in rows} == {4, 5, 6, 7}
    pairs = zip(rows[::20], rows[1::20], strict=True)
    assert any(one["n_words"] != two["n_words"] for one, two in pairs)


@given(st.sets(st.sampled_from(sorted(LISTS)), min_size=1))
def test_the_examples_of_a_cue_follow_the_seed_and_not_the_other_cues(some):
    fewer = {cue: LISTS[cue] for cue in LISTS if cue in some}
    whole = drawn(per_cue=2)
    assert drawn(fewer, per_cue=2) == [row for row in whole if row["cue"] in some]
    assert drawn(seed=1, per_cue=2) != whole


def test_the_shuffled_control_keeps_cues_and_sizes_and_gives_other_lists():
    plain, shuffled = drawn(), drawn(shuffle_cues=True)
    for one, other in zip(plain, shuffled, strict=True):
        assert all(other[name] == one[name] for name in ("cue", "messages", "n_words"))
        assert other["list_of"] != other["cue"]
        assert other["words"] == LISTS[other["list_of"]][: other["n_words"]]
    assert sorted(row["list_of"] for row in shuffled) == sorted(LISTS)


@given(st.sets(st.text(), min_size=2), st.integers())
def test_shuffled_cues_are_a_derangement_and_one_cue_keeps_its_own_list(cues, seed):
    owner = shuffled_cues(cues, seed=seed)
    assert set(owner) == set(owner.values()) == cues
    assert all(cue != other for cue, other in owner.items())
    assert shuffled_cues(["cat"], seed=seed) == {"cat": "cat"}


@given(st.permutations(sorted(LISTS)))
def test_the_shuffle_follows_the_seed_and_not_the_order_of_the_cues(order):
    assert shuffled_cues(order, seed=0) == shuffled_cues(LISTS, seed=0)
    assert shuffled_cues(order, seed=0) != shuffled_cues(LISTS, seed=1)


def test_a_list_of_fixed_length_is_written_out_in_full():
    lists = {"cat": ["fur", "dog", "pet", "paw"]}
    assert drawn(lists, min_words=3, max_words=3, spread=0) == [
        {
            "cue": "cat",
            "list_of": "cat",
            "lower": 3,
            "upper": 3,
            "n_words": 3,
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Give 3 to 3 words for cat."},
            ],
            "words": ["fur", "dog", "pet"],
            "completion": "fur, dog, pet",
        }
    ]


def test_a_prompt_has_both_bounds_or_none(tmp_path):
    file = tmp_path / "prompt.txt"
    file.write_text("Words for {cue}.")
    read = read_prompt(file, system="", separator=", ")
    assert read.messages("cat", 4, 5)[1]["content"] == "Words for cat."
    file.write_text("Words for {cue}, at least [LOWER BOUND SIZE].")
    with pytest.raises(UserError, match=r"has one of .LOWER BOUND SIZE. and .UPPER"):
        read_prompt(file, system="", separator=", ")


# As run: sublists


@pytest.mark.parametrize(("cues", "drawn_each"), [(12_272, 81), (10_024, 99), (3_000_000, 1)])
def test_auto_draws_a_million_examples_for_a_culture(cues, drawn_each):
    assert draws_per_cue("auto", cues) == drawn_each
    assert draws_per_cue(7, cues) == 7


@pytest.mark.parametrize(
    ("n", "bounds"),
    [
        (79, {(70, 84), (74, 88)}),  # -/+ 7, shifted by 2
        (100, {(87, 107), (93, 113)}),
        (33, {(30, 36)}),  # -/+ 3, and int(0.99) shifts by nothing
        (34, {(30, 36), (32, 38)}),
        (1, {(1, 1)}),
    ],
)
def test_shifted_bounds_are_10_percent_around_the_length_and_3_percent_off(n, bounds):
    rng = random.Random(0)
    assert {shifted_bounds(n, rng) for _ in range(50)} == bounds


@given(st.integers(1, 60), st.floats(0.05, 0.95), st.integers())
def test_a_sublist_has_its_share_in_the_order_of_frequency_and_no_copy(size, share, seed):
    words = [f"w{i}" for i in range(size)]
    rows = drawn({"cat": words}, seed=seed, share=share, per_cue=12)
    lists = [tuple(row["words"]) for row in rows]
    assert lists and len(set(lists)) == len(lists) <= 12
    for row in rows:
        assert row["n_words"] == len(row["words"]) == max(1, int(share * size))
        assert row["words"] == [word for word in words if word in row["words"]]
        assert row["lower"] <= row["n_words"] <= row["upper"] + 1  # 1 for lists shorter than ten
        assert row["completion"] == ", ".join(row["words"])


def test_every_sublist_of_a_short_list_is_drawn_once_and_all_words_take_part():
    rows = drawn({"cat": ["a", "b", "c"]}, share=0.7, per_cue=200)
    assert sorted(row["completion"] for row in rows) == ["a, b", "a, c", "b, c"]


def test_sublists_of_the_shuffled_control_are_of_other_cues():
    for row in drawn(share=0.5, shuffle_cues=True):
        assert row["list_of"] != row["cue"] and set(row["words"]) <= set(LISTS[row["list_of"]])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_prompt_as_run_is_the_papers_in_two_messages_with_a_bare_cue(language):
    """Its first sentence is the system message; the rest, a line end and the cue are the user's."""
    config = yaml.safe_load((PROMPTS.parents[1] / "config/paper.yaml").read_text("utf-8"))
    settings = config["languages"][language]
    for name in ("complex", "complex_open"):
        paper = (PROMPTS / language / f"{name}.txt").read_text("utf-8").splitlines()[1]
        prompt = read_prompt(
            PROMPTS.parents[1] / settings["prompts"][name],
            system=settings["systems"][name],
            separator=settings["separator"],
        )
        system, user = (message["content"] for message in prompt.messages("猫", 41, 52))
        joined = system + (" " if language == "en" else "") + user
        asked = paper.replace("[LOWER BOUND SIZE]", "41").replace("[UPPER BOUND SIZE]", "52")
        assert joined == f"{asked}\n猫"
        assert system.count(".") + system.count("。") == 1
