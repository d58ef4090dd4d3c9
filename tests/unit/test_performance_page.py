"""docs/performance.md: its table is what bench/table.py makes of docs/performance.csv."""

import argparse
import runpy
from pathlib import Path

import polars as pl
import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = ROOT / "docs/performance.csv"
TABLE = runpy.run_path(str(ROOT / "bench/table.py"))


def test_the_table_of_the_page_comes_from_its_csv():
    rows = pl.read_csv(ROWS, infer_schema_length=None)
    page = (ROOT / "docs/performance.md").read_text(encoding="utf-8")
    assert TABLE["render"](rows) == TABLE["TABLE"].search(page)[0]


def test_without_new_measurements_the_csv_stays_as_it_is(tmp_path):
    TABLE["gather"](ROWS, tmp_path).write_csv(tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == ROWS.read_bytes()


def test_new_rows_replace_all_turns_of_their_comparison_and_round_only(tmp_path):
    header = "what,size,peer,version,round,turn,ours_cpu"
    kept = ["SFT,9 lists,trl,1.0,1,1,5.1", "SFT,9 lists,trl,1.0,1,2,5.2",
            "SFT,9 lists,trl,1.0,2,1,5.3", "SFT,9 lists,other,1.0,1,1,5.4",
            "plan,9 jobs,,,1,1,6.1", "plan,8 jobs,,,1,1,6.2"]  # fmt: skip
    files = {"kept": kept, "made/b": ["SFT,9 lists,trl,2.0,1,1,7.0"],
             "made/a": ["plan,9 jobs,,,1,1,8.0", "table,9 arms,,,1,1,9.0"]}  # fmt: skip
    (tmp_path / "made").mkdir()
    for name, rows in files.items():
        (tmp_path / f"{name}.csv").write_text("\n".join([header, *rows, ""]))
    found = TABLE["gather"](tmp_path / "kept.csv", tmp_path / "made")
    assert found.write_csv().splitlines() == [
        header, kept[3], kept[2], files["made/b"][0], kept[5], *files["made/a"],
    ]  # fmt: skip


def test_ratios_are_those_of_turns_round_by_round():
    common = {"what": "lists", "size": "2 lists", "peer": "other", "version": "1.0"}
    found = [(1, 1, 2.0, 4.0), (1, 2, 2.0, 6.0), (2, 1, 1.0, 5.0)]
    rows = pl.DataFrame(
        [
            {
                **common,
                **{"round": round_, "turn": turn, "ours_cpu": ours, "ours_wall": 9.0},
                **{"ours_mib": 100.0, "peer_cpu": other, "peer_wall": 8.0, "peer_mib": 250.0},
                "ratio": other / ours,
            }
            for round_, turn, ours, other in found
        ]
    )
    line = TABLE["render"](rows).splitlines()[2]
    assert line == (
        "| lists | 2 lists | other 1.0 | 2.0 s (9.0) | 5.0 s (8.0) | 2.50 (2.00 to 3.00) | 5.00 "
        "| 100 MiB, 250 MiB |"
    )


@pytest.mark.parametrize(("precision", "size"), [("bf16", "2 lists"), ("fp32", "2 lists, fp32")])
def test_a_row_names_a_precision_that_is_not_the_page_s(tmp_path, monkeypatch, precision, size):
    monkeypatch.chdir(tmp_path)
    options = argparse.Namespace(turns=1, round=1, precision=precision)
    measured = {"ours": lambda: {"cpu": 1.0, "wall": 1.0, "mib": 1.0}}
    by_turns = runpy.run_path(str(ROOT / "bench/rows.py"))["by_turns"]
    by_turns("lists", "2 lists", measured, options)
    (path,) = tmp_path.glob("runs/bench/*.csv")
    assert pl.read_csv(path)["size"].to_list() == [size]
