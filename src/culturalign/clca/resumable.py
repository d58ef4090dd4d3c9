"""Work in parts that survives an interruption: a finished part is never done again."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from culturalign import jobs
from culturalign.files.jsonl import read_jsonl, write_jsonl

Item = TypeVar("Item")


def in_parts(
    items: Sequence[Item],
    size: int,
    work: Callable[[Sequence[Item]], list[dict[str, Any]]],
    *,
    scratch: Path,
    fingerprint: str,
) -> list[dict[str, Any]]:
    """Do the work part by part; each part's rows are written to scratch, whole or not at all.

    Parts are cut by position, so an interrupted run and an uninterrupted one do the same.

    Args:
        items: Any number.
        size: Most items of a part.
        work: From the items of a part to rows.
        scratch: Folder of the finished parts; the caller removes it in the end.
        fingerprint: Identifies all that the rows depend on except the size; parts with another
            fingerprint or size are removed.

    Returns:
        All rows, in the order of the items.
    """
    _claim(scratch, json.dumps([fingerprint, size]))
    rows: list[dict[str, Any]] = []
    for start in range(0, len(items), size):
        path = scratch / f"{start:07}.jsonl"
        if not path.is_file():
            done = work(items[start : start + size])
            with jobs.whole(path) as (partial,):
                write_jsonl(done, partial)
        rows += read_jsonl(path)
    return rows


def _claim(scratch: Path, text: str) -> None:
    """Empty the folder unless its mark says that it belongs to the same work."""
    mark = scratch / "fingerprint.json"
    if not (mark.is_file() and mark.read_text(encoding="utf-8") == text):
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        with jobs.whole(mark) as (partial,):
            partial.write_text(text, encoding="utf-8")
