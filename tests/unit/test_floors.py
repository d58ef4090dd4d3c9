"""The house: which room stands on which floor, and that no import runs back up."""

import ast
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "src/culturalign"
FLOORS = (
    {"arms", "errors", "provenance", "source_files"},
    {"files", "jobs"},
    {"config"},
    {"artifacts", "models", "stats"},
    {"plan"},
    {"data", "grid", "release"},
    {"rewards"},
    {"scores", "training"},
    {"clca", "samples"},
    {"report"},
)
"""From the ground up. A module imports from its own room and from lower floors only."""
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.name != "__init__.py"]


def room_of(path: Path) -> str:
    """A folder of the package, or a module beside the folders."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return {name.split(".")[1] for name in names if name.startswith("culturalign.")}


def test_every_room_has_a_floor():
    assert {room_of(path) for path in MODULES} == set(FLOOR)


def test_no_import_runs_up_or_across_a_floor():
    upward = [
        f"{path.relative_to(PACKAGE)} imports {room}"
        for path in MODULES
        for room in imported_rooms(path) - {room_of(path)}
        if FLOOR[room] >= FLOOR[room_of(path)]
    ]
    assert upward == []


def test_every_module_has_a_name_of_its_own():
    names = Counter(path.name for path in MODULES)
    assert [name for name, count in names.items() if count > 1] == []
