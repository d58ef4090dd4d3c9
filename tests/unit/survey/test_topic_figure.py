"""Topics: what is drawn, how it is told apart, and the numbers behind it."""

from functools import partial

import polars as pl
import pytest

from culturalign.intervals import bootstrap_mean
from culturalign.survey.topic_figure import topics

from .drawn import LABELS, both, four, legend

INTERVAL = partial(bootstrap_mean, resamples=100, confidence=0.95, seed=0)
pytestmark = pytest.mark.usefixtures("closed_figures")


def test_topics_have_a_panel_a_trained_arm_and_n():
    figure, rows = topics(four(), "emd", "CHN", INTERVAL, LABELS)
    titles = [panel.get_title() for panel in figure.axes if panel.axison]
    assert titles == ["Qwen, SFT", "Qwen, PPO", "Llama, SFT"]
    ticks = [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
    assert ticks == ["Trust (n = 1)", "Religion (n = 2)"]
    bottom, top = figure.axes[0].get_ylim()
    assert bottom > top  # in the order of the questionnaire, downward
    assert figure.axes[0].get_xlabel() == "earth mover's distance"
    first = rows.filter(panel="Qwen, SFT").select("topic", "state", "mean", "n").rows()
    assert first == [
        ("Trust", "Vanilla", 0.5, 1),
        ("Religion", "Vanilla", pytest.approx(0.35), 2),
        ("Trust", "SFT", 0.1, 1),
        ("Religion", "SFT", pytest.approx(0.25), 2),
    ]


def test_topics_average_seeds_first_and_differ_by_marker():
    again = both().filter(method="sft").with_columns(seed=pl.lit(1, pl.Int64), emd=pl.lit(0.5))
    figure, rows = topics(pl.concat([both(), again]), "emd", "CHN", INTERVAL, LABELS)
    assert rows.filter(state="SFT")["mean"].to_list() == pytest.approx([0.3, 0.375])
    assert legend(figure) == ["Vanilla", "SFT"]
    assert [line.get_marker() for line in figure.legends[0].get_lines()] == ["o", "D"]


def test_topics_without_trained_arms_are_empty():
    figure, rows = topics(both().filter(method="vanilla"), "js", "CHN", INTERVAL, LABELS)
    assert rows.is_empty()
    assert not any(panel.axison for panel in figure.axes)
