"""JS and EMD against the numbers the paper prints in table 14; which EMD they are."""

import pytest
from scipy.stats import wasserstein_distance

from culturalign.stats.distances import emd, emd_free, js_distance

# Share of "yes" in percent, all questions have two options: survey (China), vanilla, SFT; then
# JS, JS-SFT, EMD, EMD-SFT as printed.
PRINTED = {
    "Heaven": (12, 71, 18, 0.437, 0.061, 0.173, 0.062),
    "Life after death": (12, 90, 36, 0.596, 0.208, 0.020, 0.246),
    "God": (17, 41, 29, 0.182, 0.100, 0.232, 0.119),
    "Hell": (11, 47, 16, 0.288, 0.049, 0.359, 0.047),
}


def ends(measure, *percents):
    """Smallest and largest distance of shares that round to these whole percents."""
    first, second = ([(each + step / 10) / 100 for step in range(-5, 6)] for each in percents)
    found = [float(measure([a, 1 - a], [b, 1 - b])) for a in first for b in second]
    return min(found), max(found)


def test_all_sixteen_values_of_table_14_follow_from_its_percentages():
    for item, (survey, vanilla, sft, *printed) in PRINTED.items():
        cells = [(measure, arm) for measure in (js_distance, emd_free) for arm in (vanilla, sft)]
        for value, (measure, arm) in zip(printed, cells, strict=True):
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
