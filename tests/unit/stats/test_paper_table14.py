"""JS and EMD against the numbers the paper prints in table 14; which EMD they are."""

import pytest
from scipy.stats import wasserstein_distance

from culturalign.stats.distances import emd, js_distance

# Share of "yes" in percent, all questions have two options: survey (China), vanilla, SFT; then
# JS, JS-SFT, EMD, EMD-SFT as printed.
PRINTED = {
    "Heaven": (12, 71, 18, 0.437, 0.061, 0.173, 0.062),
    "Life after death": (12, 90, 36, 0.596, 0.208, 0.020, 0.246),
    "God": (17, 41, 29, 0.182, 0.100, 0.232, 0.119),
    "Hell": (11, 47, 16, 0.288, 0.049, 0.359, 0.047),
}
CELLS = [(item, arm) for item in PRINTED for arm in (1, 2)]


def shares(item, column):
    yes = PRINTED[item][column] / 100
    return [yes, 1 - yes]


@pytest.mark.parametrize(("item", "arm"), CELLS)
def test_js_is_the_distance_with_natural_logarithm(item, arm):
    found = js_distance(shares(item, 0), shares(item, arm))
    # the tolerance is that of percentages rounded to whole numbers
    assert found == pytest.approx(PRINTED[item][2 + arm], abs=0.01)


@pytest.mark.parametrize(("item", "arm"), CELLS)
def test_the_printed_emd_takes_probabilities_as_samples(item, arm):
    """As run; the options' places play no part. The tolerance is that of rounded percentages."""
    found = wasserstein_distance(shares(item, 0), shares(item, arm))
    assert found == pytest.approx(PRINTED[item][4 + arm], abs=0.01)


@pytest.mark.parametrize(("item", "arm"), CELLS)
def test_our_emd_of_two_options_is_the_difference_of_shares(item, arm):
    expected = abs(PRINTED[item][0] - PRINTED[item][arm]) / 100
    assert emd(shares(item, 0), shares(item, arm)) == pytest.approx(expected, abs=1e-9)
