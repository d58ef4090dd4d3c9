"""What holds for every figure of the survey."""

import warnings

import matplotlib.pyplot as plt
import polars as pl
import pytest

from culturalign.figures import save
from culturalign.survey.leaning_figure import leanings
from culturalign.survey.threshold_figure import thresholds
from culturalign.survey.topic_figure import topics

from .drawn import EIGHT_LABELS, LABELS, NATIONS, PAIR, TENSION, eight, four

pytestmark = pytest.mark.usefixtures("closed_figures")
DRAWN = {
    "thresholds": lambda: thresholds(four(), LABELS, NATIONS),
    "leanings": lambda: leanings(four(), TENSION, PAIR, LABELS, NATIONS),
    "topics": lambda: topics(four(), "js", "CHN", LABELS),
    "thresholds of eight": lambda: thresholds(eight(), EIGHT_LABELS, NATIONS),
    "leanings of eight": lambda: leanings(eight(), TENSION, PAIR, EIGHT_LABELS, NATIONS),
    "topics of eight": lambda: topics(eight(), "js", "CHN", EIGHT_LABELS),
}


@pytest.mark.parametrize("name", DRAWN)
def test_every_figure_is_saved_without_warnings_and_leaves_the_style_alone(tmp_path, name):
    before = dict(plt.rcParams)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a missing glyph, or a layout that does not fit
        figure, rows = DRAWN[name]()
        save(figure, rows, str(tmp_path / name))
    assert dict(plt.rcParams) == before
    assert pl.read_csv(tmp_path / f"{name}.csv").height == rows.height


@pytest.mark.parametrize("name", DRAWN)
def test_no_texts_overlap(name):
    figure, _ = DRAWN[name]()
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    texts = [text for panel in figure.axes for text in (panel.title, panel.xaxis.label)]
    texts += [*figure.legends[0].get_texts(), figure._suptitle]
    boxes = [text.get_window_extent(renderer) for text in texts if text.get_text()]
    for place, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[place + 1 :])


@pytest.mark.parametrize("name", DRAWN)
def test_legends_and_titles_lie_inside_the_figure(name):
    figure, _ = DRAWN[name]()
    figure.canvas.draw()
    parts = [*figure.legends, *(panel.title for panel in figure.axes if panel.get_title())]
    for box in (part.get_window_extent() for part in parts):
        assert box.x0 >= 0 and box.x1 <= figure.bbox.x1
        assert box.y0 >= 0 and box.y1 <= figure.bbox.y1
