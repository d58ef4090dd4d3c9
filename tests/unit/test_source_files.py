import ast
from pathlib import Path

import pytest

from culturalign.source_files import sources

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src/culturalign"
MODULES = sorted(PACKAGE.rglob("*.py"))
PACKAGES = [file for file in MODULES if file.name == "__init__.py"]
SCRIPTS = sorted((ROOT / "workflow/scripts").glob("*.py"))


def build(folder: Path, entry: str, **modules: str) -> list[str]:
    """Write a package `pkg` (`sub__a` is pkg/sub/a.py) and an entry; returns what it runs."""
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
    ],
)
def test_an_import_is_found_in_every_form(tmp_path, statement):
    assert build(tmp_path, statement, a="", b="") == ["entry.py", "pkg/a.py"]


def test_imports_of_imports_are_found_the_script_first_and_the_modules_sorted(tmp_path):
    found = build(
        tmp_path, "from pkg import z", z="from pkg import b", b="import pkg.a", a="", c=""
    )
    assert found == ["entry.py", "pkg/a.py", "pkg/b.py", "pkg/z.py"]


def test_several_names_of_one_import_are_all_found(tmp_path):
    assert build(tmp_path, "from pkg import a, b", a="", b="") == [
        "entry.py",
        "pkg/a.py",
        "pkg/b.py",
    ]


def test_a_module_in_a_folder_is_found(tmp_path):
    found = build(tmp_path, "from pkg.sub.a import thing", sub__a="", a="")
    assert found == ["entry.py", "pkg/sub/a.py"]


def test_modules_that_import_each_other_are_found_once(tmp_path):
    found = build(tmp_path, "import pkg.a", a="import pkg.b", b="import pkg.a")
    assert found == ["entry.py", "pkg/a.py", "pkg/b.py"]


def test_other_packages_are_ignored_even_if_their_name_begins_alike(tmp_path):
    entry = "import json\nimport pkg_other.a\nfrom other.pkg import a\n"
    assert build(tmp_path, entry, a="") == ["entry.py"]


def test_text_and_comments_that_look_like_imports_are_ignored(tmp_path):
    assert build(tmp_path, '# import pkg.a\ntext = "import pkg.a"\n', a="") == ["entry.py"]


# What the search relies on in this repository


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", MODULES + SCRIPTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_nothing_imports_relatively_since_the_search_would_miss_it(file):
    relative = [n for n in ast.walk(tree(file)) if isinstance(n, ast.ImportFrom) and n.level]
    assert relative == []


@pytest.mark.parametrize("file", PACKAGES, ids=lambda p: p.parent.name)
def test_package_files_import_nothing_since_the_search_leaves_them_out(file):
    imports = [n for n in ast.walk(tree(file)) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert imports == []


def test_every_module_stands_behind_a_script_or_serves_the_workflow_itself():
    behind = {module for script in SCRIPTS for module in sources(script, PACKAGE)[1:]}
    others = {module for module in MODULES if module not in behind and module not in PACKAGES}
    # the whole configuration, the pages made from it, and this search
    itself = {f"config/{name}.py" for name in ("data", "docs", "load", "overlay", "root", "survey")}
    itself |= {"config/cross_checks.py", "source_files.py"}
    for room in ("grid", "plan"):
        itself |= {f"{room}/{module.name}" for module in (PACKAGE / room).glob("*.py")}
    loaded_by_openrlhf = {"reward_func.py", "rewarding.py"}
    itself |= {f"training/openrlhf/{name}" for name in loaded_by_openrlhf}
    assert {module.relative_to(PACKAGE).as_posix() for module in others} <= itself


def test_the_entry_that_splits_cues_runs_what_it_imports_and_no_more():
    found = sources(ROOT / "workflow/scripts/split_cues.py", PACKAGE)
    assert [path.name for path in found] == [
        "split_cues.py",
        "splits.py",
        "errors.py",
        "jobs.py",
    ]
