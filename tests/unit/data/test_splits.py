import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.data.splits import cues_of, split_cues, split_of
from culturalign.errors import UserError

SHARES = {"train": 0.8, "validation": 0.1, "test": 0.1}
CUES = [f"cue {number}" for number in range(200)]

cues = st.text(min_size=1)
seeds = st.integers(-(10**6), 10**6)
proportions = st.lists(st.integers(0, 20), min_size=1, max_size=5).filter(any)


@pytest.mark.parametrize(("cue", "seed", "split"), [
    # first 8 bytes of sha256("<seed>:<cue>") over 2^64, compared with 0.8 and 0.9
    ("dog", 0, "train"),  # 1efaba6e56c7f939: 0.1210
    ("自由", 0, "train"),  # 3545a1249f082a23: 0.2081
    ("law", 0, "validation"),  # de92961b04e8e17b: 0.8694
    ("cat", 0, "test"),  # ecddd8924bb12e87: 0.9253
    ("cat", 1, "train"),  # 0.7998, just below 0.8
])  # fmt: skip
def test_a_cue_falls_where_its_hash_falls(cue, seed, split):
    assert split_of(cue, SHARES, seed=seed) == split


@given(st.sets(st.sampled_from(CUES), max_size=100))
def test_a_cue_keeps_its_split_when_other_cues_vanish(vanished):
    everything = dict(split_cues(CUES, SHARES, seed=0, culture="us").rows())
    fewer = [cue for cue in CUES if cue not in vanished]
    # a split that stayed empty would be refused; 100 of 200 cues may vanish, so keep one of each
    fewer += [next(cue for cue in CUES if everything[cue] == split) for split in SHARES]
    for cue, split in split_cues(fewer, SHARES, seed=0, culture="us").rows():
        assert split == everything[cue]


@given(st.permutations(CUES[:40]), seeds)
def test_every_cue_is_in_one_split_whatever_the_order_and_repetition(shuffled, seed):
    halves = {"train": 0.5, "test": 0.5}
    table = split_cues(shuffled + shuffled[:5], halves, seed=seed, culture="us")
    assert table.rows() == [(cue, split_of(cue, halves, seed=seed)) for cue in sorted(shuffled)]


@given(cues, proportions, seeds)
def test_a_split_without_a_share_gets_no_cue(cue, weights, seed):
    shares = {f"split {i}": weight / sum(weights) for i, weight in enumerate(weights)}
    assert shares[split_of(cue, shares, seed=seed)] > 0


@pytest.mark.parametrize("seed", [0, 1])
def test_splits_have_their_shares(seed):
    # 20000 cues: the standard deviation of a share of 0.8 is sqrt(0.8 * 0.2 / 20000) = 0.003
    many = [f"cue {number}" for number in range(20_000)]
    table = split_cues(many, SHARES, seed=seed, culture="us")
    for name, share in SHARES.items():
        assert len(cues_of(table, name)) / 20_000 == pytest.approx(share, abs=0.012)


def test_rounding_of_the_shares_loses_no_cue():
    tenths = {str(i): 0.1 for i in range(10)}
    assert sum(tenths.values()) < 1  # in floating point
    assert len(split_cues(CUES, tenths, seed=0, culture="us")) == 200


def test_a_split_that_stays_empty_is_refused_with_the_remedy_if_it_has_a_share():
    with pytest.raises(UserError) as caught:
        split_cues(["dog", "dog", "law"], SHARES, seed=0, culture="us")
    assert str(caught.value) == (
        "culture 'us': the 2 cues of its file leave the split 'test' (share 0.1) empty; use more "
        "cues, or other shares or another seed in data.split"
    )
    shares = {"train": 0.8, "validation": 0.2, "test": 0.0}
    table = split_cues(["dog", "law"], shares, seed=0, culture="us")
    assert table.rows() == [("dog", "train"), ("law", "validation")]


def test_the_cues_of_a_split_are_sorted():
    table = split_cues(["law", "dog", "cat", "自由"], SHARES, seed=0, culture="us")
    assert cues_of(table, "train") == ["dog", "自由"]
    assert cues_of(table, "test") == ["cat"]
    assert cues_of(table, "other") == []
