import ast
from pathlib import Path

import pytest

from culturalign.source_files import _imported, sources

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src/culturalign"
MODULES = sorted(PACKAGE.rglob("*.py"))
PACKAGES = [file for file in MODULES if file.name == "__init__.py"]
SCRIPTS = sorted((ROOT / "workflow/scripts").glob("*.py"))


def build(folder: Path, entry: str, **modules: str) -> list[str]:
    """Write a package `pkg` (`sub__a` is pkg/sub/a.py) and an entry; returns its sources."""
    package = folder / "pkg"
    for name, text in modules.items():
        path = package.joinpath(*name.split("__")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "entry.py").write_text(entry)
    found = sources(folder / "entry.py", package)
    return [path.relative_to(folder).as_posix() for path in found]


@pytest.mark.parametrize(
    "statement",
    [
        "import pkg.a",
        "import pkg.a as other",
        "from pkg import a",
        "from pkg import a as other",
        "from pkg.a import thing",
        "import os, pkg.a",
        "def later():\n    from pkg import a",
        "try:\n    import pkg.a\nexcept ImportError:\n    pass",
        "from pkg import (  # both\n    a as b,\n    c,\n)",
        "import pkg.a  # pkg.b",
    ],
)
def test_an_import_is_found_in_every_form(tmp_path, statement):
    assert build(tmp_path, statement, a="", b="") == ["entry.py", "pkg/a.py"]


A, B = "pkg/a.py", "pkg/b.py"


@pytest.mark.parametrize(
    ("entry", "modules", "found"),
    [
        ("import pkg.z", {"z": "import pkg.b", "b": "import pkg.a", "a": "", "c": ""},
         [A, B, "pkg/z.py"]),
        ("from pkg import a, b", {"a": "", "b": ""}, [A, B]),
        ("from pkg.sub.a import thing", {"sub__a": "", "a": ""}, ["pkg/sub/a.py"]),
        ("import pkg.a", {"a": "import pkg.b", "b": "import pkg.a"}, [A, B]),
        ("import json\nimport pkg_other.a\nfrom other.pkg import a", {"a": ""}, []),
        ('# import pkg.a\ntext = "import pkg.a"', {"a": ""}, []),
    ],
    ids=["of imports", "several names", "folder", "circular", "other packages", "text"],
)  # fmt: skip
def test_modules_are_found_recursively_and_sorted(tmp_path, entry, modules, found):
    assert build(tmp_path, entry, **modules) == ["entry.py", *found]


# The conventions of this repository that the search relies on


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", MODULES + SCRIPTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_the_search_finds_the_imports_that_a_parser_finds(file):
    names = []
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    inside = [name.split(".")[1:] for name in names if name.startswith("culturalign.")]
    paths = {PACKAGE.joinpath(*parts).with_suffix(".py") for parts in inside}
    assert set(_imported(file, PACKAGE)) == {path for path in paths if path.is_file()}


def defined(module: Path) -> set[str]:
    """Names at the top of a module."""
    found: set[str] = set()
    for node in tree(module).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
        else:
            found |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return found


@pytest.mark.parametrize("file", MODULES + SCRIPTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_import_is_relative_since_the_search_would_miss_it(file):
    relative = [n for n in ast.walk(tree(file)) if isinstance(n, ast.ImportFrom) and n.level]
    assert relative == []


@pytest.mark.parametrize("file", PACKAGES, ids=lambda p: p.parent.name)
def test_package_files_import_nothing_since_the_search_skips_them(file):
    imports = [n for n in ast.walk(tree(file)) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert imports == []


def test_every_module_is_used_by_a_script_or_by_the_workflow_itself():
    behind = {module for script in SCRIPTS for module in sources(script, PACKAGE)[1:]}
    others = {module for module in MODULES if module not in behind and module not in PACKAGES}
    # the whole configuration, its check, the pages made from it, this search, make demo's last line
    itself = {f"config/{name}.py" for name in ("data", "docs", "load", "overlay", "root", "survey")}
    itself |= {"config/cross_checks.py", "config/language_facts.py", "source_files.py"}
    itself |= {"config/check.py", "config/fault_text.py", "config/named_files.py"}
    itself |= {"artifacts/artifact_page.py", "artifacts/paths.py", "report/first_answer.py"}
    for room in ("grid", "plan"):
        itself |= {f"{room}/{module.name}" for module in (PACKAGE / room).glob("*.py")}
    loaded_by_openrlhf = {"reward_func.py", "rewarding.py"}
    itself |= {f"training/openrlhf/{name}" for name in loaded_by_openrlhf}
    assert {module.relative_to(PACKAGE).as_posix() for module in others} <= itself


def test_the_sources_of_a_script_are_those_it_imports():
    found = sources(ROOT / "workflow/scripts/split_cues.py", PACKAGE)
    assert [path.name for path in found] == [
        "split_cues.py",
        "artifact.py",
        "columns.py",
        "word_data.py",
        "splits.py",
        "errors.py",
        "jobs.py",
    ]
