import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from culturalign.training.batches import (
    IGNORED,
    collate,
    cost,
    micro_batches,
    padding_share,
    plan_steps,
    shard,
)
from culturalign.training.tokenization import Encoded


def example(prompt: str, completion: int, bounds: tuple[int, int] = (1, 5)) -> Encoded:
    return Encoded(tuple(prompt.encode()), tuple(range(completion)), bounds)


examples = st.lists(
    st.builds(
        example,
        st.text("ab", min_size=2, max_size=8).map("prompt".__add__),
        st.integers(1, 9),
        st.sampled_from([(1, 5), (5, 10)]),
    ),
    min_size=1,
    max_size=40,
)


def test_a_shared_prefix_is_read_once_and_the_rest_padded():
    # prompts "abcX" and "abcYZ": 3 tokens shared; rests 1+2 and 2+5 tokens, padded to 7 each
    pair = [example("abcX", 2), example("abcYZ", 5)]
    assert cost(pair, None) == 3 + 2 * 7
    # 4 of the 17 tokens read are padding: 7 - 3
    assert padding_share([[0, 1]], pair, None) == pytest.approx(4 / 17)


@given(examples, st.integers(1, 7), st.integers(0, 3))
def test_every_pass_visits_every_example_once(found, batch, seed):
    steps = plan_steps(found, global_batch=batch, epochs=2, seed=seed)
    visited = [index for step in steps for index in step]
    half = len(visited) // 2
    assert sorted(visited[:half]) == sorted(visited[half:]) == list(range(len(found)))
    assert all(len(step) <= batch for step in steps)


def test_half_a_pass_is_half_its_steps_rounded_up():
    found = [example("ab", 1) for _ in range(10)]  # 5 steps of 2 a pass
    assert len(plan_steps(found, global_batch=2, epochs=1.5, seed=0)) == 8


def test_the_seed_determines_the_order():
    found = [example("ab", n) for n in range(1, 30)]
    first, again, other = (plan_steps(found, global_batch=4, epochs=1, seed=s) for s in (0, 0, 1))
    assert first == again != other


@given(examples, st.integers(1, 6), st.integers(1, 60))
def test_micro_batches_hold_every_example_once_within_the_limits(found, most, tokens):
    groups = micro_batches(
        range(len(found)), found, max_examples=most, max_tokens=tokens, window=None
    )
    assert sorted(i for group in groups for i in group) == list(range(len(found)))
    for group in groups:
        assert len(group) <= most
        assert len(group) == 1 or cost([found[i] for i in group], None) <= tokens


def test_an_example_of_other_bounds_gets_a_batch_of_its_own_if_that_is_cheaper():
    found = [example("p" * 50 + "X", 1, (1, 5)), example("p" * 50 + "Y", 1, (1, 5))]
    found += [example("q" * 50 + "X", 1, (5, 10)), example("q" * 50 + "Y", 1, (5, 10))]
    assert micro_batches(range(4), found, max_examples=4, max_tokens=1000, window=None) == [
        [0, 1],
        [2, 3],
    ]


@pytest.mark.parametrize(
    ("indices", "ranks", "shards"),
    [
        (range(5), 2, [[1, 3, 0], [4, 2]]),  # neighbors in length on different ranks
        (range(5), 1, [[1, 4, 3, 2, 0]]),
        ([3], 3, [[3], [], []]),
    ],
)
def test_a_step_is_split_over_the_ranks(indices, ranks, shards):
    found = [Encoded((1,), (2,) * (length - 1)) for length in (9, 2, 7, 4, 3)]
    assert shard(indices, found, ranks) == shards


def test_prefix_rest_positions_and_labels_line_up():
    batch = collate([Encoded((5, 6, 7), (8,)), Encoded((5, 9), (10, 11))], pad=0, window=None)
    assert batch["prefix_ids"].tolist() == [[5]]
    # rests: 6 7 8 and 9 10 11, both three tokens
    assert batch["input_ids"].tolist() == [[6, 7, 8], [9, 10, 11]]
    assert batch["position_ids"].tolist() == [[1, 2, 3], [1, 2, 3]]
    assert batch["labels"].tolist() == [[IGNORED, 8], [10, 11]]


def test_padding_is_between_prefix_and_rest_and_is_masked():
    batch = collate([Encoded((5, 6), (7,)), Encoded((5, 6, 8), (9, 10))], pad=0, window=None)
    assert batch["prefix_ids"].tolist() == [[5]]  # a whole prompt is never part of it
    assert batch["input_ids"].tolist() == [[0, 0, 6, 7], [6, 8, 9, 10]]
    assert batch["attention_mask"].tolist() == [[1, 0, 0, 1, 1], [1, 1, 1, 1, 1]]
    assert batch["position_ids"][0, 2:].tolist() == [1, 2]


def test_prompts_without_a_common_beginning_have_an_empty_prefix():
    batch = collate([Encoded((1, 2), (3,)), Encoded((4, 5), (6,))], pad=0, window=None)
    assert batch["prefix_ids"].shape == (1, 0)
    assert batch["prefix_ids"].dtype == torch.long
