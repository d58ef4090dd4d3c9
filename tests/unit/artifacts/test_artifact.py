"""What a parquet file says of its columns, and which tables are refused."""

import json

import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal
from pyarrow import parquet

from culturalign.artifacts.artifact import TEXT, WHOLE, Artifact, Column, write_artifact

WORDS = Artifact(
    "words",
    "A row is a word.",
    (
        Column("word", TEXT, "the word"),
        Column("position", pa.int8(), "its position", levels=(1, 2)),
        Column("count", WHOLE, "how often it was given", "responses"),
        Column("language", TEXT, "of the word", levels=("en", "zh"), optional=True),
    ),
    version=3,
)
TABLE = pl.DataFrame(
    {"word": ["茶", None], "position": [1, 2], "count": [3, None], "language": ["zh", None]},
    schema_overrides={"position": pl.Int8},
)


def test_a_file_describes_its_columns(tmp_path):
    write_artifact(TABLE, tmp_path / "words.parquet", WORDS)
    schema = parquet.read_schema(tmp_path / "words.parquet")
    assert schema.metadata == {
        b"name": b"words", b"description": b"A row is a word.", b"version": b"3",
    }  # fmt: skip
    count, language = schema.field("count").metadata, schema.field("language").metadata
    assert count[b"description"] == b"how often it was given" and count[b"unit"] == b"responses"
    assert json.loads(count[b"levels"]) == []
    assert json.loads(language[b"levels"]) == ["en", "zh"] and language[b"unit"] == b""


def test_a_table_is_read_as_it_was_written_in_plain_types(tmp_path):
    write_artifact(TABLE, tmp_path / "words.parquet", WORDS)
    assert_frame_equal(pl.read_parquet(tmp_path / "words.parquet"), TABLE)
    found = parquet.read_schema(tmp_path / "words.parquet").types
    assert found == [pa.string(), pa.int8(), pa.int64(), pa.string()]


def test_equal_tables_make_equal_files(tmp_path):
    paths = [tmp_path / name for name in ("first.parquet", "second.parquet")]
    for path in paths:
        write_artifact(TABLE, path, WORDS)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_an_optional_column_may_be_missing_and_a_table_empty(tmp_path):
    write_artifact(TABLE.drop("language").clear(), tmp_path / "words.parquet", WORDS)
    found = pl.read_parquet(tmp_path / "words.parquet")
    assert found.schema == {"word": pl.String, "position": pl.Int8, "count": pl.Int64}


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (TABLE.drop("count"), "artifact 'words' .* missing: count; unknown: -"),
        (TABLE.with_columns(more=1), "missing: -; unknown: more"),
        (TABLE.select("count", pl.exclude("count")), "in this order: count, word"),
        (
            TABLE.cast({"count": pl.Int32}),
            "artifact 'words', column 'count': the type must be Int64, not Int32",
        ),
        (
            TABLE.cast({"word": pl.Categorical}),
            "column 'word': the type must be String, not Categorical",
        ),
        (
            TABLE.with_columns(language=pl.lit("fr")),
            "artifact 'words', column 'language': 'fr' is not among its levels en, zh",
        ),
        (TABLE.with_columns(position=pl.lit(3, pl.Int8)), "3 is not among its levels 1, 2"),
    ],
    ids=["missing", "unknown", "order", "narrower", "categorical", "level", "number"],
)
def test_another_table_is_refused_and_nothing_written(tmp_path, table, message):
    with pytest.raises(ValueError, match=message):
        write_artifact(table, tmp_path / "words.parquet", WORDS)
    assert not list(tmp_path.iterdir())
