"""Figures: what is drawn, how it is labeled, and files that are equal for equal numbers."""

import warnings

import matplotlib.pyplot as plt
import polars as pl
import pytest
from matplotlib.colors import to_hex

from culturalign.report import figures
from culturalign.report.figures import (
    add_legend,
    draw_associations,
    draw_precision,
    line,
    look,
    looks,
)
from culturalign.report.training_figures import draw_training
from tests.unit.report.test_training_figures import LABELS, training_rows

pytestmark = pytest.mark.usefixtures("closed_figures")
KS = [5, 10, 40]
HUMANS = "Half of the humans"


def points(culture, arm, means, reference="all humans", method="sft"):
    model = arm.partition(", ")[0]
    arms = {"culture": culture, "arm": arm, "model": model, "method": method}
    frame = pl.DataFrame(arms | {"k": KS, "mean": means})
    low, high = pl.col("mean") - 0.05, pl.col("mean") + 0.05
    return frame.with_columns(low=low, high=high, reference=pl.lit(reference))


def precision_figure(cultures=("us", "cn"), labels=("US", "中国")):
    arms = {"Llama, Vanilla": [0.5, 0.4, 0.2], "Llama, SFT": [0.8, 0.7, 0.4]}
    kinds = {"Llama, Vanilla": "vanilla", "Llama, SFT": "sft"}
    rows = [points(c, a, m, method=kinds[a]) for c in cultures for a, m in arms.items()]
    half = {"Llama, SFT": [0.6, 0.5, 0.3], HUMANS: [0.9, 0.8, 0.5]}
    rows += [points(c, a, m, "half of the humans") for c in cultures for a, m in half.items()]
    return draw_precision(pl.concat(rows), named(cultures, labels))


def named(cultures, labels):
    return {"methods": {"sft": "SFT"}, "cultures": dict(zip(cultures, labels, strict=True))}


def association_rows():
    rows = [
        ("US", "freedom", "liberty", 0.3), ("US", "freedom", "speech", 0.2),
        ("US", "freedom", "flag", 0.1), ("US", "equality", "rights", 0.4),
        ("US", "equality", "justice", 0.25), ("中国", "自由", "飞翔", 0.15),
        ("中国", "自由", "鸟", 0.05),
    ]  # fmt: skip
    table = pl.DataFrame(rows, schema=["culture", "cue", "response", "strength"], orient="row")
    axis = pl.when(cue="equality").then(pl.lit("share")).otherwise(pl.lit("strength"))
    return table.with_columns(axis=axis)


DRAWN = {
    "precision": precision_figure,
    "training": lambda: draw_training(training_rows(), LABELS),
    "associations": lambda: draw_associations(association_rows(), ["US", "中国"]),
}


def test_arms_differ_by_color_or_marker_and_treatments_by_line_or_width():
    eight = [look(number) for number in range(8)]
    assert len({each["color"] for each in eight}) == len({each["marker"] for each in eight}) == 8
    lines = {str(figures.VANILLA_LINE), *(str(line(number)["ls"]) for number in range(7))}
    assert len(lines) == 8
    assert len({tuple(look(number).values()) for number in range(110)}) == 110
    assert len(set(figures.MARKERS)) == len(figures.MARKERS)
    count = 2 * len(figures.LINES)
    assert len({(str(x["ls"]), x["lw"]) for x in map(line, range(count))}) == count


@pytest.mark.parametrize(
    ("panels", "shape"), [(0, (1, 1)), (1, (1, 1)), (4, (1, 4)), (5, (2, 3)), (8, (2, 4))]
)
def test_panels_are_in_even_rows_of_at_most_four(panels, shape):
    assert figures.grid(panels, 4) == shape


@pytest.mark.parametrize("count", [1, 3, 4, 8, 12])
@pytest.mark.parametrize("width", [3.35, 5.4, 8])
def test_a_legend_lies_inside_its_figure(count, width):
    figure, _ = plt.subplots(figsize=(width, 5), layout="constrained")
    names = ["SmolLM2, SFT, shuffled cues", "SmolLM2, Vanilla", "SmolLM2, Country prompt"]
    add_legend(figure, [figures.handle(names[i % 3]) for i in range(count)])
    figure.canvas.draw()
    (legend,) = figure.legends
    box, whole = legend.get_window_extent(), figure.bbox
    assert box.x0 >= 0 and box.x1 <= whole.x1 and box.y0 >= 0
    assert len(legend.get_texts()) == count


def test_a_legend_takes_one_row_if_it_fits():
    figure = plt.figure(figsize=(8, 3))
    add_legend(figure, [figures.handle(name) for name in "abc"])
    assert len({text.get_window_extent().y0 for text in figure.legends[0].get_texts()}) == 1


def test_precision_has_a_panel_for_each_culture_from_zero_to_one_with_the_k_scored():
    axes = precision_figure().axes
    assert [panel.get_title() for panel in axes] == ["US", "中国"]
    assert axes[0].get_ylabel() == "precision@K"
    for panel in axes:
        assert (panel.get_xlabel(), panel.get_ylim()) == ("K", (0, 1))
        assert list(panel.get_xticks()) == KS
        assert [tick.get_text() for tick in panel.get_xticklabels()] == ["5", "10", "40"]
        assert len(panel.get_xticks(minor=True)) == 0
    one = precision_figure(cultures=("us",), labels=("US",))  # fits a paper's column
    assert len(one.axes) == 1 and one.get_size_inches()[0] == pytest.approx(3.35)


def test_every_arm_has_a_solid_line_with_its_numbers_and_what_is_against_half_is_broken():
    figure = precision_figure()
    for panel in figure.axes:
        vanilla, sft, dotted, human = panel.lines
        assert [x.get_linestyle() for x in panel.lines] == ["-", "-", ":", "--"]
        names = [x.get_label() for x in (vanilla, sft, human)]
        assert names == ["Llama, Vanilla", "Llama, SFT", "Humans, half against half"]
        assert dotted.get_color() == sft.get_color() != vanilla.get_color()
        assert len(panel.collections) == 2  # whiskers of each arm against all humans
        assert list(sft.get_ydata()) == [0.8, 0.7, 0.4]
        assert (list(human.get_xdata()), list(human.get_ydata())) == (KS, [0.9, 0.8, 0.5])
        # arms are 6 % of K apart
        assert list(vanilla.get_xdata()) == pytest.approx([0.97 * k for k in KS])
        assert list(sft.get_xdata()) == pytest.approx([1.03 * k for k in KS])
    first, second = ([x.get_color() for x in panel.lines] for panel in figure.axes)
    assert first == second
    (legend,) = figure.legends
    shown = [*names, "An arm against that half"]
    assert [text.get_text() for text in legend.get_texts()] == shown


@pytest.mark.parametrize("count", [3, 9, 24])
def test_equal_arms_of_precision_can_be_distinguished_and_stay_at_their_k(count):
    arms = [f"Llama, {number}" for number in range(count)]
    rows = [points("us", arm, [0.3, 0.2, 0.1], method=arm) for arm in arms]
    figure = draw_precision(pl.concat(rows), named(["us"], ["US"]))
    lines = [line for line in figure.axes[0].lines if line.get_label() in arms]
    assert len({(line.get_color(), line.get_marker()) for line in lines}) == count
    starts = [line.get_xdata()[0] for line in lines]
    assert len(set(starts)) == count
    assert max(starts) < 1.25 * 5 and min(10 * start / 5 for start in starts) > 0.75 * 10
    figure.canvas.draw()
    (box,) = (legend.get_window_extent() for legend in figure.legends)
    assert box.x0 >= 0 and box.x1 <= figure.bbox.x1


def test_an_arm_of_the_second_culture_alone_is_in_the_legend_of_precision():
    arms = [("us", "Llama, SFT, China", "sft@zh"), ("zh", "Llama, SFT, US", "sft@us")]
    rows = pl.concat([points(c, arm, [0.3, 0.2, 0.1], method=m) for c, arm, m in arms])
    figure = draw_precision(rows, named(["us", "zh"], ["US", "China"]))
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [arm for _, arm, _ in arms]


def test_a_method_of_a_single_model_has_its_color_whatever_else_is_drawn():
    methods = ["vanilla", "sft", "ppo", "sft@us"]
    few = looks([("Small, PPO", "small", "ppo"), ("Frequent", "-", "frequent")], methods)
    assert few == {"Small, PPO": look(2), "Frequent": look(4)}
    two = [("Small, PPO", "small", "ppo"), ("Large, PPO", "large", "ppo"), ("Frequent", "-", "f")]
    assert [*looks(two, methods).values()] == [look(0), look(1), look(2)]


def test_associations_have_a_column_a_culture_a_row_a_cue_and_bars_from_the_strongest():
    axes = draw_associations(association_rows(), ["US", "中国"]).axes
    titles = [panel.get_title() for panel in axes]
    assert titles == ["US: freedom", "中国: 自由", "US: equality", ""]
    assert [panel.axison for panel in axes] == [True, True, True, False]  # one cue is missing
    assert axes[0].get_xlim() == axes[1].get_xlim()  # strengths side by side can be compared
    assert not {to_hex(bar.get_facecolor()) for bar in axes[0].patches} & set(figures.COLORS)
    # the last panel of each kind in a column says what is drawn
    assert [p.get_xlabel() for p in axes[:3]] == ["strength", "strength", "share"]
    names = [tick.get_text() for tick in axes[0].get_yticklabels()]
    assert names == ["liberty", "speech", "flag"]
    assert [bar.get_width() for bar in axes[0].patches] == [0.3, 0.2, 0.1]
    bottom, top = axes[0].get_ylim()
    assert bottom > top  # the first bar is uppermost


@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_is_saved_in_three_formats_with_its_numbers_equal_each_time(tmp_path, name):
    numbers = association_rows()
    before = dict(plt.rcParams)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a missing glyph when it draws
        for run in ("one", "two"):
            figures.save(DRAWN[name](), numbers, str(tmp_path / run))
    starts = {"pdf": b"%PDF", "svg": b"<?xml", "png": b"\x89PNG", "csv": b"culture,"}
    for ending, start in starts.items():
        one, two = ((tmp_path / f"{run}.{ending}").read_bytes() for run in ("one", "two"))
        assert one == two and one.startswith(start)
    assert pl.read_csv(tmp_path / "one.csv").equals(numbers)
    assert len(list(tmp_path.iterdir())) == 8
    assert plt.get_fignums() == []  # closed: a run of many figures must not hold them all
    assert dict(plt.rcParams) == before


def test_pdf_text_is_embedded_as_truetype_and_stays_text(tmp_path):
    # publishers refuse Type 3 fonts; STYLE asks for fonttype 42
    figures.save(precision_figure(), association_rows(), str(tmp_path / "figure"))
    pdf = (tmp_path / "figure.pdf").read_bytes()
    assert b"/Type3" not in pdf
    assert b"/CIDFontType2" in pdf or b"/TrueType" in pdf
