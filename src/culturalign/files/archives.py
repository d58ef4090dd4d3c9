"""A user's data file, which may lie in a zip or gzip archive; nothing need be unpacked by hand."""

import errno
import gzip
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from culturalign.errors import UserError

UNPACKED_LIMIT = 2 * 1024**3
"""Most bytes unpacked from an archive. The largest official file, SWOW-EN, has some 200 MB and
the official WVS csv less; more is none of these, perhaps a zip bomb."""
SHEET_LIMIT = 256 * 1024**2
"""Most bytes that the members of an xlsx have together; it is read where it lies. Norms of
40,000 words with ten columns have less than 20 MB."""
SHEETS = ".xlsx"
"""Ending of a workbook, which is a zip by itself."""
NOTES = ".txt"
"""Ending of a table, or of a text beside one."""
ENDINGS = (".csv", ".tsv", ".sav", ".dta", SHEETS, NOTES)
"""Endings of the tables looked for in a zip; a text only if there is nothing else."""
OLD_WORKBOOK = "xls"
"""Packing of an Excel workbook of the old kind, or of one with a password."""
OTHER_PACKINGS = {
    b"\x1f\x9d": "compress",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\xd0\xcf\x11\xe0\xa1\xb1": OLD_WORKBOOK,
}
"""First bytes -> name of packings that are not read."""
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError,
           ValueError, OverflowError)  # fmt: skip
"""How a damaged archive breaks its readers."""


def packing(path: Path) -> str | None:
    """``zip``, ``gzip``, another packing's name, or None, by a file's first bytes."""
    with path.open("rb") as stream:
        start = stream.read(6)
    if start[:2] == b"PK":
        return "zip"
    if start[:2] == b"\x1f\x8b":
        return "gzip"
    return next((name for magic, name in OTHER_PACKINGS.items() if start.startswith(magic)), None)


@contextmanager
def unpacked(path: Path, endings: Sequence[str] = ENDINGS) -> Iterator[Path]:
    """The file itself, or its content in a folder that is removed afterwards.

    Args:
        path: A file, a gzip of one, or a zip that holds one with an expected ending; a workbook,
            itself a zip, is taken as it is.
        endings: Those endings, in lower case.

    Raises:
        UserError: If there is no such file; if it is a workbook that is not called one or is of
            the old kind; if the archive is damaged, locked, of another kind,
            holds none or several files, names a member outside itself, or unpacks to more than
            :data:`UNPACKED_LIMIT` bytes.
    """
    if not path.is_file():
        raise UserError(f"{path}: no such file; docs/data.md says where to get it and put it")
    kind = packing(path)
    if kind == OLD_WORKBOOK:
        raise UserError(
            f"{path}: is an Excel workbook of the old kind (.xls) or one with a password; save it "
            "as .xlsx without a password, or as csv"
        )
    kind = None if path.suffix.lower() == SHEETS else kind
    if kind is None:
        if path.suffix.lower() in (".zip", ".gz"):
            raise UserError(f"{path}: is not a {path.suffix[1:]} archive; download it again")
        yield path
        return
    if kind not in ("zip", "gzip"):
        raise UserError(f"{path}: is packed with {kind}; unpack it and name the file itself")
    with tempfile.TemporaryDirectory() as folder:
        try:
            unpack = _from_zip if kind == "zip" else _from_gzip
            file = unpack(path, Path(folder), endings)
        except DAMAGED as error:
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                raise UserError(f"{path}: no space to unpack it in {folder}; free some") from None
            raise UserError(
                f"{path}: the {kind} archive is cut short or damaged ({str(error)[:80]}); an "
                "interrupted download? Download it again"
            ) from None
        yield file


def _from_zip(path: Path, folder: Path, endings: Sequence[str]) -> Path:
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if outside := next((e.filename for e in entries if _leads_out(e.filename)), None):
            raise UserError(
                f"{path}: the archive names {outside[:80]!r}, a place outside itself; it is not "
                "an official file, so do not unpack it"
            )
        if any(e.filename == "xl/workbook.xml" for e in entries):
            raise UserError(f"{path}: is an Excel workbook; rename it to .xlsx, or export csv")
        members = [e for e in entries if _is_wanted(e.filename, endings)]
        members = [e for e in members if not e.filename.lower().endswith(NOTES)] or members
        if len(members) != 1 or members[0].flag_bits & 1:
            names = ", ".join(e.filename[:80] for e in members[:5]) or "none"
            raise UserError(
                f"{path}: the archive must hold one file that ends in {', '.join(endings)}, "
                f"without a password; found {names}; unpack it and name the file itself"
            )
        target = folder / f"data{PurePosixPath(members[0].filename).suffix.lower()}"
        if members[0].file_size > UNPACKED_LIMIT:
            raise UserError(_too_large(path, UNPACKED_LIMIT))
        with archive.open(members[0]) as source:
            _copy(source, target, path)
    return target


def _leads_out(name: str) -> bool:
    """Whether a member's name is absolute or has a parent in it, on any system."""
    parts = name.replace("\\", "/").split("/")
    return not parts[0] or ".." in parts or parts[0].endswith(":")


def _is_wanted(name: str, endings: Sequence[str]) -> bool:
    return PurePosixPath(name).suffix.lower() in endings and not name.startswith("__MACOSX/")


def _from_gzip(path: Path, folder: Path, endings: Sequence[str]) -> Path:
    inner = PurePosixPath(path.stem).suffix.lower()
    target = folder / f"data{inner if inner in endings else endings[0]}"
    with gzip.open(path) as source:
        _copy(source, target, path)
    with target.open("rb") as stream:
        stream.seek(257)
        if stream.read(5) == b"ustar":
            raise UserError(f"{path}: holds a tar archive; unpack it and name the file itself")
    return target


def check_size(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse an archive that is read where it lies if its members unpack to too much.

    ``zipfile`` never gives more of a member than the archive says that it has.

    Raises:
        UserError: If they unpack to more than :data:`SHEET_LIMIT` bytes together.
    """
    if sum(member.file_size for member in archive.infolist()) > SHEET_LIMIT:
        raise UserError(_too_large(path, SHEET_LIMIT))


def _copy(source: IO[bytes] | gzip.GzipFile, target: Path, path: Path) -> None:
    """Copy up to the limit; what an archive says of its sizes need not be true."""
    with target.open("wb") as sink:
        while block := source.read(1 << 20):
            sink.write(block)
            if sink.tell() > UNPACKED_LIMIT:
                raise UserError(_too_large(path, UNPACKED_LIMIT))


def _too_large(path: Path, limit: int) -> str:
    return (
        f"{path}: unpacks to more than {limit} bytes; no official file is that large, "
        "so download it again from its official site"
    )
