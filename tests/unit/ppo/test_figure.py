import polars as pl

from culturalign.ppo.figure import PANELS, draw_ppo
from culturalign.ppo.training import LOGGED


def test_every_quantity_has_a_panel_and_every_arm_a_line():
    columns = {name: [0.0, 1.0, 0.5, 0.25] for name in PANELS}
    rows = pl.DataFrame(
        {"panel": ["a", "a", "b", "b"], "arm": ["PPO"] * 4, "step": [1.0, 2.0, 1.0, 2.0]} | columns
    )
    axes = draw_ppo(rows).axes
    assert [axis.get_title() for axis in axes] == list(PANELS.values())
    assert all(len(axis.lines) == 2 for axis in axes)
    assert list(axes[0].lines[1].get_ydata()) == [0.5, 0.25]


def test_what_is_drawn_is_logged():
    assert set(PANELS) <= set(LOGGED)
