"""Arms are told apart with and without color, and legends fit."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pytest
from matplotlib.lines import Line2D

from culturalign.report.figures import LINES, MARKERS, VANILLA_LINE, add_legend, grid, line, look


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def test_eight_arms_have_colors_markers_and_lines_of_their_own():
    looks = [look(number) for number in range(8)]
    assert len({each["color"] for each in looks}) == 8
    assert len({each["marker"] for each in looks}) == 8
    assert len({str(VANILLA_LINE), *(str(line(number)["ls"]) for number in range(7))}) == 8


def test_ninety_arms_differ_by_color_or_marker():
    assert len({tuple(look(number).values()) for number in range(90)}) == 90
    assert len(set(MARKERS)) == len(MARKERS)


def test_more_treatments_than_lines_differ_by_width():
    count = 2 * len(LINES)
    assert len({(str(x["ls"]), x["lw"]) for x in map(line, range(count))}) == count


@pytest.mark.parametrize(
    ("panels", "shape"), [(0, (1, 1)), (1, (1, 1)), (4, (1, 4)), (5, (2, 3)), (8, (2, 4))]
)
def test_panels_stand_in_even_rows_of_at_most_four(panels, shape):
    assert grid(panels, 4) == shape


@pytest.mark.parametrize("count", [1, 3, 4, 8, 12])
@pytest.mark.parametrize("width", [3.35, 5.4, 8])
def test_a_legend_lies_inside_its_figure(count, width):
    figure, _ = plt.subplots(figsize=(width, 5), layout="constrained")
    names = ["SmolLM2, SFT, shuffled cues", "SmolLM2, Vanilla", "SmolLM2, Country prompt"]
    add_legend(figure, [Line2D([], [], label=names[i % 3]) for i in range(count)])
    figure.canvas.draw()
    (legend,) = figure.legends
    box, whole = legend.get_window_extent(), figure.bbox
    assert box.x0 >= 0 and box.x1 <= whole.x1 and box.y0 >= 0
    assert len(legend.get_texts()) == count


def test_a_legend_takes_one_row_if_it_fits():
    figure = plt.figure(figsize=(8, 3))
    add_legend(figure, [Line2D([], [], label=name) for name in "abc"])
    heights = {text.get_window_extent().y0 for text in figure.legends[0].get_texts()}
    assert len(heights) == 1
