"""Leanings: what is drawn, how it is marked, and its numbers."""

import numpy as np
import polars as pl
import pytest

from culturalign.report.survey.leaning_figure import leanings
from tests.unit.report.survey.drawn import (
    EIGHT_LABELS,
    LABELS,
    NATIONS,
    PAIR,
    TENSION,
    both,
    eight,
    four,
)

pytestmark = pytest.mark.usefixtures("closed_figures")


def test_leanings_have_a_row_a_model_with_vanilla_first():
    figure, _ = leanings(four(), TENSION, PAIR, LABELS, NATIONS)
    titles = [panel.get_title().split("\n")[0] for panel in figure.axes[:6]]
    assert titles == ["Qwen, Vanilla", "Qwen, SFT (ZH)", "Qwen, PPO (ZH)", "Llama, Vanilla",
                      "Llama, SFT (ZH)", ""]  # fmt: skip
    assert [panel.axison for panel in figure.axes[:6]] == [True] * 5 + [False]


def test_eight_arms_are_in_two_rows_of_four():
    figure, _ = leanings(eight(), TENSION, PAIR, EIGHT_LABELS, NATIONS)
    panels = figure.axes[:8]
    assert all(panel.axison for panel in panels)
    assert len({round(panel.get_position().x0, 3) for panel in panels}) == 4
    assert panels[0].get_title().startswith("SmolLM2, Vanilla")
    assert panels[7].get_title().startswith("SmolLM2, Persona prompt")
    assert figure.get_figwidth() < 11


def test_counts_and_n_are_above_each_panel():
    figure, _ = leanings(both(), TENSION, PAIR, LABELS, NATIONS)
    assert [panel.get_title().split("\n")[1:] for panel in figure.axes[:2]] == [
        ["2 nearer US, 0 nearer 中国", "ties: 1, n = 3"],
        ["1 nearer US, 2 nearer 中国", "ties: 0, n = 3"],
    ]
    larger = pl.DataFrame({"question": ["Q1", "Q2", "Q77"]})
    figure, _ = leanings(both(), larger, PAIR, LABELS, NATIONS)
    assert figure.axes[0].get_title().endswith("n = 2 of 3")


def test_dots_are_at_their_distances_with_a_marker_for_each_side():
    figure, rows = leanings(both(), TENSION, PAIR, LABELS, NATIONS)
    us, china, tie = figure.axes[0].collections
    assert np.allclose(us.get_offsets(), [[0.1, 0.5], [0.2, 0.4]])
    assert len(china.get_offsets()) == 0
    assert np.allclose(tie.get_offsets(), [[0.3, 0.3]])
    assert us.get_array().tolist() == pytest.approx([0.4, 0.2])  # bias
    paths = [dots.get_paths()[0].vertices.tolist() for dots in (us, china, tie)]
    assert paths[0] != paths[1] != paths[2]
    assert rows.filter(method="sft")["bias"].to_list() == pytest.approx([-0.3, -0.3, 0.2])


def test_bias_has_one_scale_with_zero_in_the_middle():
    figure, _ = leanings(both(), TENSION, PAIR, LABELS, NATIONS)
    limits = {dots.get_clim() for panel in figure.axes[:2] for dots in panel.collections}
    assert limits == {(-0.4, 0.4)}
    assert [panel.get_xlim() == panel.get_ylim() for panel in figure.axes[:2]] == [True, True]


def test_a_tension_set_without_answers_says_so():
    figure, rows = leanings(both(), TENSION.clear(), PAIR, LABELS, NATIONS)
    assert "no question" in figure.texts[0].get_text()
    assert rows.is_empty()
