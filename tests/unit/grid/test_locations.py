import ast
from pathlib import Path

import pytest

from culturalign.grid.locations import COMPUTING
from tests.tiny import ROOT


def test_a_file_of_the_working_directory_hides_that_of_the_repository(grid):
    locations = grid().locations
    name = "resources/prompts/en/survey.txt"
    assert Path(locations.located(name)).resolve() == ROOT / name
    Path(name).parent.mkdir(parents=True)
    Path(name).touch()
    assert locations.located(name) == name


def test_what_the_workflow_makes_is_there(grid):
    locations = grid().locations
    assert locations.is_there("results/demo/made_later.csv")
    assert locations.located("results/demo/made_later.csv") == "results/demo/made_later.csv"
    assert (
        not locations.is_there("nowhere.csv") and locations.located("nowhere.csv") == "nowhere.csv"
    )


def test_all_missing_files_are_named(grid):
    missing = grid("paper.yaml", cultures={"us": {"swow": "nowhere.csv"}}).locations.missing()
    assert "nowhere.csv (cultures.us.swow)" in missing


@pytest.mark.parametrize("entry", ["split_cues", "train_sft"])
def test_the_code_of_a_rule_is_its_script_and_the_modules_behind_it(grid, entry):
    found = grid().locations.code(f"workflow/scripts/{entry}.py")
    assert found[0].endswith(f"{entry}.py") and all(Path(file).is_file() for file in found)
    assert any(file.endswith("culturalign/jobs.py") for file in found[1:])


def test_the_schema_of_the_configuration_is_not_code_and_what_computes_is(grid):
    code = grid().locations.code
    sft = [Path(file).name for file in code("workflow/scripts/train_sft.py")]
    assert "sft_trainer.py" in sft and "adapters.py" in sft
    assert not [file for file in code("workflow/scripts/train_sft.py") if "config/sft" in file]
    assert any(file.endswith("scales.py") for file in code("workflow/scripts/prepare_norms.py"))


def test_the_schema_computes_only_parameters():
    """Else an edit could change what a job does without running it again."""
    public = {
        f"{file.stem}.{node.name}"
        for file in (ROOT / "src/culturalign/config").glob("*.py")
        if file.name not in COMPUTING
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }
    at_parsing = {
        "load",
        "named_files",
        "cross_checks",
        "overlay",
        "check",
        "fault_text",
        "docs",
        "root",
        "strict",
    }
    assert {name for name in public if name.split(".")[0] not in at_parsing} == {
        "data.shares", "data.rules", "data.facts", "data.list_forms", "data.questionnaire_facts",
        "language_facts.with_facts", "language_facts.language_code",  # are parameters
    }  # fmt: skip


def test_files_of_the_repository_are_found_by_a_pattern(grid):
    found = grid().locations.glob("config/*.yaml")
    assert [Path(file).name for file in found] == sorted(Path(file).name for file in found)
    assert "paper.yaml" in [Path(file).name for file in found]
