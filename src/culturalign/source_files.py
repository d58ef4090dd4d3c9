"""Source files that a job runs: its entry script and the modules it imports, recursively.

Snakemake does not notice edits of imported modules, so rules name them as inputs.
"""

import ast
from functools import cache
from pathlib import Path


def sources(entry: Path, package: Path) -> list[Path]:
    """Source files behind an entry script.

    Args:
        entry: The script.
        package: Folder of the package; other imports are ignored, and so are its ``__init__.py``
            files, which have only docstrings.

    Returns:
        The script first, then the modules, sorted.
    """
    found: set[Path] = set()
    queue = [entry]
    while queue:
        for module in _imported(queue.pop(), package):
            if module not in found:
                found.add(module)
                queue.append(module)
    return [entry, *sorted(found)]


@cache
def _imported(file: Path, package: Path) -> tuple[Path, ...]:
    names: list[str] = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    inside = (name.split(".")[1:] for name in names if name.split(".")[0] == package.name)
    paths = (package.joinpath(*parts).with_suffix(".py") for parts in inside if parts)
    return tuple(path for path in paths if path.is_file())
