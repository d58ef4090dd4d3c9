"""Leanings: what is drawn, how it is marked, and its numbers."""

import numpy as np
import polars as pl
import pytest

from culturalign.report.survey.leaning_figure import leanings
from tests.unit.report.survey import drawn
from tests.unit.report.survey.drawn import LABELS, TENSION, both, eight, four

pytestmark = pytest.mark.usefixtures("closed_figures")


def draw(scores, tension=TENSION, labels=LABELS):
    return leanings(scores, drawn.known(), tension, drawn.PAIR, labels, drawn.NATIONS)


def test_leanings_have_a_row_a_model_with_vanilla_first():
    panels = draw(four())[0].axes[:6]
    assert [panel.get_title().split("\n")[0] for panel in panels] == [
        "Qwen, Vanilla", "Qwen, SFT (ZH)", "Qwen, PPO (ZH)", "Llama, Vanilla", "Llama, SFT (ZH)",
        "",
    ]  # fmt: skip
    assert [panel.axison for panel in panels] == [True] * 5 + [False]


def test_a_swapped_arm_names_what_it_was_trained_on_once():
    methods = LABELS["methods"] | {"sft@us": "SFT, trained on US"}
    other = (
        four()
        .filter(model="qwen", method="sft")
        .with_columns(culture=pl.lit("us"), method=pl.lit("sft@us"))
    )
    figure, _ = draw(pl.concat([four(), other]), labels=LABELS | {"methods": methods})
    titles = [panel.get_title().split("\n")[0] for panel in figure.axes]
    assert "Qwen, SFT, trained on US" in titles and "Qwen, SFT (ZH)" in titles


def test_eight_arms_are_in_two_rows_of_four():
    figure, _ = draw(eight(), labels=drawn.EIGHT_LABELS)
    panels = figure.axes[:8]
    assert all(panel.axison for panel in panels)
    assert len({round(panel.get_position().x0, 3) for panel in panels}) == 4
    assert panels[0].get_title().startswith("SmolLM2, Vanilla")
    assert panels[7].get_title().startswith("SmolLM2, Persona prompt")
    assert figure.get_figwidth() < 11


def test_counts_and_n_are_above_each_panel_and_bias_has_one_scale_with_zero_in_its_middle():
    figure, _ = draw(both())
    limits = {dots.get_clim() for panel in figure.axes[:2] for dots in panel.collections}
    assert limits == {(-0.4, 0.4)}
    assert all(panel.get_xlim() == panel.get_ylim() for panel in figure.axes[:2])
    assert [panel.get_title().split("\n")[1:] for panel in figure.axes[:2]] == [
        ["2 nearer US, 0 nearer 中国", "ties: 1, n = 3"],
        ["1 nearer US, 2 nearer 中国", "ties: 0, n = 3"],
    ]
    larger = pl.DataFrame({"question": ["Q1", "Q2", "Q77"]})
    figure, _ = draw(both(), larger)
    assert figure.axes[0].get_title().endswith("n = 2 of 3")


def test_dots_are_at_their_distances_with_a_marker_for_each_side():
    figure, rows = draw(both())
    us, china, tie = figure.axes[0].collections
    assert np.allclose(us.get_offsets(), [[0.1, 0.5], [0.2, 0.4]])
    assert len(china.get_offsets()) == 0
    assert np.allclose(tie.get_offsets(), [[0.3, 0.3]])
    assert us.get_array().tolist() == pytest.approx([0.4, 0.2])  # bias
    paths = [dots.get_paths()[0].vertices.tolist() for dots in (us, china, tie)]
    assert paths[0] != paths[1] != paths[2]
    assert rows.filter(method="sft")["bias"].to_list() == pytest.approx([-0.3, -0.3, 0.2])


def test_a_tension_set_without_answers_says_so():
    figure, rows = draw(both(), TENSION.clear())
    assert "no question" in figure.texts[0].get_text()
    assert rows.is_empty()


def test_the_uniform_answer_is_a_gray_cross_in_every_panel():
    figure, rows = draw(both())
    for panel in figure.axes[:2]:
        (crosses,) = (line for line in panel.lines if line.get_marker() == "x")
        assert list(crosses.get_xydata().ravel()) == [0.2, 0.4, 0.3, 0.3, 0.2, 0.25]
    assert drawn.legend(figure)[-1] == "uniform answer: 2 nearer US, 0 nearer 中国"
    # not a panel of its own, but in the numbers
    assert rows.filter(method="uniform").height == 3
