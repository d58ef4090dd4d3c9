"""Means, tests and differences, on scores worked out by hand."""

import numpy as np
import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.config.norms import Norms
from culturalign.report.attributes import profile
from culturalign.report.attributes.likeness import Noise

EVALUATION = Evaluation(resamples=300)
NOISE = {"valence": Noise(0.2 / 0.2, 0.9 / 1.1, 20)}  # a margin of 0.2, a reliability of 0.9
NAMES = ["model", "method", "seed", "cue", "attribute", "median", "words", "known", "concrete"]


def scores(*rows):
    types = [pl.String, pl.String, pl.Int64, pl.String, pl.String, pl.Float64] + [pl.Int64] * 3
    return pl.DataFrame(rows, schema=dict(zip(NAMES, types, strict=True)), orient="row")


def affect(model, method, seed, medians, known=10):
    return [
        (model, method, seed, f"c{i}", "valence", m, 10, known if m is not None else 0, None)
        for i, m in enumerate(medians)
    ]


HUMAN = affect("-", "human", None, [5.0, 6.0, 7.0], known=8)
SFT = affect("m", "sft", 0, [5.5, 6.5, None]) + affect("m", "sft", 1, [5.7, 6.1, 7.9])


def found(table, **where):
    return table.filter(**where).row(0, named=True)


def compared(*rows):
    values = profile.measures(scores(*rows))
    return profile.against_humans(values, EVALUATION, Norms(files={}), NOISE)


def test_shares_of_a_cue():
    table = scores(
        ("m", "sft", 0, "c", "valence", 5.0, 8, 6, None),
        ("m", "sft", 0, "c", "concreteness", 3.0, 8, 7, 4),
        ("m", "sft", 0, "empty", "valence", None, 0, 0, None),
        ("m", "sft", 0, "empty", "concreteness", None, 0, 0, None),
    )
    values = profile.measures(table)
    assert dict(values.filter(cue="c").select("measure", "value").rows()) == pytest.approx(
        {
            "valence": 5.0, "concreteness": 3.0, "valence found": 6 / 8,
            "concreteness found": 7 / 8, "emotional": 6 / 8, "concrete": 4 / 8,
            "abstract": 3 / 8, "unknown": 1 / 8,
        }
    )  # fmt: skip
    assert values.filter(cue="empty")["value"].null_count() == 8  # 0 / 0 is nothing


def test_a_cell_is_the_mean_over_cues_of_medians_averaged_over_seeds():
    rows = profile.mean_rows(profile.measures(scores(*HUMAN, *SFT)), EVALUATION)
    sft = found(rows, method="sft", measure="valence")
    # cues: (5.5 + 5.7) / 2, (6.5 + 6.1) / 2, 7.9
    assert sft["mean"] == pytest.approx((5.6 + 6.3 + 7.9) / 3)
    assert (sft["n_cues"], sft["n_seeds"]) == (3, 2)
    # means of the seeds: 6.0 and 19.7 / 3
    assert sft["seed_sd"] == pytest.approx((19.7 / 3 - 6.0) / 2**0.5)
    human = found(rows, method="human", measure="valence")
    assert human["mean"] == 6.0 and human["seed_sd"] is None
    assert found(rows, method="human", measure="emotional")["mean"] == pytest.approx(0.8)


def test_arms_are_paired_with_humans_by_cue():
    arm = affect("m", "vanilla", None, [5.5, None, 8.5])
    row = found(compared(*HUMAN, *arm), method="vanilla")
    assert row["n_pairs"] == 2
    assert row["difference"] == pytest.approx((0.5 + 1.5) / 2)
    assert row["rank_biserial"] == 1.0
    assert row["p"] == pytest.approx(0.5)  # two of four sign patterns are as extreme
    assert row["margin"] == pytest.approx(0.2)  # 20 % of the spread of halves
    assert not row["differs"] and not row["equivalent"]  # undecided: two cues show nothing


def test_equal_lists_are_equivalent_and_a_constant_shift_is_not():
    people = affect("-", "human", None, [5 + i / 10 for i in range(20)])
    for shift, equivalent, differs in ((0.0, True, False), (0.1, True, True), (0.5, False, True)):
        arm = affect("m", "sft", 0, [5 + shift + i / 10 for i in range(20)])
        row = compared(*people, *arm).row(0, named=True)
        assert (row["equivalent"], row["differs"]) == (equivalent, differs), shift
        assert row["r"] == pytest.approx(1) and row["ratio"] == pytest.approx(0.9**-0.5)
        assert row["human_level"] is equivalent
        assert row["difference"] == pytest.approx(shift)


def test_differences_between_arms_are_paired():
    vanilla = affect("m", "vanilla", None, [5.0, 6.0, None])
    values = profile.measures(scores(*HUMAN, *SFT, *vanilla))
    pairs = [(("m", "sft"), ("m", "vanilla"))]
    row = profile.contrast_rows(values, pairs, EVALUATION).row(0, named=True)
    assert (row["minus"], row["measure"], row["n_cues"]) == ("vanilla", "valence", 2)
    assert row["mean"] == pytest.approx((0.6 + 0.3) / 2)
    assert (row["low"], row["excludes_zero"]) == (None, False)  # two cues
    assert profile.contrast_rows(values, [], EVALUATION).is_empty()


def test_an_arm_without_any_word_keeps_its_rows():
    mute = [("m", "vanilla", None, "c0", "valence", None, 0, 0, None)]
    rows = profile.mean_rows(profile.measures(scores(*HUMAN, *mute)), EVALUATION)
    row = found(rows, method="vanilla", measure="emotional")
    assert (row["mean"], row["n_cues"]) == (None, 0)
    # nothing scored is nothing to say
    assert profile.mean_rows(profile.measures(scores()), EVALUATION).is_empty()
    assert compared().is_empty()


def test_pooled_shares_are_those_of_all_words_together_with_the_variance_of_a_ratio():
    table = scores(
        ("m", "sft", 0, "long", "valence", 5.0, 10, 9, None),
        ("m", "sft", 0, "short", "valence", 5.0, 2, 0, None),
        ("m", "sft", 0, "empty", "valence", None, 0, 0, None),
        ("m", "other", 0, "long", "valence", 5.0, 1, 1, None),
    )
    values = profile.measures(table, pooled=True).filter(measure="emotional", method="sft")
    # 9 of 12; residuals 9 - .75 * 10 and 0 - .75 * 2 over a mean of 6 words
    assert values["value"].to_list() == pytest.approx([0.75 + 1.5 / 6, 0.75 - 1.5 / 6, None])
    assert values["value"].mean() == pytest.approx(9 / 12)


def test_the_interval_of_a_pooled_share_is_that_of_a_ratio():
    """Six cues with 10, 10, 10, 5, 5 and 2 words, of which 9, 7, 8, 3, 1 and 2 are known."""
    words, known = [10, 10, 10, 5, 5, 2], [9, 7, 8, 3, 1, 2]
    rows = [("m", "sft", 0, f"c{i}", "valence", 5.0, w, k, None)
            for i, (w, k) in enumerate(zip(words, known, strict=True))]  # fmt: skip
    values = profile.measures(scores(*rows), pooled=True)
    row = found(profile.mean_rows(values, EVALUATION), method="sft", measure="emotional")
    # 30 of 42; residuals k - 5 w / 7: 13, -1, 6, -4, -18, 4 sevenths; squares 562 / 49
    variance = 562 / 49 / 5 / 6 / 7**2  # over the squared mean of 7 words
    share, t = 5 / 7, 2.570582  # 0.975, 5
    n = share * (1 - share) / variance
    center = (share + t * t / (2 * n)) / (1 + t * t / n)
    half = t * (share * (1 - share) / n + t * t / (4 * n * n)) ** 0.5 / (1 + t * t / n)
    assert row["mean"] == pytest.approx(share)
    assert (row["low"], row["high"]) == pytest.approx((center - half, center + half), rel=1e-6)


@pytest.mark.parametrize("seeds", [1, 3])
@pytest.mark.parametrize("cues", [10, 20, 40])
def test_intervals_of_a_pooled_share_cover_what_they_say(cues, seeds):
    """400 samples: 2 points of chance. Longer lists have a larger share of known words, so that a
    mean of the cues' shares misses the pooled one; training runs differ, too."""
    rng, covered, apart = np.random.default_rng([cues, seeds]), 0, 0
    sizes = np.arange(1, 11)
    truth = (sizes * (0.3 + 0.05 * sizes)).sum() / sizes.sum()
    for _ in range(400):
        words, own = rng.integers(1, 11, cues), rng.normal(0, 0.1, cues)
        rows = []
        for seed in range(seeds):
            chance = 0.3 + 0.05 * words + own + (rng.normal(0, 0.03) if seeds > 1 else 0.0)
            known = rng.binomial(words, chance.clip(0, 1))
            rows += [("m", "sft", seed, f"c{i}", "valence", 5.0, int(w), int(k), None)
                     for i, (w, k) in enumerate(zip(words, known, strict=True))]  # fmt: skip
        for pooled in (True, False)[: 1 + (cues == 40)]:
            values = profile.measures(scores(*rows), pooled=pooled)
            means = profile.mean_rows(values.filter(measure="emotional"), EVALUATION)
            low, high = means.select("low", "high").row(0)
            if pooled:
                covered += low <= truth <= high
            else:
                apart += low <= truth <= high
    assert (0.9 if cues == 10 else 0.93) - 0.02 <= covered / 400 <= 0.97 + 0.02
    assert apart / 400 < 0.85


def nearness(cues):
    """Of an arm 1 above humans and another 2 below, over some cues."""
    human = affect("-", "human", None, [5.0] * cues)
    arms = affect("m", "sft", 0, [6.0] * cues) + affect("m", "vanilla", None, [3.0] * cues)
    pairs = [(("m", "sft"), ("m", "vanilla"))]
    rows = profile.contrast_rows(profile.measures(scores(*human, *arms)), pairs, EVALUATION)
    return rows.row(0, named=True)


def test_an_arm_is_nearer_to_humans_on_whichever_side_it_is():
    row = nearness(10)
    assert (row["mean"], row["nearer"], row["n_nearer"]) == (3.0, -1.0, 10)
    assert row["p_nearer"] == pytest.approx(2**-10)  # all ten of the same sign, exact
    assert nearness(9)["p_nearer"] is None


@pytest.mark.parametrize("seeds", [2, 3])
def test_runs_that_differ_by_chance_are_rarely_called_nearer(seeds):
    """Every run is off by chance, by as much as one run's cues leave open, for both arms."""
    rng, runs, wrong = np.random.default_rng(seeds), 200, 0
    pairs = [(("m", "sft"), ("m", "other"))]
    for _ in range(runs):
        people = rng.normal(5, 1, 20)
        rows = affect("-", "human", None, people.tolist())
        for method in ("sft", "other"):
            for seed in range(seeds):
                medians = people + rng.normal(1.5, 0.1) + rng.normal(0, 0.45, 20)
                rows += affect("m", method, seed, medians.tolist())
        found = profile.contrast_rows(profile.measures(scores(*rows)), pairs, EVALUATION)
        low, high = found.select("nearer_low", "nearer_high").row(0)
        wrong += low > 0 or high < 0
    assert wrong <= 0.07 * runs


def test_the_distance_to_humans_is_that_of_every_run():
    """Runs one above and one below humans are at distance 1, though their mean is at 0."""
    human = affect("-", "human", None, [5.0] * 10)
    arm = affect("m", "sft", 0, [6.0] * 10) + affect("m", "sft", 1, [4.0] * 10)
    rows = scores(*human, *arm, *affect("m", "vanilla", None, [5.5] * 10))
    pairs = [(("m", "sft"), ("m", "vanilla"))]
    row = profile.contrast_rows(profile.measures(rows), pairs, EVALUATION).row(0, named=True)
    assert row["nearer"] == pytest.approx(1 - 0.5) and row["n_nearer"] == 10


def test_cues_of_a_domain_count_as_one():
    """Twins say nothing new: twelve cues in six domains are tested as six cues."""
    human, mine = [5.0, 6.0, 7.0, 4.0, 5.5, 6.5], [5.4, 6.1, 7.3, 4.2, 5.4, 6.6]
    found = []
    for twice in (1, 2):
        people, arm = ([x for x in each for _ in range(twice)] for each in (human, mine))
        rows = affect("-", "human", None, people) + affect("m", "sft", 0, arm)
        values = profile.measures(scores(*rows))
        place = pl.col("cue").rank("dense").over("model", "measure")
        clustered = values.with_columns(cluster=((place - 1) // twice).cast(pl.String))
        tests = profile.against_humans(clustered, EVALUATION, Norms(files={}), NOISE)
        means = profile.mean_rows(clustered, EVALUATION).filter(measure="valence", method="sft")
        names = ["difference", "difference_low", "difference_high", "p_equivalence"]
        row = tests.filter(measure="valence").select(names).row(0)
        found.append(row + means.select("mean", "low", "high").row(0))
    assert None not in found[0] and found[0] == pytest.approx(found[1])
