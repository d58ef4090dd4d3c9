"""Whether the environment of a rule has the packages that its script imports."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from tests.tiny import ROOT

PACKAGE = ROOT / "src/culturalign"
CHOSEN = ("train", "vllm")
"""What a rule that chooses its environment chooses from."""
OPTIONAL = {"deepspeed", "nltk", "vllm"}
"""Asked for by settings; a sentence says so where they are missing."""


def rules() -> list[tuple[str, Path, str]]:
    """Rule, script and environment of every rule that has both."""
    found = []
    for file in sorted((ROOT / "workflow/rules").glob("*.smk")):
        for block in re.split(r"^rule ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            conda = re.search(r'conda:\s+("../../envs/(\w+)\.yaml")?', block)
            script = re.search(r'script:\s+"\.\./scripts/(\w+\.py)"', block)
            if conda and script:
                names = (conda[2],) if conda[2] else CHOSEN
                path = ROOT / "workflow/scripts" / script[1]
                found += [(block.split(":")[0], path, name) for name in names]
    return found


def imported(file: Path, *, lazily: bool) -> set[str]:
    """Full names of the modules that a file imports; those of type checks alone are left out."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    nodes = list(ast.walk(ast.Module(tree.body, []))) if lazily else tree.body
    checks = [n for n in tree.body if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.dump(n.test)]
    skipped = {id(node) for check in checks for node in ast.walk(check)}
    names: set[str] = set()
    for node in nodes:
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def needed(script: Path) -> set[str]:
    """Packages that a script and the modules it loads at once import, at once or later."""
    files, queue, packages = {script}, [script], set()
    while queue:
        file = queue.pop()
        packages |= {name.split(".")[0] for name in imported(file, lazily=True)}
        for name in imported(file, lazily=False):
            path = PACKAGE.joinpath(*name.split(".")[1:]).with_suffix(".py")
            if name.split(".")[0] == PACKAGE.name and path.is_file() and path not in files:
                files.add(path)
                queue.append(path)
    return packages - set(sys.stdlib_module_names) - OPTIONAL - {PACKAGE.name}


def test_the_rules_are_found():
    names = {name for name, _, _ in rules()}
    assert {"train_ppo", "train_sft", "answer_survey", "write_report"} <= names


@pytest.mark.parametrize(("rule", "script", "name"), rules())
def test_the_environment_of_a_rule_has_what_its_script_imports(rule, script, name):
    lock = (ROOT / f"envs/locks/{name}.txt").read_text(encoding="utf-8")
    there = {line.split("==")[0].lower().replace("_", "-") for line in lock.splitlines()}
    known = packages_distributions()
    missing = {
        package
        for package in needed(script)
        if there.isdisjoint(d.lower().replace("_", "-") for d in known.get(package, [package]))
    }
    assert not missing, f"{rule}: envs/{name}.yaml lacks {sorted(missing)}"


def test_the_environment_of_training_has_deepspeed_and_that_of_the_demo_has_not():
    train, demo = (
        (ROOT / "envs" / name).read_text(encoding="utf-8")
        for name in ("locks/train.txt", "lock.txt")
    )
    assert "\ndeepspeed==" in train and "deepspeed" not in demo


@pytest.mark.parametrize("path", sorted((ROOT / "envs").glob("*.yaml")), ids=lambda p: p.stem)
def test_every_line_of_an_environment_is_one_pinned_package(path):
    parts = yaml.safe_load(path.read_text(encoding="utf-8"))["dependencies"]
    pinned = [line for part in parts if isinstance(part, dict) for line in part["pip"]]
    wrong = [line for line in pinned if not str(Requirement(line).specifier).startswith("==")]
    assert pinned and wrong == []


@pytest.mark.parametrize("name", ["train", "vllm", "ppo"])
def test_a_lock_has_the_cuda_packages_that_belong_to_its_torch(name):
    """What torch 2.13.0 of PyPI requires by name (its metadata); others would not install."""
    lock = (ROOT / f"envs/locks/{name}.txt").read_text(encoding="utf-8").splitlines()
    needed = {"torch==2.13.0", "triton==3.7.1", "nvidia-cudnn-cu13==9.20.0.48"}
    assert needed <= set(lock)
    assert any(line.startswith("nvidia-cuda-nvrtc==13.0.") for line in lock)


def test_files_of_environments_have_plain_lines():
    for file in (ROOT / "envs").rglob("*.txt"):
        assert b"\r" not in file.read_bytes(), file.name
