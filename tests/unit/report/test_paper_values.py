"""The paper's numbers, and how they stand beside ours."""

import csv

import pytest

from culturalign.report.paper_values import OURS, beside, read_values
from tests import tiny

FOLDER = tiny.ROOT / "resources/paper"
PRINTED = [
    {"M Type": "Vanilla", "M Class": "Llama", "SWOW": "-", "source": "submission", "P@5": "0.754",
     "P@20": ""},
    {"M Type": "SFT", "M Class": "Llama", "SWOW": "US", "source": "submission", "P@5": "0.875",
     "P@20": ""},
    {"M Type": "SFT", "M Class": "Llama", "SWOW": "US", "source": "notes", "P@5": "0.87541",
     "P@20": "0.62477"},
]  # fmt: skip


def test_our_row_follows_the_papers_of_the_same_arm_whatever_the_order_of_our_columns():
    ours = {
        "header": ["M Type", "M Class", "SWOW", "P@20", "extra", "P@5"],
        "rows": [["SFT", "Llama", "EN", "0.6", "x", "0.9"], ["PPO", "Llama", "EN", "0", "x", "0"]],
    }
    table = beside(PRINTED, ours)
    assert table["header"] == ["M Type", "M Class", "SWOW", "source", "P@5", "P@20"]
    assert [row[2:] for row in table["rows"]] == [
        ["-", "submission", "0.754", ""],
        ["US", "submission", "0.875", ""],
        ["US", "notes", "0.87541", "0.62477"],
        ["EN", OURS, "0.9", "0.6"],
    ]
    assert beside([], ours) == {"header": [], "rows": []}


def test_only_the_plain_order_is_compared():
    printed = [{"M Type": "SFT", "M Class": "Qwen", "Nation": "ZH", "source": "x", "JS": "0.3"}]
    header = ["M Type", "M Class", "Nation", "scoring", "JS"]
    rows = [["SFT", "Qwen", "ZH", scoring, js] for scoring, js in
            (("debiased", "0.1"), ("plain", "0.2"))]  # fmt: skip
    assert beside(printed, {"header": header, "rows": rows})["rows"][1][-1] == "0.2"


def test_a_table_with_a_column_for_each_arm_is_compared_too():
    printed = read_values(FOLDER)["table5"]
    header = ["Metric", "Human", "Llama SFT", "Other SFT"]
    ours = {"header": header, "rows": [["Valence", "5.1", "**5.2**", "1"], ["Cues", "9", "9", "9"]]}
    rows = beside(printed, ours)["rows"]
    found = {tuple(row[:2]): row[3] for row in rows if row[2] == OURS}
    assert found == {("Human", "-"): "5.1", ("SFT", "Llama"): "**5.2**"}
    (bold,) = [r for r in rows if r[:3] == ["SFT", "Llama", "submission"]]
    assert bold[3] == "**5.543**" and bold[4] == "4.214"  # bold in the paper


def test_printed_numbers_are_those_of_the_notes_cut_to_three_digits():
    """The paper prints 0.609 for 0.60944 and 0.241 for 0.2416: digits are cut or rounded."""
    values, compared = read_values(FOLDER), 0
    for table in ("table1", "table2", "table3", "table4"):
        arms = {}
        for row in values[table]:
            arms.setdefault((row["M Type"], row["M Class"]), {})[row["source"]] = row
        for sources in arms.values():
            if len(sources) < 2:
                continue
            for name in ("P@5", "P@10", "P@40", "Spearman ρ"):
                if sources["submission"].get(name):
                    both = (float(sources[source][name]) for source in ("submission", "notes"))
                    assert abs(next(both) - next(both)) < 0.001, (table, name)
                    compared += 1
    assert compared == 24 + 8


@pytest.mark.parametrize("name", ["survey", "examples", "belief"])
def test_every_row_of_the_survey_names_its_source(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows and {row["source"] for row in rows} == {"submission"}


def test_table_8_and_table_14_print_the_same_answers():
    values = read_values(FOLDER)
    examples = {row["Id"]: row for row in values["table8"]}
    for row in values["table14"]:
        if row["Id"] in examples:
            shown = examples[row["Id"]]
            assert (row["Survey"], row["vanilla"], row["trained"]) == (
                shown["ZH"], shown["Qwen, Vanilla"], shown["Qwen, SFT"],
            )  # fmt: skip
