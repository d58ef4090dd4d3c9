"""Whether training moved answers as people differ."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from culturalign.report.survey.shift_correlation import FIDELITY, OWN, fidelity, shifts
from tests.unit.data.survey.people import human


def answers(**questions):
    rows = [(question, code, float(p)) for question, shares in questions.items()
            for code, p in enumerate(shares, 1)]  # fmt: skip
    return pl.DataFrame(rows, schema=["question", "code", "plain"], orient="row")


PEOPLE = human(
    Q1=([0.8, 0.2], [0.3, 0.7]), Q2=([0.2, 0.3, 0.5], [0.6, 0.3, 0.1]), Q10=([0.5, 0.5], [0.4, 0.6])
)
BEFORE = answers(Q1=[0.5, 0.5], Q2=[0.2, 0.4, 0.4], Q10=[0.5, 0.5])


def halfway():
    """Answers that moved by half of what the countries differ."""
    return answers(Q1=[0.25, 0.75], Q2=[0.4, 0.4, 0.2], Q10=[0.45, 0.55])


def test_shifts_by_option_are_differences_of_probabilities_and_nobody_s_option_has_none():
    found = shifts(BEFORE, halfway(), PEOPLE, "CHN", "USA")
    assert found["question"].to_list() == ["Q1", "Q1", "Q2", "Q2", "Q2", "Q10", "Q10"]
    assert found["shift"].to_list() == pytest.approx([-0.25, 0.25, 0.2, 0, -0.2, -0.05, 0.05])
    assert found["difference"].to_list() == pytest.approx([-0.5, 0.5, 0.4, 0, -0.4, -0.1, 0.1])
    flat = [0, 0, 1 / 3 - 0.2, 1 / 3 - 0.4, 1 / 3 - 0.4, 0, 0]
    assert found["flattening"].to_list() == pytest.approx(flat)
    three = answers(Q10=[0.2, 0.2, 0.6])  # nobody chose the third option
    found = shifts(three, three, PEOPLE, "CHN", "USA")
    assert found["difference"].to_list() == pytest.approx([-0.1, 0.1, 0])


def test_shifts_take_the_mean_of_seeds_and_the_questions_both_countries_answered():
    seeds = pl.concat([answers(Q1=[0.1, 0.9], Q7=[0.5, 0.5]), answers(Q1=[0.4, 0.6])])
    found = shifts(answers(Q1=[0.5, 0.5], Q7=[0.5, 0.5]), seeds, PEOPLE, "CHN", "USA")
    assert found["question"].to_list() == ["Q1", "Q1"]
    assert found["shift"].to_list() == pytest.approx([-0.25, 0.25])


def test_moving_as_people_differ_correlates_fully():
    found = fidelity([shifts(BEFORE, halfway(), PEOPLE, "CHN", "USA")])
    assert (found["n"], found["pearson"], found["spearman"]) == pytest.approx((3, 1, 1))
    away = fidelity([shifts(BEFORE, halfway(), PEOPLE, "USA", "CHN")])
    assert (away["pearson"], away["spearman"]) == (pytest.approx(-1), pytest.approx(-1))


def points(x, y, questions=None, flattening=None):
    """Options of questions from Q260 on, which are in no battery."""
    names = questions or [f"Q{260 + i}" for i in range(len(x))]
    flat = flattening or [0.0] * len(x)
    table = {"question": names, "shift": x, "difference": y, "flattening": flat}
    return pl.DataFrame(table, schema_overrides={"question": pl.String})


NUMBERS = st.lists(st.integers(-9, 9), min_size=8, max_size=8).filter(lambda x: len(set(x)) > 1)


@given(NUMBERS, NUMBERS)
def test_correlations_are_those_of_scipy(x, y):
    found = fidelity([points([i / 10 for i in x], [i / 10 for i in y])])
    assert found["pearson"] == pytest.approx(stats.pearsonr(x, y).statistic, abs=1e-9)
    assert found["spearman"] == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-9)


def test_own_minus_other_is_the_difference_of_the_correlations_over_the_same_batteries():
    rng = np.random.default_rng(3)
    x, other, y = rng.normal(size=(3, 12)).tolist()
    mine, swapped, turned = points(x, y), points(other, y), points([-each for each in x], y)
    alone = [fidelity([each]) for each in (mine, swapped)]
    found = fidelity([mine], [[swapped]])
    assert {name: found[name] for name in FIDELITY} == {name: alone[0][name] for name in FIDELITY}
    for kind in ("pearson", "spearman", "partial"):
        assert found[f"{kind}_own"] == pytest.approx(alone[0][kind] - alone[1][kind])
        assert found[f"{kind}_own_low"] < found[f"{kind}_own"] < found[f"{kind}_own_high"]
    same = fidelity([mine], [[mine]])
    assert [same[name] for name in OWN if not name.endswith("_df")] == [0.0] * 9
    # minus the mean of a correlation and its opposite is the correlation itself
    both = fidelity([mine], [[mine], [turned]])
    assert both["pearson_own"] == pytest.approx(both["pearson"])
    assert both["pearson_own_low"] == pytest.approx(both["pearson_low"], abs=0.1)  # r, not z
    with pytest.raises(ValueError, match="same questions"):
        fidelity([mine], [[swapped.head(11)]])


def test_own_minus_other_of_the_partial_correlation_by_hand():
    """Shift = difference + 2 flattening, and the swapped one the reverse of it: what flattening
    leaves correlates by 1 and by -1. A third is unrelated: (1, -1, ...) against (1, 1, -1, -1)."""
    y = [1, -1, 1, -1, 1, -1, 1, -1]
    z = [1, 1, 1, 1, -1, -1, -1, -1]
    across = [1, 1, -1, -1, 1, 1, -1, -1]
    own, other, none = (
        points([each + 2 * flat for each, flat in zip(x, z, strict=True)], y, None, z)
        for x in (y, [-each for each in y], across)
    )
    found = fidelity([own], [[other]])
    assert (found["partial"], found["partial_own"]) == pytest.approx((1, 2))
    assert fidelity([own], [[none]])["partial_own"] == pytest.approx(1)
    # 1 minus the mean of -1 and 0; with the flattening the whole correlations are smaller
    assert fidelity([own], [[other], [none]])["partial_own"] == pytest.approx(1.5)
    assert found["pearson_own"] == pytest.approx(2 / 5**0.5)
    # two runs, 1 and -1: their mean is 0, and nothing is shown
    runs = fidelity([own, other], [[none], [none]])
    assert runs["partial_own"] == pytest.approx(0, abs=1e-6)
    assert runs["partial_own_low"] < -1 and runs["partial_own_high"] > 1


@pytest.mark.parametrize("runs", [1, 2, 3])
@pytest.mark.parametrize("batteries", [10, 20, 40])
@pytest.mark.parametrize(("own", "other"), [(0.7, 0.7), (1.5, 0.0)])
def test_own_minus_other_of_the_partial_correlation_covers_the_truth(own, other, batteries, runs):
    """300 samples: 2.5 points of chance. Both arms flatten their answers, the swapped one more, and
    options of a battery move together; two runs cover too much."""
    rng, covered = np.random.default_rng([batteries, runs, int(own * 10)]), 0
    names = [f"Q{260 + i // 4}" for i in range(4 * batteries)]
    truth = [slope / (slope**2 + 1) ** 0.5 for slope in (own, other)]
    owner = np.repeat(np.arange(batteries), 4)

    def drawn():
        return (rng.normal(size=batteries)[owner] + rng.normal(size=len(owner))) / 2**0.5

    def arm(slope, flat, y, z):
        slopes = slope + 0.1 * rng.normal(size=runs) * (runs > 1)
        moved = [(each * y + flat * z + drawn()).tolist() for each in slopes]
        return [points(x, y.tolist(), names, z.tolist()) for x in moved]

    for _ in range(300):
        y, z = drawn(), drawn()
        found = fidelity(arm(own, 0.3, y, z), [arm(other, 1.5, y, z)])
        covered += found["partial_own_low"] <= truth[0] - truth[1] <= found["partial_own_high"]
    least = (0.9 if batteries == 10 else 0.93) - 0.025
    assert least <= covered / 300 <= (0.97 if runs == 1 else 1)


def test_intervals_leave_out_whole_batteries():
    firsts = (1, 7, 18, 27, 33, 64)
    names = [f"Q{first + i}" for first in firsts for i in range(4)]
    rng = np.random.default_rng(0)
    shared = np.repeat(rng.normal(size=(2, 6)), 4, axis=1)
    x, y = (shared + rng.normal(size=(2, 24)) / 5).tolist()
    together = fidelity([points(x, y, names)])
    apart = fidelity([points(x, y)])
    assert together["pearson"] == apart["pearson"]
    widths = [each["pearson_high"] - each["pearson_low"] for each in (together, apart)]
    assert widths[0] > 1.3 * widths[1]
    four = fidelity([points(x[:16], y[:16], names[:16])])
    assert four["pearson"] is not None and four["pearson_low"] is None


@given(NUMBERS, NUMBERS, NUMBERS)
def test_the_partial_correlation_is_that_of_the_residuals(x, y, z):
    found = fidelity([points(*([i / 10 for i in each] for each in (x, y)), None, z)])
    design = np.stack([np.ones(8), z], 1)
    rest = [each - design @ np.linalg.lstsq(design, each, rcond=None)[0] for each in (x, y)]
    if min(np.abs(each).max() for each in rest) > 1e-6:
        assert found["partial"] == pytest.approx(np.corrcoef(*rest)[0, 1], abs=1e-7)
    else:
        assert found["partial"] is None


def test_flattening_alone_is_not_fidelity():
    """Vanilla answers with what all people share: evening them out looks like moving to China."""
    rng, n = np.random.default_rng(2), 60
    usa, china = rng.dirichlet([0.7] * 4, n), np.full((n, 4), 0.25)
    china = 0.8 * china + 0.2 * rng.dirichlet([1] * 4, n)
    vanilla = 0.7 * usa + 0.3 * rng.dirichlet([1] * 4, n)
    names = [f"Q{260 + i // 4}" for i in range(4 * n)]
    difference, flat = ((each).ravel() for each in (china - usa, 0.25 - vanilla))
    noise = rng.normal(scale=0.02, size=(n, 4))
    flatter = (0.5 * (0.25 - vanilla) + noise - noise.mean(1, keepdims=True)).ravel()
    toward = (0.5 * (china - vanilla) + noise - noise.mean(1, keepdims=True)).ravel()
    found = [
        fidelity([points(list(shift), list(difference), names, list(flat))])
        for shift in (flatter, toward)
    ]
    assert found[0]["pearson_low"] > 0.5 and found[0]["partial_low"] < 0 < found[0]["partial_high"]
    assert found[1]["partial_low"] > 0


def test_intervals_contain_the_correlation_and_shrink_with_the_level():
    x = [((i * 37) % 101) / 101 for i in range(80)]
    y = [v + ((i * 53) % 97) / 97 for i, v in enumerate(x)]
    wide = fidelity([points(x, y)])
    narrow = fidelity([points(x, y)], confidence=0.5)
    for kind in ("pearson", "spearman"):
        assert wide[f"{kind}_low"] < narrow[f"{kind}_low"] < wide[kind] < wide[f"{kind}_high"]
    assert fidelity([points(x, y)]) == wide


def test_the_interval_is_the_jackknife_on_the_scale_of_z():
    x, y = [0.1, 0.4, 0.2, 0.5, 0.3, 0.9], [0.2, 0.3, 0.1, 0.6, 0.5, 0.7]
    found = fidelity([points(x, y)])
    z = [np.arctanh(np.corrcoef(np.delete(x, i), np.delete(y, i))[0, 1]) for i in range(6)]
    half = stats.t.ppf(0.975, 5) * (5 * np.var(z)) ** 0.5
    assert np.arctanh(found["pearson_high"]) - np.arctanh(found["pearson"]) == pytest.approx(half)


def test_runs_widen_the_interval():
    """A run moves with the countries' difference, the other with half of it."""
    rng = np.random.default_rng(0)
    y, noise = rng.normal(size=(2, 60))
    runs = [points((slope * y + noise).tolist(), y.tolist()) for slope in (2.0, 0.2)]
    alone, both = [fidelity([run]) for run in runs], fidelity(runs)
    z = np.arctanh([each["pearson"] for each in alone])
    assert np.arctanh(both["pearson"]) == pytest.approx(z.mean())
    widths = [each["pearson_high"] - each["pearson_low"] for each in (*alone, both)]
    assert widths[2] > 1.5 * max(widths[:2])


FIRSTS = (1, 7, 18, 27, 33, 64, 94, 106, 113, 122, 132, 158)


@pytest.mark.parametrize("batteries", [10, 20, 24])
@pytest.mark.parametrize("slope", [0.0, 0.7, 2.0])
def test_intervals_cover_the_true_correlation(batteries, slope):
    """400 samples: two points of chance. Half of the batteries have four questions."""
    rng, names = np.random.default_rng(batteries), [
        *(f"Q{first + i}" for first in FIRSTS[: batteries // 2] for i in range(4)),
        *(f"Q{260 + i}" for i in range(batteries - batteries // 2)),
    ]  # fmt: skip
    owner = np.repeat(np.arange(batteries), [4] * (batteries // 2) + [1] * (batteries // 2))

    def drawn():
        table = rng.normal(size=(batteries, 4))[owner] + rng.normal(size=(len(owner), 4))
        return (table - table.mean(1, keepdims=True)) / 2**0.5

    truths = {"pearson": slope / (slope**2 + 1.25) ** 0.5, "partial": slope / (slope**2 + 1) ** 0.5}
    covered = {kind: 0 for kind in truths}
    options = [name for name in names for _ in range(4)]
    for _ in range(400):
        y, z = drawn(), drawn()
        x = slope * y + 0.5 * z + drawn()
        found = fidelity([points(*(each.ravel().tolist() for each in (x, y)), options,
                                 z.ravel().tolist())])  # fmt: skip
        for kind, truth in truths.items():
            covered[kind] += found[f"{kind}_low"] <= truth <= found[f"{kind}_high"]
    for count in covered.values():
        assert 0.93 - 0.02 <= count / 400 <= 0.97 + 0.015


def test_arms_that_follow_people_alike_rarely_differ():
    """Own minus other of two arms with the same correlation, in 200 worlds."""
    wrong, runs, rng = 0, 200, np.random.default_rng(5)
    for _ in range(runs):
        y = rng.normal(size=60)
        own, other = (points((0.7 * y + rng.normal(size=60)).tolist(), y.tolist()) for _ in "ab")
        found = fidelity([own], [[other]])
        wrong += found["pearson_own_low"] > 0 or found["pearson_own_high"] < 0
    assert wrong <= 0.07 * runs


def test_without_any_shift_there_is_no_correlation():
    found = fidelity([shifts(BEFORE, BEFORE, PEOPLE, "CHN", "USA")])
    assert (found["n"], found["pearson"], found["spearman_low"]) == (3, None, None)
    assert fidelity([points([], [])])["n"] == 0
