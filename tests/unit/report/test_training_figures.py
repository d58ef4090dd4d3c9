"""Training logs of several arms, told apart by panel and arm."""

import polars as pl

from culturalign.artifacts.training_logs import PPO_LOG
from culturalign.report.training_figures import PANELS, draw_ppo, read_logs

LABELS = {
    "models": {"small": "Small", "big": "Big"},
    "methods": {"sft": "SFT", "sft-shuffled": "SFT, shuffled cues"},
    "cultures": {"us": "US", "cn": "中国"},
}
SCHEMA = dict.fromkeys(
    ["step", "loss", "learning_rate", "grad_norm", "validation_loss"], pl.Float64
)


def log(folder, place, *rows):
    path = folder / "results/models" / place / "training.parquet"
    path.parent.mkdir(parents=True)
    pl.DataFrame(rows, schema=SCHEMA, orient="row").write_parquet(path)
    return str(path)


def test_a_log_is_named_after_its_folders(tmp_path):
    file = log(tmp_path, "small/us/sft/seed0", (1, 2.5, 0.1, 0.9, None), (2, 1.5, 0.2, 0.8, 2.0))
    table = read_logs([file], LABELS)
    assert table.columns == ["panel", "arm", *SCHEMA]
    assert table.rows() == [
        ("Small, US", "SFT, seed 0", 1.0, 2.5, 0.1, 0.9, None),
        ("Small, US", "SFT, seed 0", 2.0, 1.5, 0.2, 0.8, 2.0),
    ]


def test_logs_follow_each_other_in_the_order_given(tmp_path):
    files = [
        log(tmp_path, "small/cn/sft-shuffled/seed12", (1, 2.0, 0.1, 1.0, None)),
        log(tmp_path, "big/us/sft/seed0", (1, 3.0, 0.1, 1.0, 2.9)),
    ]
    assert read_logs(files, LABELS).select("panel", "arm", "loss").rows() == [
        ("Small, 中国", "SFT, shuffled cues, seed 12", 2.0),
        ("Big, US", "SFT, seed 0", 3.0),
    ]


def test_seeds_of_one_method_are_two_arms_in_one_panel(tmp_path):
    files = [log(tmp_path, f"small/us/sft/seed{s}", (1, 1.0, 0.1, 1.0, None)) for s in (0, 1)]
    table = read_logs(files, LABELS)
    assert table["panel"].n_unique() == 1
    assert table["arm"].to_list() == ["SFT, seed 0", "SFT, seed 1"]


def test_the_numbers_are_those_of_the_logs(tmp_path):
    rows = [(float(step), 1 / step, 0.1, 1 / 3, None) for step in range(1, 20)]
    table = read_logs([log(tmp_path, "small/us/sft/seed0", *rows)], LABELS)
    assert table.select(SCHEMA.keys()).rows() == rows


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
    assert set(PANELS) <= set(PPO_LOG.schema)
