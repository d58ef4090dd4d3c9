from hypothesis import given
from hypothesis import strategies as st

from culturalign.families import PASS, Family, batch_families, find_families

STEM = tuple(range(20))


def test_prompts_that_begin_alike_are_a_family():
    prompts = [(1, *STEM, 7, 8), (2, 3), (1, *STEM, 9)]
    # 1 token is shared by nothing but itself: the family's stem is 21 tokens, its tails 2 and 1.
    assert find_families(prompts, 0) == [Family((0, 2), 21, 2), Family((1,), 0, 2)]


def test_a_family_that_saves_little_is_not_worth_it():
    assert [f.members for f in find_families([(1, 2, 3), (1, 2, 4)], 0)] == [(0,), (1,)]


def test_what_all_prompts_begin_with_does_not_make_a_family():
    assert find_families([(*STEM, 1), (*STEM, 2)], 20) == [Family((0,), 20, 1), Family((1,), 20, 1)]


def test_a_prompt_that_another_begins_with_keeps_its_last_token():
    assert find_families([(*STEM,), (*STEM, 1)], 0) == [Family((0, 1), 19, 2)]


PROMPTS = st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=30), min_size=1, max_size=12)


@given(PROMPTS, st.integers(1, 90))
def test_every_prompt_is_read_once_and_whole(prompts, tokens):
    families = find_families(prompts, 0)
    members = [i for batch in batch_families(families, 0, tokens) for f in batch for i in f.members]
    assert sorted(members) == list(range(len(prompts)))
    for family in families:
        first = prompts[family.members[0]]
        tails = [prompts[i][family.stem :] for i in family.members]
        assert all(prompts[i][: family.stem] == first[: family.stem] for i in family.members)
        assert min(map(len, tails)) >= 1 and max(map(len, tails)) == family.tail


@given(PROMPTS, st.integers(1, 90))
def test_batches_keep_to_the_limit_unless_a_family_is_larger(prompts, tokens):
    for batch in batch_families(find_families(prompts, 0), 0, tokens):
        rows = sum(len(f.members) for f in batch)
        assert (
            len(batch) == 1
            or rows * (max(f.stem for f in batch) + max(f.tail for f in batch)) <= tokens
        )


def test_a_batch_of_its_own_must_save_more_than_a_pass_costs():
    def cut(*tails):
        alone = [Family((i,), 0, tail) for i, tail in enumerate(tails)]
        return [[f.tail for f in batch] for batch in batch_families(alone, 0, 10_000)]

    # Two tails padded to the longest read as many tokens more as they differ.
    assert cut(100, 100 + PASS) == [[100 + PASS, 100]]
    assert cut(100, 101 + PASS) == [[101 + PASS], [100]]


def test_families_without_a_stem_are_not_padded_to_those_of_others():
    alone, related = Family((0,), 5, 10), Family((1, 2), 40, 10)
    assert batch_families([alone, related], 5, 10_000) == [[related], [alone]]
