"""The file of a survey, which may lie in a zip archive."""

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from culturalign.errors import UserError

UNPACKED_LIMIT = 2 * 1024**3
"""Most bytes unpacked from a zip. The official csv has some 97,000 rows of 600 short fields,
about a tenth of this; more is no WVS file, perhaps a zip bomb."""


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The file itself, or the member of a zip in a folder that is removed afterwards."""
    with path.open("rb") as stream:
        start = stream.read(2)
    if start != b"PK":
        if path.suffix.lower() == ".zip":
            raise UserError(f"{path}: is not a zip archive; download it again")
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            yield _extract(path, Path(folder))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise UserError(
                f"{path}: the zip archive is cut short or damaged ({error}); an interrupted "
                "download? Download it again"
            ) from None


def _extract(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        members = [
            entry
            for entry in archive.infolist()
            if Path(entry.filename).suffix.lower() in (".csv", ".sav")
            and not entry.filename.startswith("__MACOSX/")
        ]
        if len(members) != 1 or members[0].flag_bits & 1:
            names = ", ".join(entry.filename for entry in members[:5]) or "none"
            raise UserError(
                f"{path}: the archive must hold one csv or sav file, without a password; found "
                f"{names}; unpack it and name the file itself"
            )
        target = folder / f"wave7{Path(members[0].filename).suffix.lower()}"
        size = members[0].file_size
        with archive.open(members[0]) as source, target.open("wb") as sink:
            while size <= UNPACKED_LIMIT and (block := source.read(1 << 20)):
                sink.write(block)
                size = max(size, sink.tell())  # the archive's own figure need not be true
    if size > UNPACKED_LIMIT:
        raise UserError(
            f"{path}: unpacks to {size} bytes, more than {UNPACKED_LIMIT}; no WVS file is that "
            "large; download it again from worldvaluessurvey.org"
        )
    return target
