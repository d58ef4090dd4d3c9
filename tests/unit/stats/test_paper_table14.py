"""JS and EMD against the numbers the paper prints in table 14; which EMD they are."""

import csv
from pathlib import Path

import pytest
from scipy.stats import wasserstein_distance

from culturalign.stats.distances import emd, emd_free, js_distance

FILE = Path(__file__).resolve().parents[3] / "resources/paper/belief.csv"


def printed():
    """Question -> share of "yes" in percent (survey, vanilla, SFT); JS and EMD, of both arms."""
    with FILE.open(encoding="utf-8") as file:
        rows = {row["Id"]: row for row in csv.DictReader(file)}
    names = [f"{measure}, {arm}" for measure in ("JS", "EMD, position-free") for arm in ARMS]
    return {
        question: (
            *(int(row[who].strip("[]").split("%")[0]) for who in ("Survey", *ARMS)),
            *(float(row[name]) for name in names),
        )
        for question, row in rows.items()
    }


ARMS = ("vanilla", "trained")


def ends(measure, *percents):
    """Smallest and largest distance of shares that round to these whole percents."""
    first, second = ([(each + step / 10) / 100 for step in range(-5, 6)] for each in percents)
    found = [float(measure([a, 1 - a], [b, 1 - b])) for a in first for b in second]
    return min(found), max(found)


def test_all_sixteen_values_of_table_14_follow_from_its_percentages():
    assert len(printed()) == 4
    for item, (survey, vanilla, sft, *values) in printed().items():
        cells = [(measure, arm) for measure in (js_distance, emd_free) for arm in (vanilla, sft)]
        for value, (measure, arm) in zip(values, cells, strict=True):
            low, high = ends(measure, survey, arm)
            assert low - 0.0005 <= value <= high + 0.0005, (item, measure, arm)


def test_positions_play_no_part_in_the_printed_emd():
    for first, second, free, positional in ((12, 71, 0.17, 0.59), (12, 90, 0.02, 0.78)):
        pair = [[yes / 100, 1 - yes / 100] for yes in (first, second)]
        assert (emd_free(*pair), emd(*pair)) == pytest.approx((free, positional))


def test_position_free_emd_is_the_distance_of_the_probabilities_as_samples():
    p, q = [0.7, 0.1, 0.1, 0.1], [0.05, 0.25, 0.3, 0.4]
    assert emd_free(p, q) == pytest.approx((0.05 + 0.15 + 0.2 + 0.3) / 4)
    assert emd_free(p, q) == pytest.approx(wasserstein_distance(p, q))
