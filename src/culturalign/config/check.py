"""Check configuration files without a run: ``python -m culturalign.config.check FILE...``.

Snakemake reads the files of ``--configfile`` before it reads the Snakefile, and of one that it
cannot read it names neither file nor line.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from functools import reduce
from pathlib import Path
from typing import Any

from culturalign.config.load import load
from culturalign.config.overlay import merge
from culturalign.errors import UserError
from culturalign.files.yaml_file import read_document

PURPOSE = "Say what is wrong in configuration files, with file and line; nothing is run."
FILES = "as for --configfile, earliest first, laid over config/config.yaml; none: that alone"
DIRECTORY = "as for snakemake: where prompts and other texts are looked for first; default: here"
DEFAULT = Path(__file__).resolve().parents[3] / "config/config.yaml"
KINDS = {list: "a list", str: "text", type(None): "nothing"}


def faults_of(files: Sequence[Path], directory: Path = Path()) -> list[str]:
    """What is wrong in configuration files, a sentence each, with file and line.

    Args:
        files: As for ``--configfile``, earliest first. If each can be read, they are validated
            together, laid over the default.
        directory: Where the run would work.
    """
    contents, faults = [], []
    for file in (DEFAULT, *files):
        try:
            contents.append(_read_keys(file))
        except UserError as fault:
            faults.append(str(fault))
    if not faults:
        try:
            root = DEFAULT.parents[1]
            load(reduce(merge, contents), [DEFAULT, *files], root=root, directory=directory)
        except UserError as fault:
            faults.append(str(fault))
    return faults


def _read_keys(file: Path) -> dict[str, Any]:
    """The content of a file that must have keys."""
    document = read_document(file)
    if isinstance(document.content, dict):
        return document.content
    line = min(document.lines.values(), default=1)
    held = KINDS.get(type(document.content), "one value")
    raise UserError(
        f"{file}:{line}: the file holds {held}; a configuration has keys at its top level, such "
        "as `run:`; correct the file, or name another"
    )


if __name__ == "__main__":
    parser = ArgumentParser("python -m culturalign.config.check", description=PURPOSE)
    parser.add_argument("file", nargs="*", type=Path, help=FILES)
    parser.add_argument("--directory", type=Path, default=Path(), help=DIRECTORY)
    given = parser.parse_args()
    found = faults_of(given.file, given.directory)
    print("\n".join(found) or "Nothing to correct.")
    sys.exit(bool(found))
