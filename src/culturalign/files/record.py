"""The record of a data file: what it is, where it came from, its checksum."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from culturalign.files.archives import ENDINGS, SHEETS, packing, unpacked
from culturalign.files.charset import as_utf8
from culturalign.files.release import Release


def sha256(path: Path) -> str:
    """SHA-256 of a file as it lies on the disk, packed or not."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def record(path: Path, release: Release, encoding: str, normalizer: int) -> dict[str, Any]:
    """Facts of a data file.

    Args:
        path: The user's file; only its name is recorded, not the folder.
        release: What it is.
        encoding: What it was in.
        normalizer: Version of the rules that normalize its words.
    """
    return {
        "file": path.name,
        "release": release.name,
        "detail": release.detail,
        "encoding": encoding,
        "packing": packing(path) or "none",
        "bytes": path.stat().st_size,
        "sha256": sha256(path),
        "sizes": dict(release.sizes),
        "odd": list(release.odd),
        "normalizer": normalizer,
    }


def encoding_of(path: Path) -> str:
    """The encoding of a small file that has been read already; ``xlsx`` of a workbook."""
    if path.suffix.lower() == SHEETS:
        return "xlsx"
    with unpacked(path, (*ENDINGS, ".txt", SHEETS)) as file:
        if file.suffix.lower() == SHEETS:
            return "xlsx"
        with as_utf8(file, path) as text:
            return text.encoding


def write_record(path: Path, facts: dict[str, Any]) -> None:
    """Write a record as JSON."""
    text = json.dumps(facts, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def describe(facts: Mapping[str, Any]) -> list[str]:
    """A record as cells: file, release, sizes, encoding, checksum, what is odd."""
    name = f"{facts['release']}{', ' + facts['detail'] if facts['detail'] else ''}"
    sizes = ", ".join(f"{count:,} {what}" for what, count in facts["sizes"].items())
    packed = "" if facts["packing"] == "none" else f", {facts['packing']}"
    odd = "; ".join(facts["odd"]) or "nothing"
    return [facts["file"], name, sizes, facts["encoding"] + packed, facts["sha256"][:16], odd]


def identity(facts: Mapping[str, Any]) -> str:
    """A record in a sentence: release, sizes, encoding, checksum."""
    _, release, sizes, encoding, digest, _ = describe(facts)
    return f"{release}: {sizes}; {encoding}; SHA-256 {digest}"


def summary_line(path: Path, facts: Mapping[str, Any]) -> str:
    """A record as a job tells it: the file, what it is, what is odd about it."""
    state = "odd" if facts["odd"] else "found"
    lines = [f"{state:<8} {path}", f"         {identity(facts)}"]
    return "\n".join([*lines, *(f"       ! {sentence}" for sentence in facts["odd"])])
