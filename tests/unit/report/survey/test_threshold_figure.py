"""Threshold curves: what is drawn, how it is marked, and its numbers."""

import polars as pl
import pytest

from culturalign.report.survey.threshold_figure import thresholds
from tests.unit.report.survey import drawn
from tests.unit.report.survey.drawn import EIGHT_LABELS, LABELS, NATIONS, both, four, legend

NONE = drawn.known().clear()
pytestmark = pytest.mark.usefixtures("closed_figures")


def test_curves_have_a_row_a_measure_and_a_column_a_nation():
    figure, _ = thresholds(both(), NONE, LABELS, NATIONS)
    assert [panel.get_title() for panel in figure.axes] == ["US", "中国"] * 2
    names = [panel.get_xlabel() for panel in figure.axes]
    assert names == ["Jensen-Shannon distance"] * 2 + ["earth mover's distance, positional"] * 2
    assert len(thresholds(both(), NONE, LABELS, NATIONS, measures=["js"])[0].axes) == 2


def test_curves_hold_the_numbers():
    figure, rows = thresholds(both(), NONE, LABELS, NATIONS, measures=["emd"])
    vanilla = rows.filter(arm="Qwen, Vanilla", country="USA")
    at = dict(zip(vanilla["threshold"].round(2), vanilla["share"], strict=True))
    assert (at[0.05], at[0.15], at[0.25], at[0.35]) == pytest.approx((0, 1 / 3, 2 / 3, 1))
    (line, _) = figure.axes[0].lines
    assert list(line.get_ydata()) == vanilla["share"].to_list()
    # curves end where all questions are below: the largest distance is 0.5; nations share the axis
    assert [axis.get_xlim() for axis in figure.axes] == [pytest.approx((0, 0.55))] * 2


def test_models_differ_by_color_and_marker_and_methods_by_line():
    figure, _ = thresholds(four(), NONE, LABELS, NATIONS)
    lines = dict(zip(legend(figure), figure.legends[0].get_lines(), strict=True))
    assert list(lines) == ["Qwen, Vanilla", "Qwen, SFT", "Qwen, PPO", "Llama, Vanilla",
                           "Llama, SFT"]  # fmt: skip
    styles = {arm: line.get_linestyle() for arm, line in lines.items()}
    assert styles["Qwen, Vanilla"] == styles["Llama, Vanilla"] == "--"
    assert len({styles[arm] for arm in ("Qwen, Vanilla", "Qwen, SFT", "Qwen, PPO")}) == 3
    assert styles["Qwen, SFT"] == styles["Llama, SFT"]
    for tell in ("get_color", "get_marker"):
        values = [getattr(lines[arm], tell)() for arm in ("Qwen, SFT", "Qwen, PPO", "Llama, SFT")]
        assert values[0] == values[1] != values[2]


def test_arms_of_several_cultures_in_one_nation_differ():
    us = both().filter(method="sft").with_columns(culture=pl.lit("us"))
    figure, _ = thresholds(pl.concat([both(), us]), NONE, LABELS, NATIONS)
    assert legend(figure) == ["Qwen, Vanilla", "Qwen, SFT (ZH)", "Qwen, SFT (US)"]
    styles = [line.get_linestyle() for line in figure.legends[0].get_lines()]
    assert len(set(styles)) == 3


def test_eight_arms_have_colors_markers_and_lines_of_their_own():
    figure, _ = thresholds(drawn.eight(), NONE, EIGHT_LABELS, NATIONS)
    handles = figure.legends[0].get_lines()
    for tell in ("get_color", "get_marker"):
        assert len({getattr(handle, tell)() for handle in handles}) == 8
    # get_linestyle calls every pattern of dashes "--"
    assert len({str(handle._dash_pattern) for handle in handles}) == 8


def test_a_method_keeps_its_color_where_others_are_left_out():
    colors = []
    for scores in (
        drawn.eight(),
        drawn.eight().filter(pl.col("method") != next(iter(drawn.TREATMENTS))),
    ):
        figure, _ = thresholds(scores, NONE, EIGHT_LABELS, NATIONS)
        names = zip(legend(figure), figure.legends[0].get_lines(), strict=True)
        colors.append({name: line.get_color() for name, line in names})
    assert len(colors[1]) == 7 and colors[1].items() <= colors[0].items()


def test_markers_of_equal_curves_are_at_different_heights():
    spread = {f"Q{i + 1}": (i / 100, i / 100) for i in range(100)}
    who = [(None, "vanilla", None), *(("cn", method, 0) for method in drawn.TREATMENTS)]
    arms = [drawn.scores(("qwen", *arm), **spread) for arm in who]
    figure, _ = thresholds(pl.concat(arms), NONE, EIGHT_LABELS, NATIONS, measures=["emd"])
    marks = [mark for line in figure.axes[0].lines for mark in line.get_markevery()]
    assert len(set(marks)) == len(marks) == 4 * 8


def test_zero_knowledge_is_gray_and_people_only_stand_in_the_other_nation():
    figure, rows = thresholds(both(), drawn.known(), LABELS, NATIONS, measures=["js"])
    names = ["Uniform answer", "Average by place", "People, US", "People, 中国",
             "Sample of the people"]  # fmt: skip
    assert legend(figure) == ["Qwen, Vanilla", "Qwen, SFT", *names]
    lines = dict(zip(legend(figure), figure.legends[0].get_lines(), strict=True))
    assert {lines[name].get_color() for name in names} == {"0.6"}
    curves = [[len(line.get_xdata()) > 0 for line in panel.lines] for panel in figure.axes]
    assert curves == [
        [True, True, True, True, False, True, True],
        [True, True, True, True, True, False, True],
    ]
    assert "Always the first option" in rows["arm"].to_list()  # in the csv, not drawn
