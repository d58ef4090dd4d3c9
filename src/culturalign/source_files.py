"""Source files that a job runs: its entry script and the modules it imports, recursively.

Snakemake does not notice edits of imported modules, so rules name them as inputs.
"""

import re
from functools import cache
from pathlib import Path

IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|.+)|import[ \t]+(.+))", re.MULTILINE
)
"""A statement on lines of its own. Parsing every module took a sixth of the time of planning."""
ALIAS = re.compile(r"\bas[ \t]+\w+|#.*")
NAME = re.compile(r"[\w.]+")


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
    for source, members, whole in IMPORT.findall(file.read_text(encoding="utf-8")):
        found = NAME.findall(ALIAS.sub("", members or whole))
        names += [source, *(f"{source}.{name}" for name in found)] if source else found
    inside = (name.split(".")[1:] for name in names if name.split(".")[0] == package.name)
    paths = (package.joinpath(*parts).with_suffix(".py") for parts in inside if parts)
    return tuple(path for path in paths if path.is_file())
