"""Figures: what is drawn, how it is labeled, and files that are equal for equal numbers."""

import warnings

import matplotlib.pyplot as plt
import polars as pl
import pytest

from culturalign.report.figures import draw_associations, draw_precision, draw_training, save

KS = [5, 10, 40]
HUMANS = "Half of the humans"


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def points(culture, arm, means):
    return pl.DataFrame(
        {
            "culture": culture,
            "arm": arm,
            "k": KS,
            "mean": means,
            "low": [m - 0.05 for m in means],
            "high": [m + 0.05 for m in means],
        }
    )


def precision_figure(cultures=("us", "cn"), labels=("US", "中国")):
    arms = {"Llama, Vanilla": [0.5, 0.4, 0.2], "Llama, SFT": [0.8, 0.7, 0.4]}
    rows = pl.concat([points(c, arm, means) for c in cultures for arm, means in arms.items()])
    ceiling = [points(c, "Llama, SFT", [0.6, 0.5, 0.3]) for c in cultures]
    ceiling += [points(c, HUMANS, [0.9, 0.8, 0.5]) for c in cultures]
    names = dict(zip(cultures, labels, strict=True))
    return draw_precision(rows, pl.concat(ceiling), names)


def training_rows():
    return pl.DataFrame(
        {
            "panel": ["Small, US"] * 6 + ["Small, 中国"] * 3,
            "arm": ["SFT, seed 0"] * 3 + ["SFT, seed 1"] * 3 + ["SFT, seed 0"] * 3,
            "step": [1.0, 2.0, 3.0] * 3,
            "loss": [3.0, 2.0, 1.5, 3.1, 2.1, 1.6, 2.9, 1.9, 1.4],
            "validation_loss": [None, 2.2, 1.8, None, 2.3, 1.9, None, None, 1.7],
        }
    )


def association_rows():
    return pl.DataFrame(
        {
            "culture": ["US"] * 5 + ["中国"] * 2,
            "cue": ["freedom"] * 3 + ["equality"] * 2 + ["自由"] * 2,
            "response": ["liberty", "speech", "flag", "rights", "justice", "飞翔", "鸟"],
            "strength": [0.3, 0.2, 0.1, 0.4, 0.25, 0.15, 0.05],
        }
    )


def bars(panel):
    """Label and length of each bar, top to bottom."""
    names = [tick.get_text() for tick in panel.get_yticklabels()]
    return list(zip(names, [bar.get_width() for bar in panel.patches], strict=True))


DRAWN = {
    "precision": precision_figure,
    "training": lambda: draw_training(training_rows()),
    "associations": lambda: draw_associations(association_rows(), ["US", "中国"]),
}


def test_precision_has_a_panel_a_culture_with_its_label():
    axes = precision_figure().axes
    assert [panel.get_title() for panel in axes] == ["US", "中国"]
    assert [panel.get_xlabel() for panel in axes] == ["K", "K"]
    assert axes[0].get_ylabel() == "precision@K"


def test_precision_is_drawn_from_zero_to_one_in_every_panel():
    assert [panel.get_ylim() for panel in precision_figure().axes] == [(0, 1), (0, 1)]


def test_the_ticks_of_precision_are_the_k_that_were_scored():
    for panel in precision_figure().axes:
        assert list(panel.get_xticks()) == KS
        assert [tick.get_text() for tick in panel.get_xticklabels()] == ["5", "10", "40"]
        assert len(panel.get_xticks(minor=True)) == 0


def test_every_arm_has_a_solid_line_with_whiskers_and_what_is_against_half_is_broken():
    for panel in precision_figure().axes:
        lines = {(line.get_label(), line.get_linestyle()) for line in panel.lines}
        styles = [line.get_linestyle() for line in panel.lines]
        assert sorted(styles) == ["-", "-", "--", ":"]  # two arms, the humans, one arm dotted
        assert ("Humans, half against half", "--") in lines
        assert {("Llama, Vanilla", "-"), ("Llama, SFT", "-")} <= lines
        assert len(panel.collections) == 2  # whiskers of each arm against everyone


def test_the_lines_of_precision_hold_the_numbers():
    panel = precision_figure().axes[0]
    drawn = {line.get_label(): list(line.get_ydata()) for line in panel.lines}
    assert drawn["Llama, SFT"] == [0.8, 0.7, 0.4]
    assert drawn["Humans, half against half"] == [0.9, 0.8, 0.5]
    at = {line.get_label(): list(line.get_xdata()) for line in panel.lines}
    assert at["Humans, half against half"] == KS
    # arms stand side by side, 6 % of K apart
    assert at["Llama, Vanilla"] == pytest.approx([0.97 * k for k in KS])
    assert at["Llama, SFT"] == pytest.approx([1.03 * k for k in KS])


@pytest.mark.parametrize("count", [3, 9, 24])
def test_equal_arms_of_precision_are_told_apart_and_stay_at_their_k(count):
    arms = [f"Llama, {number}" for number in range(count)]
    rows = pl.concat([points("us", arm, [0.3, 0.2, 0.1]) for arm in arms])
    figure = draw_precision(rows, points("us", HUMANS, [0.9, 0.8, 0.5]), {"us": "US"})
    lines = [line for line in figure.axes[0].lines if line.get_label() in arms]
    assert len({(line.get_color(), line.get_marker()) for line in lines}) == count
    starts = [line.get_xdata()[0] for line in lines]
    assert len(set(starts)) == count
    assert max(starts) < 1.25 * 5 and min(10 * start / 5 for start in starts) > 0.75 * 10
    figure.canvas.draw()
    (box,) = (legend.get_window_extent() for legend in figure.legends)
    assert box.x0 >= 0 and box.x1 <= figure.bbox.x1


def test_training_tells_arms_apart_by_marker_too():
    first, _ = draw_training(training_rows()).axes
    assert [line.get_marker() for line in first.lines[1::2]] == ["o", "s"]


def test_an_arm_against_half_of_the_humans_has_the_color_of_the_same_arm_against_all():
    for panel in precision_figure().axes:
        solid = next(line for line in panel.lines if line.get_label() == "Llama, SFT")
        dotted = next(line for line in panel.lines if line.get_linestyle() == ":")
        assert dotted.get_color() == solid.get_color()


def test_an_arm_has_the_same_color_in_every_panel_and_no_other_arm_has_it():
    colors = [
        {line.get_label(): line.get_color() for line in panel.lines if line.get_linestyle() == "-"}
        for panel in precision_figure().axes
    ]
    assert colors[0] == colors[1]
    assert len(set(colors[0].values())) == 2


def test_the_legend_of_precision_names_every_arm_once_and_the_humans():
    (legend,) = precision_figure().legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "Llama, Vanilla",
        "Llama, SFT",
        "Humans, half against half",
        "An arm against that half",
    ]


def test_one_culture_is_one_panel_of_a_papers_column():
    figure = precision_figure(cultures=("us",), labels=("US",))
    assert len(figure.axes) == 1
    assert figure.get_size_inches()[0] == pytest.approx(3.35)


def test_training_has_a_panel_for_each_model_and_culture():
    axes = draw_training(training_rows()).axes
    assert [panel.get_title() for panel in axes] == ["Small, US", "Small, 中国"]
    assert [panel.get_xlabel() for panel in axes] == ["optimizer step"] * 2
    assert axes[0].get_ylabel() == "loss (nats a token)"


def test_each_arm_of_training_has_a_line_of_loss_and_dots_where_it_was_validated():
    first, second = draw_training(training_rows()).axes
    assert [len(panel.lines) for panel in (first, second)] == [4, 2]
    loss, validation = first.lines[:2]
    assert (list(loss.get_xdata()), list(loss.get_ydata())) == ([1, 2, 3], [3.0, 2.0, 1.5])
    assert (list(validation.get_xdata()), list(validation.get_ydata())) == ([2, 3], [2.2, 1.8])
    assert (validation.get_marker(), loss.get_marker()) == ("o", "None")
    assert validation.get_color() == loss.get_color()
    assert first.lines[0].get_color() != first.lines[2].get_color()


def test_the_legend_of_training_names_the_arms():
    rows = training_rows().filter(panel="Small, US")
    (panel,) = draw_training(rows).axes
    assert [text.get_text() for text in panel.get_legend().get_texts()] == [
        "SFT, seed 0",
        "SFT, seed 1",
    ]


def test_associations_have_a_column_a_culture_and_a_row_a_cue():
    axes = draw_associations(association_rows(), ["US", "中国"]).axes
    assert [panel.get_title() for panel in axes] == [
        "US: freedom",
        "中国: 自由",
        "US: equality",
        "",
    ]
    assert [panel.axison for panel in axes] == [True, True, True, False]  # one cue is missing


def test_bars_are_the_strengths_strongest_at_the_top():
    panel = draw_associations(association_rows(), ["US", "中国"]).axes[0]
    assert bars(panel) == [("liberty", 0.3), ("speech", 0.2), ("flag", 0.1)]
    bottom, top = panel.get_ylim()
    assert bottom > top  # the first bar is uppermost


def test_the_lowest_panel_of_each_column_says_what_is_drawn():
    axes = draw_associations(association_rows(), ["US"]).axes
    assert [panel.get_xlabel() for panel in axes] == ["", "association strength"]


def test_a_column_with_fewer_cues_says_what_is_drawn_under_its_last_one():
    axes = draw_associations(association_rows(), ["US", "中国"]).axes
    last = axes[1]  # the only panel of the second column that is shown
    assert last.get_xlabel() == "association strength"


@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_is_saved_in_three_formats_with_its_numbers(tmp_path, name):
    numbers = association_rows()
    save(DRAWN[name](), numbers, str(tmp_path / "figure"))
    starts = {"pdf": b"%PDF", "svg": b"<?xml", "png": b"\x89PNG"}
    for ending, start in starts.items():
        assert (tmp_path / f"figure.{ending}").read_bytes().startswith(start)
    assert pl.read_csv(tmp_path / "figure.csv").equals(numbers)
    assert len(list(tmp_path.iterdir())) == 4
    assert plt.get_fignums() == []  # closed: a run of many figures must not hold them all


@pytest.mark.parametrize("ending", ["pdf", "svg", "png", "csv"])
@pytest.mark.parametrize("name", DRAWN)
def test_equal_numbers_give_identical_files(tmp_path, name, ending):
    for run in ("one", "two"):
        save(DRAWN[name](), association_rows(), str(tmp_path / run))
    one, two = ((tmp_path / f"{run}.{ending}").read_bytes() for run in ("one", "two"))
    assert one == two


@pytest.mark.parametrize("name", DRAWN)
def test_han_characters_have_glyphs(tmp_path, name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a missing glyph when it draws
        save(DRAWN[name](), association_rows(), str(tmp_path / "figure"))


def test_pdf_text_is_embedded_as_truetype_and_stays_text(tmp_path):
    # publishers refuse Type 3 fonts; STYLE asks for fonttype 42
    save(precision_figure(), association_rows(), str(tmp_path / "figure"))
    pdf = (tmp_path / "figure.pdf").read_bytes()
    assert b"/Type3" not in pdf
    assert b"/CIDFontType2" in pdf or b"/TrueType" in pdf


def test_drawing_leaves_the_global_style_alone():
    before = dict(plt.rcParams)
    for draw in DRAWN.values():
        draw()
    assert dict(plt.rcParams) == before
