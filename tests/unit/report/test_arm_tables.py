"""Tables of arms: names and order, pairs that are compared, cells, and their files."""

import polars as pl
import pytest

from culturalign.report import arm_tables
from culturalign.report.arm_tables import cell, contrast_pairs, interval, number, p_value, text
from tests.unit.report.labels import LABELS

REFERENCES = {"human": "Half of the humans", "frequent": "Most frequent responses"}


def arms(*names):
    return pl.DataFrame(names, schema=["model", "method"], orient="row")


def test_arms_come_as_configured_vanilla_first_and_references_last():
    rows = arms(
        ("-", "frequent"), ("llama", "sft"), ("llama", "vanilla"), ("qwen", "sft-shuffled"),
        ("-", "human"), ("qwen", "sft"),
    )  # fmt: skip
    found = arm_tables.name_arms(rows, LABELS, REFERENCES)
    assert found.columns == ["model", "method", "M Type", "M Class"]
    assert found.select("M Class", "M Type").rows() == [
        ("Qwen", "SFT"), ("Qwen", "SFT, shuffled cues"), ("Llama", "Vanilla"), ("Llama", "SFT"),
        ("-", "Half of the humans"), ("-", "Most frequent responses"),
    ]  # fmt: skip


def test_untrained_arms_have_no_training_data():
    rows = arms(("llama", "sft"), ("llama", "vanilla"), ("-", "human"))
    found = arm_tables.title_arms(rows, LABELS, REFERENCES, culture="cn")
    assert found.columns[:3] == ["M Type", "M Class", "SWOW"]
    assert found["SWOW"].to_list() == ["-", "ZH", "-"]
    of_each = rows.head(2).with_columns(culture=pl.Series(["us", None]))
    assert arm_tables.title_arms(of_each, LABELS)["SWOW"].to_list() == ["-", "US"]


SHUFFLED, VANILLA, SFT = (("llama", x) for x in ("sft-shuffled", "vanilla", "sft"))


def test_methods_are_compared_with_vanilla_their_controls_and_the_baseline():
    scores = arms(SHUFFLED, VANILLA, SFT, ("-", "human"))
    frequent = ("-", "frequent")
    assert contrast_pairs(scores, ["sft-shuffled"], [frequent]) == [
        (SFT, VANILLA), (SFT, SHUFFLED), (SFT, frequent), (SHUFFLED, VANILLA),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ran", "expected"),
    [
        ([("a", "sft"), ("a", "vanilla"), ("b", "sft"), ("b", "vanilla")],
         [(("a", "sft"), ("a", "vanilla")), (("b", "sft"), ("b", "vanilla"))]),
        ([("a", "sft"), ("b", "vanilla")], []),
        ([("a", "vanilla")], []),
    ],
)  # fmt: skip
def test_only_arms_of_one_model_that_ran_are_compared(ran, expected):
    assert contrast_pairs(arms(*ran), ["sft-shuffled"]) == expected


def test_a_method_is_compared_with_itself_trained_on_another_culture():
    other, ppo = ("llama", "sft@cn"), ("llama", "ppo@cn")
    scores = arms(SFT, other, ppo, VANILLA)
    assert contrast_pairs(scores, []) == [
        (ppo, VANILLA), (SFT, VANILLA), (SFT, other), (other, VANILLA),
    ]  # fmt: skip
    labels = LABELS | {"methods": LABELS["methods"] | {"sft@cn": "SFT, ZH", "ppo@cn": "PPO, ZH"}}
    found = arm_tables.title_arms(scores, labels, culture="us")
    assert found.select("M Type", "SWOW").rows() == [
        ("Vanilla", "-"), ("SFT", "US"), ("SFT, ZH", "ZH"), ("PPO, ZH", "ZH"),
    ]  # fmt: skip


def test_a_file_of_lists_tells_whose_cues_an_arm_answered():
    folder = "results/scores/m/us-sft-seed3"
    found = [arm_tables.list_arm_of(f"{folder}/lists.{place}.complex.greedy.jsonl")[1].method
             for place in ("us", "us.x", "cn")]  # fmt: skip
    assert found[0] == "sft" and found[2] == "sft@us"


def test_a_difference_names_both_arms():
    rows = pl.DataFrame({"method": ["sft"], "minus": ["frequent"]})
    found = rows.select(arm_tables.difference(LABELS, REFERENCES)).item()
    assert found == "SFT − Most frequent responses"


def test_every_measure_has_its_own_columns_and_a_missing_one_has_nulls():
    rows = pl.DataFrame({"culture": [None, "us", None], "measure": ["js", "js", "emd"],
                         "mean": [0.1, 0.2, 0.3]})  # fmt: skip
    found = arm_tables.pivot_measures(rows, ["culture"], ["js", "emd", "kl"], {"mean": ""})
    assert found.columns == ["culture", "js", "emd", "kl"]
    assert found.rows() == [(None, 0.1, 0.3, None), ("us", 0.2, None, None)]


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ((0.4321, 0.391, 0.4744), "0.432 [0.391, 0.474]"),
        ((0.5, 0.25, 1.0, 0.0123), "0.500 [0.250, 1.000] (seeds ±0.012)"),
        ((-0.1, -0.2, 0.0, 0.0), "-0.100 [-0.200, 0.000] (seeds ±0.000)"),
    ],
)
def test_a_cell_shows_the_mean_its_interval_and_the_spread_over_seeds(numbers, shown):
    assert cell(*numbers) == shown


@pytest.mark.parametrize(
    ("column", "row", "shown"),
    [
        (text("x"), {"x": None}, "-"), (text("x"), {"x": 3}, "3"),
        (number("x"), {"x": None}, "-"), (number("x", ","), {"x": 1011}, "1,011"),
        (p_value("x"), {"x": 0.0004}, "<0.001"), (p_value("x"), {"x": 0.0}, "0.000"),
        (p_value("x"), {"x": 0.0005}, "0.001"),
        (interval("x"), {"x": None}, "-"),
        (interval("x"), {"x": 0.5, "x_low": None, "x_high": None}, "0.500"),
        (interval("x"), {"x": 0.5, "x_low": 0.4, "x_high": 0.6}, "0.500 [0.400, 0.600]"),
        (interval("x", ""), {"x": 0.5, "low": 0.4, "high": 0.6, "seed_sd": 0.1},
         "0.500 [0.400, 0.600] (seeds ±0.100)"),
    ],
)  # fmt: skip
def test_cells_have_dashes_for_what_is_missing(column, row, shown):
    assert column(row) == shown


def test_the_page_has_the_columns_asked_for_and_the_csv_all_numbers(written):
    rows = pl.DataFrame({"a": ["x", "y"], "b": [0.123456, None]})
    columns = {"A": "a", "B": number("b", ".1f")}
    found = written(arm_tables.write_rows, rows, columns, note="So.", shown=rows.head(1))
    assert found[:2] == (["A", "B"], [["x", "0.1"]]) and found[2].equals(rows)


def test_cells_come_in_order_of_k_and_lines_in_order_of_appearance(written):
    names = ["type", "model", "k", "mean", "low", "high", "seed_sd", "n"]
    rows = pl.DataFrame(
        [
            ("SFT", "Qwen", 40, 0.3, 0.2, 0.4, None, 7),
            ("SFT", "Llama", 5, 0.8, 0.7, 0.9, 0.05, 9),
            ("SFT", "Qwen", 5, 0.6, 0.5, 0.7, None, 7),
        ],
        schema=names, orient="row",
    )  # fmt: skip
    write = arm_tables.write_by_k
    header, shown, _ = written(write, rows, ["type", "model"], [40, 5], after={"cues": "n"})
    assert header == ["type", "model", "P@5", "P@40", "cues"]
    assert shown == [
        ["SFT", "Qwen", "0.600 [0.500, 0.700]", "0.300 [0.200, 0.400]", "7"],
        ["SFT", "Llama", "0.800 [0.700, 0.900] (seeds ±0.050)", "-", "9"],
    ]
    none = pl.DataFrame(schema=names)  # without rows, all headings are there
    header, shown, _ = written(write, none, ["type"], [5, 40], heading="K=")
    assert (header, shown) == (["type", "K=5", "K=40"], [])
