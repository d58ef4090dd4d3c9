import json

import polars as pl

from culturalign.survey.gather import divergences, engines, together, without


def test_each_file_is_held_against_its_country(tmp_path):
    table = pl.DataFrame({"method": ["vanilla"] * 2, "country": ["USA", "CHN"], "js": [0.1, 0.2]})
    table.write_parquet(tmp_path / "a.parquet")
    files = [tmp_path / "a.parquet"] * 2
    assert divergences(files, ["CHN", "USA"])["js"].to_list() == [0.2, 0.1]
    assert len(together(files)) == 4


def test_methods_can_be_left_out():
    table = pl.DataFrame({"method": ["vanilla", "sft", "sft-shuffled"]})
    assert without(table, ["sft-shuffled"])["method"].to_list() == ["vanilla", "sft"]


def test_engines_are_those_of_the_records(tmp_path):
    files = []
    for model, arm, language, engine in (
        ("small", "vanilla", "en", "hf"),
        ("small", "vanilla", "zh", "hf"),
        ("small", "us-sft-shuffled-seed1", "en", "hf"),
        ("big", "vanilla", "en", "vllm 0.32.0"),
    ):
        path = tmp_path / model / arm / f"survey.{language}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"engine": engine, "dtype": "torch.bfloat16"}))
        files.append(path)
    assert engines(files).rows() == [
        ("small", None, "vanilla", "hf", "torch.bfloat16"),
        ("small", "us", "sft-shuffled", "hf", "torch.bfloat16"),
        ("big", None, "vanilla", "vllm 0.32.0", "torch.bfloat16"),
    ]
