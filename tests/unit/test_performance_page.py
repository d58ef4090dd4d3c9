"""docs/performance.md: its table is what bench/table.py makes of docs/performance.csv."""

import runpy
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parents[2]
TABLE = runpy.run_path(str(ROOT / "bench/table.py"))


def test_the_table_of_the_page_comes_from_its_csv():
    rows = pl.read_csv(ROOT / "docs/performance.csv", infer_schema_length=None)
    page = (ROOT / "docs/performance.md").read_text(encoding="utf-8")
    assert TABLE["render"](rows) == TABLE["TABLE"].search(page)[0]


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
