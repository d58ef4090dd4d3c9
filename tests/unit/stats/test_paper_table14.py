"""The definitions of JS and EMD against the numbers the paper prints in table 14."""

import pytest

from culturalign.stats.distances import emd_free, js_distance

# Share of "yes" in percent, all questions have two options: survey (China), vanilla, SFT; then
# JS, JS-SFT, EMD, EMD-SFT as printed.
PRINTED = {
    "Heaven": (12, 71, 18, 0.437, 0.061, 0.173, 0.062),
    "Life after death": (12, 90, 36, 0.596, 0.208, 0.020, 0.246),
    "God": (17, 41, 29, 0.182, 0.100, 0.232, 0.119),
    "Hell": (11, 47, 16, 0.288, 0.049, 0.359, 0.047),
}
MEASURES = {0: js_distance, 2: emd_free}


def ends(measure, *percents):
    """Smallest and largest distance of shares that round to these whole percents."""
    first, second = ([(each + step / 10) / 100 for step in range(-5, 6)] for each in percents)
    found = [float(measure([a, 1 - a], [b, 1 - b])) for a in first for b in second]
    return min(found), max(found)


def test_all_sixteen_values_of_table_14_follow_from_its_percentages():
    for item, (survey, *arms, js, js_sft, emd, emd_sft) in PRINTED.items():
        printed = (js, js_sft, emd, emd_sft)
        for first, measure in MEASURES.items():
            for arm in (0, 1):
                low, high = ends(measure, survey, arms[arm])
                value = printed[first + arm]
                assert low - 0.0005 <= value <= high + 0.0005, (
                    item,
                    measure.__name__,
                    arm,
                    low,
                    value,
                    high,
                )


def test_positions_play_no_part_in_the_printed_emd():
    # the positional distance would be 0.590 and 0.780
    assert emd_free([0.12, 0.88], [0.71, 0.29]) == pytest.approx(0.17)
    assert emd_free([0.12, 0.88], [0.90, 0.10]) == pytest.approx(0.02)
