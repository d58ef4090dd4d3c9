"""A culture with a strength table through the whole workflow: no participants, and it says so."""

from pathlib import Path

import polars as pl

from culturalign.data.swow import prepare_culture
from tests import strength_tables, tiny

KEEP = {"country": ["Country A"], "native_language": ["English"]}
NONE = "no participants in a strength table"


def world_of_counts(folder: Path, model: Path) -> tuple[Path, pl.DataFrame]:
    """A configuration with one culture, the demo's first, as a strength table; its responses."""
    trials = strength_tables.demo_trials(folder, "en")
    found = prepare_culture(trials, KEEP, culture="counted").responses.cast(pl.String)
    strength_tables.write(folder / "strength.SWOW-EN.R123.csv", found)
    culture = {
        "label": "Counted", "language": "en", "swow": "strength.SWOW-EN.R123.csv",
        "kind": "strengths", "generation_table": "table1", "ranking_table": "table3",
        "attribute_tables": {"complex": "table5"}, "spotlight": ["dog"],
    }  # fmt: skip
    run = {"cultures": ["counted"], "methods": ["sft"]}
    settings = tiny.overlay(model, run=run, cultures={"counted": culture}, survey=None)
    return tiny.write_config(folder / "counted.yaml", settings), found


def test_a_strength_table_gives_every_table_without_participants(tmp_path, tiny_model, snakemake):
    config, responses = world_of_counts(tmp_path, tiny_model)
    printed = snakemake(tmp_path, config, "all").stdout
    assert "prepare_strengths" in printed and "prepare_responses" not in printed
    data, tables = tmp_path / "results/data/counted", tmp_path / "results/tables"
    assert not (data / "responses.parquet").exists()
    associations = pl.read_parquet(data / "associations.parquet")
    assert associations["count"].sum() == len(responses)
    assert associations.select("cue", "response").n_unique() == len(associations)
    assert (data / "sft/train.jsonl").stat().st_size > 0

    for name in ("table1_ceiling", "table3_ceiling", "table5_tests", "humans_counted"):
        assert NONE in (tables / f"{name}.md").read_text(encoding="utf-8"), name
    for name in ("table1", "table3", "table5"):
        assert "SFT" in (tables / f"{name}.md").read_text(encoding="utf-8")
    ledger = pl.read_csv(tables / "ledger.csv").filter(culture="counted")
    assert set(ledger["unit"]) == {"pairs", "responses", "cues"}
    kept = ledger.filter(unit="responses", what="kept")["count"].item()
    assert kept == len(responses)
    assert "no participants" in (tables / "sources.md").read_text(encoding="utf-8")
    assert "dog" in (tmp_path / "results/figures/fig1.csv").read_text(encoding="utf-8")
    report = (tmp_path / "results/report/index.html").read_text(encoding="utf-8")
    assert report.count(NONE) > 3
