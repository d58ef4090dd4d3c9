"""The definitions, the paths of the grid, the writing jobs and docs/artifacts.md agree."""

import re

from culturalign.artifacts import paths
from culturalign.artifacts.artifact import Artifact
from culturalign.artifacts.artifact_page import PAGE, SECTIONS, page_text, path_of
from tests.tiny import ROOT

SOURCES = [
    file
    for folder in ("src/culturalign", "workflow/scripts")
    for file in sorted((ROOT / folder).rglob("*.py"))
    if file.name != "artifact.py"
]
DEFINED = {
    name: value
    for module in SECTIONS.values()
    for name, value in vars(module).items()
    if isinstance(value, Artifact)
}


def test_the_shipped_page_is_the_generated_one():
    same = PAGE.read_text(encoding="utf-8") == page_text()
    assert same, "docs/artifacts.md is out of date; run `make docs`"


def test_only_write_artifact_writes_parquet():
    others = r"\b(write_parquet|sink_parquet|to_parquet|parquet\.write_table|ParquetWriter)\b"
    assert [file for file in SOURCES if re.search(others, file.read_text(encoding="utf-8"))] == []


def test_every_definition_is_used():
    text = "".join(file.read_text() for file in SOURCES if file.parent.name != "artifacts")
    imports = re.findall(r"from culturalign\.artifacts\.\w+ import ([\w, ]+|\([^)]*\))", text)
    assert set(DEFINED) <= set(re.findall(r"\w+", " ".join(imports)))


def test_every_parquet_path_of_the_grid_is_defined_and_no_other():
    named = {v for v in vars(paths).values() if isinstance(v, str) and v.endswith(".parquet")}
    constant_answers = {paths.CONSTANT_ANSWERS}  # have the columns of the persona scores
    assert named == {path_of(artifact) for artifact in DEFINED.values()} | constant_answers


def test_every_definition_has_its_own_name_and_describes_every_column():
    assert [name for name, artifact in DEFINED.items() if artifact.name != name.lower()] == []
    columns = [column for artifact in DEFINED.values() for column in artifact.columns]
    assert all(column.description for column in columns)
    assert not any("|" in column.description for column in columns)  # would break the table
