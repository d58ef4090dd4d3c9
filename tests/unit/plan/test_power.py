"""Sample sizes of textbooks, and what they become with clusters and training runs."""

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from culturalign.plan.power import (
    MEASURES,
    effects,
    power,
    power_rows,
    runs_needed,
    units_needed,
)
from culturalign.stats.intervals import mean_interval

PAPER = Path(__file__).resolve().parents[3] / "resources/paper"


@pytest.mark.parametrize(("d", "pairs"), [(0.2, 199), (0.5, 34), (0.8, 15)])
def test_pairs_needed_are_those_of_the_textbooks(d, pairs):
    """Paired t test, two-sided, level 5 %, power 80 % (Faul et al. 2007, G*Power)."""
    assert units_needed(d, 1.0, 0.95) == pairs
    assert units_needed(3 * d, 3.0, 0.95) == pairs  # only effect / sd counts
    assert units_needed(-d, 1.0, 0.95) == pairs


def test_power_without_an_effect_is_the_level():
    assert power(0.0, 1.0, 20, 0.95) == pytest.approx(0.05)
    assert power(0.0, 1.0, 20, 0.99) == pytest.approx(0.01)
    assert units_needed(1e-6, 1.0, 0.95) is None


def test_power_rises_with_the_effect_where_degrees_of_freedom_are_few():
    found = [power(effect, 0.036, 1.1, 0.95) for effect in (0.0, 0.05, 0.1, 0.2, 0.4, 5.0)]
    assert found == sorted(found) and found[-1] > 0.99


def test_power_is_how_often_a_simulated_difference_is_shown():
    rng, shown = np.random.default_rng(0), 0
    for _ in range(2000):
        shown += stats.ttest_1samp(rng.normal(0.5, 1, 20), 0).pvalue < 0.05
    assert shown / 2000 == pytest.approx(power(0.5, 1 / math.sqrt(20), 19, 0.95), abs=0.025)


def test_runs_needed_are_few_where_runs_are_alike_and_none_where_units_are_too_few():
    assert runs_needed(0.5, 0.01, 100, 0.0, 0.95) == 2
    # the mean of three runs has variance 0.01 + 0.04 / 3; of two 0.03, with 1.6 degrees of freedom
    few, many = (runs_needed(0.5, 0.01, 100, sd, 0.95) for sd in (0.1, 0.3))
    assert 2 <= few < many
    assert runs_needed(0.1, 0.01, 100, 0.0, 0.95) is None  # one standard error: 17 %


@pytest.mark.parametrize(("effect", "seed_sd"), [(0.5, 0.1), (0.6, 0.15), (0.4, 0.05)])
def test_simulated_intervals_of_as_many_runs_exclude_zero_and_of_fewer_do_not(effect, seed_sd):
    """40 units with a variance of the mean of 0.01; 1,000 samples: 2.5 points of chance."""
    rng, runs = np.random.default_rng(0), runs_needed(effect, 0.01, 40, seed_sd, 0.95)

    def shown(count):
        found = [
            mean_interval(
                effect + rng.normal(0, 0.4**0.5, 40) + rng.normal(0, seed_sd, (count, 1)),
                confidence=0.95,
            ).low > 0
            for _ in range(1000)
        ]  # fmt: skip
        return np.mean(found)

    assert shown(runs) >= 0.8 - 0.05
    assert runs == 2 or shown(runs - 1) < 0.8 + 0.025


def test_effects_are_the_papers_differences_from_vanilla():
    found = dict(effects(PAPER, MEASURES[0]))
    assert found["table1 Llama SFT"] == pytest.approx(0.875 - 0.754)
    assert dict(effects(PAPER, MEASURES[2]))["table7 US Llama PPO"] == pytest.approx(-0.036)


def test_a_row_an_effect_with_what_the_run_has_beside_it():
    rows = {row[0]: row[1:] for row in power_rows(PAPER, 0.95, cues=1222, questions=221)}
    effect, unit, needed, has, runs = rows["P@5, table1 Llama SFT"]
    assert (effect, unit, has) == ("+0.121", "cues", "1222")
    # d = 0.121 / 0.28 = 0.432: normal approximation (2.8016 / 0.432)^2 = 42.0, and two more
    assert int(needed) == pytest.approx(44, abs=1) and int(runs) >= 2
    needed = rows["JS, table7 US Llama PPO"][2]
    # (2.8016 * 0.11 / 0.036)^2 * 2.9 = 212.5
    assert int(needed) == pytest.approx(214, abs=2)
