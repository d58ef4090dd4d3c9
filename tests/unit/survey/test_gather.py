import polars as pl

from culturalign.survey.gather import divergences, together, without


def test_each_file_is_held_against_its_country(tmp_path):
    table = pl.DataFrame({"method": ["vanilla"] * 2, "country": ["USA", "CHN"], "js": [0.1, 0.2]})
    table.write_parquet(tmp_path / "a.parquet")
    files = [tmp_path / "a.parquet"] * 2
    assert divergences(files, ["CHN", "USA"])["js"].to_list() == [0.2, 0.1]
    assert len(together(files)) == 4


def test_methods_can_be_left_out():
    table = pl.DataFrame({"method": ["vanilla", "sft", "sft-shuffled"]})
    assert without(table, ["sft-shuffled"])["method"].to_list() == ["vanilla", "sft"]
