"""Training logs: how they are read, and what is drawn."""

import polars as pl
import pytest

from culturalign.artifacts.training_logs import PPO_LOG
from culturalign.report.figures import COLORS
from culturalign.report.training_figures import PANELS, draw_ppo, draw_training, read_logs

pytestmark = pytest.mark.usefixtures("closed_figures")
LABELS = {"models": {"small": "Small", "big": "Big"}, "cultures": {"us": "US", "cn": "中国"},
          "methods": {"sft": "SFT", "sft-shuffled": "SFT, shuffled cues",
                      "ppo": "PPO"}}  # fmt: skip
NUMBERS = ["step", "loss", "learning_rate", "grad_norm", "validation_loss"]
SCHEMA = dict.fromkeys(NUMBERS, pl.Float64)


def training_rows():
    return pl.DataFrame({
        "panel": ["Small, US"] * 6 + ["Small, 中国"] * 3,
        "arm": ["SFT, seed 0"] * 3 + ["SFT, seed 1"] * 3 + ["SFT, seed 0"] * 3,
        "step": [1.0, 2.0, 3.0] * 3,
        "loss": [3.0, 2.0, 1.5, 3.1, 2.1, 1.6, 2.9, 1.9, 1.4],
        "validation_loss": [None, 2.2, 1.8, None, 2.3, 1.9, None, None, 1.7],
    })  # fmt: skip


def test_logs_are_named_after_their_folders_and_follow_each_other_as_given(tmp_path):
    logs = {
        "small/cn/sft-shuffled/seed12": [(1, 2.5, 0.1, 1 / 3, None), (2, 1.5, 0.2, 0.8, 2.0)],
        "big/us/sft/seed0": [(1, 3.0, 0.1, 1.0, 2.9)],
        "big/us/sft/seed1": [(1, 3.5, 0.1, 1.0, 2.9)],
    }
    files = []
    for place, rows in logs.items():
        path = tmp_path / "results/models" / place / "training.parquet"
        path.parent.mkdir(parents=True)
        pl.DataFrame(rows, schema=SCHEMA, orient="row").write_parquet(path)
        files.append(str(path))
    table = read_logs(files, LABELS)
    assert table.columns == ["panel", "arm", *SCHEMA]
    arms = [*["Small, 中国: SFT, shuffled cues, seed 12"] * 2, "Big, US: SFT, seed 0",
            "Big, US: SFT, seed 1"]  # fmt: skip
    assert table.select(pl.format("{}: {}", "panel", "arm")).to_series().to_list() == arms
    assert table.select(SCHEMA.keys()).rows() == [row for rows in logs.values() for row in rows]


def test_training_has_a_panel_for_each_model_and_culture_and_a_legend_of_arms():
    figure = draw_training(training_rows(), LABELS)
    assert [panel.get_title() for panel in figure.axes] == ["Small, US", "Small, 中国"]
    assert [panel.get_xlabel() for panel in figure.axes] == ["optimizer step"] * 2
    assert figure.axes[0].get_ylabel() == "loss (nats a token)"
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["SFT, seed 0", "SFT, seed 1"]
    # each arm has a line of its loss, and marks where it was validated
    first, second = figure.axes
    assert [len(panel.lines) for panel in (first, second)] == [4, 2]
    loss, validation, other = first.lines[:3]
    assert (list(loss.get_xdata()), list(loss.get_ydata())) == ([1, 2, 3], [3.0, 2.0, 1.5])
    assert (list(validation.get_xdata()), list(validation.get_ydata())) == ([2, 3], [2.2, 1.8])
    assert [line.get_marker() for line in first.lines] == ["None", "o", "None", "s"]
    # vanilla, which is not trained, has the first color; seeds of a method share theirs
    assert validation.get_color() == loss.get_color() == other.get_color() == COLORS[1]


def test_methods_keep_their_colors_and_seeds_have_markers():
    rows = training_rows().with_columns(pl.col("arm").str.replace("SFT, seed 1", "PPO, seed 0"))
    lines = draw_training(rows, LABELS).axes[0].lines
    assert [line.get_color() for line in lines] == [COLORS[1]] * 2 + [COLORS[3]] * 2
    assert [line.get_marker() for line in lines] == ["None", "o"] * 2


def test_shares_of_ppo_are_drawn_from_0():
    """0.010 and 0.012 do not look like nothing and everything."""
    columns = {name: [0.010, 0.012] for name in PANELS}
    rows = pl.DataFrame({"panel": ["a"] * 2, "arm": ["PPO, seed 0"] * 2, "step": [1, 2]} | columns)
    lowest = {axis.get_title(): axis.get_ylim()[0] for axis in draw_ppo(rows, LABELS).axes}
    assert {title for title, low in lowest.items() if low == 0} == {
        "clipped tokens (share)", "unparsed responses (share)", "incomplete responses (share)"
    }  # fmt: skip


def test_every_logged_quantity_of_ppo_has_a_panel_and_every_arm_a_line():
    assert set(PANELS) <= set(PPO_LOG.schema)
    columns = {name: [0.0, 1.0, 0.5, 0.25] for name in PANELS}
    rows = pl.DataFrame(
        {"panel": ["a", "a", "b", "b"], "arm": ["PPO, seed 0"] * 4, "step": [1.0, 2.0, 1.0, 2.0]}
        | columns
    )
    figure = draw_ppo(rows, LABELS)
    assert [axis.get_title() for axis in figure.axes] == list(PANELS.values())
    assert all(len(axis.lines) == 2 for axis in figure.axes)
    assert list(figure.axes[0].lines[1].get_ydata()) == [0.5, 0.25]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "a, PPO, seed 0",
        "b, PPO, seed 0",
    ]
    first, second = figure.axes[0].lines  # one color a method, one line a culture
    assert first.get_color() == second.get_color() == COLORS[3]
    assert first.get_linestyle() != second.get_linestyle()
