from hypothesis import given
from hypothesis import strategies as st

from culturalign.models.prompt_groups import PASS_COST, PromptGroup, batch_groups, find_groups

PREFIX = tuple(range(20))


def test_prompts_that_begin_alike_are_a_group():
    prompts = [(1, *PREFIX, 7, 8), (2, 3), (1, *PREFIX, 9)]
    # The group's prefix is 21 tokens, its suffixes 2 and 1; the second prompt shares nothing.
    assert find_groups(prompts, 0) == [PromptGroup((0, 2), 21, 2), PromptGroup((1,), 0, 2)]


def test_a_group_that_saves_little_is_not_formed():
    assert [g.members for g in find_groups([(1, 2, 3), (1, 2, 4)], 0)] == [(0,), (1,)]


def test_what_all_prompts_begin_with_does_not_make_a_group():
    assert find_groups([(*PREFIX, 1), (*PREFIX, 2)], 20) == [
        PromptGroup((0,), 20, 1),
        PromptGroup((1,), 20, 1),
    ]


def test_a_prompt_that_another_begins_with_keeps_its_last_token():
    assert find_groups([(*PREFIX,), (*PREFIX, 1)], 0) == [PromptGroup((0, 1), 19, 2)]


PROMPTS = st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=30), min_size=1, max_size=12)


@given(PROMPTS, st.integers(1, 90))
def test_every_prompt_is_read_once_and_whole(prompts, tokens):
    groups = find_groups(prompts, 0)
    members = [i for batch in batch_groups(groups, 0, tokens) for g in batch for i in g.members]
    assert sorted(members) == list(range(len(prompts)))
    for group in groups:
        first = prompts[group.members[0]]
        suffixes = [prompts[i][group.prefix :] for i in group.members]
        assert all(prompts[i][: group.prefix] == first[: group.prefix] for i in group.members)
        assert min(map(len, suffixes)) >= 1 and max(map(len, suffixes)) == group.suffix


@given(PROMPTS, st.integers(1, 90))
def test_batches_keep_to_the_limit_unless_a_group_is_larger(prompts, tokens):
    for batch in batch_groups(find_groups(prompts, 0), 0, tokens):
        rows = sum(len(g.members) for g in batch)
        assert (
            len(batch) == 1
            or rows * (max(g.prefix for g in batch) + max(g.suffix for g in batch)) <= tokens
        )


def test_a_batch_of_its_own_must_save_more_than_a_pass_costs():
    def cut(*suffixes):
        singles = [PromptGroup((i,), 0, suffix) for i, suffix in enumerate(suffixes)]
        return [[g.suffix for g in batch] for batch in batch_groups(singles, 0, 10_000)]

    # Two suffixes padded to the longest read as many tokens more as they differ.
    assert cut(100, 100 + PASS_COST) == [[100 + PASS_COST, 100]]
    assert cut(100, 101 + PASS_COST) == [[101 + PASS_COST], [100]]


def test_groups_without_a_prefix_are_not_padded_to_those_of_others():
    single, group = PromptGroup((0,), 5, 10), PromptGroup((1, 2), 40, 10)
    assert batch_groups([single, group], 5, 10_000) == [[group], [single]]
