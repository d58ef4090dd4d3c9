"""Prompt templates: text files with markers that are replaced."""

from collections.abc import Iterable
from pathlib import Path

from culturalign.errors import UserError
from culturalign.files.text_files import read_text


def read_template(
    path: Path, key: str, *, once: Iterable[str] = (), some: Iterable[str] = ()
) -> str:
    """Read a template without the white space around it.

    Args:
        path: The file.
        key: Where the configuration names it, for errors.
        once: Markers that it must hold exactly once.
        some: Markers that it must hold at least once.

    Raises:
        UserError: If the file is missing, not UTF-8, or breaks a rule of its markers.
    """
    template = read_text(path, key).strip()
    for marker in once:
        if template.count(marker) != 1:
            raise UserError(f"{path}: the prompt must hold the marker {marker} exactly once")
    for marker in some:
        if marker not in template:
            raise UserError(f"{path}: the prompt lacks the marker {marker}; add it")
    return template
