"""Text files in any encoding that users' spreadsheets write: UTF-8, UTF-16, GB18030, Latin-1.

A file in UTF-8 is used as it is. Another is copied as UTF-8 if its bytes leave no doubt about its
encoding; a wrong guess would change words silently, so doubt is refused. That is why
charset-normalizer is not used: it always makes a guess. It takes ``naïve`` in Latin-1 for cp1250,
and so reads ``naďve``, and it takes two joined files in different encodings for one.
"""

import codecs
import io
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from culturalign.errors import UserError

BLOCK = 1 << 20
FOREIGN = re.compile(r"[^\x00-\x7f]+")
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Byte order mark -> encoding; the marks of UTF-32 begin like those of UTF-16 and come first."""
LATIN_SIGNS = frozenset("‘’“”–—…€£©®°«»·´")
"""Signs that Western spreadsheets write in Windows-1252, in addition to letters."""
PLAUSIBLE = 0.98
"""Share of the non-ASCII characters that must look right; ours. A short word by chance may not."""


@dataclass(frozen=True)
class Text:
    """A text file that can be read as UTF-8.

    Attributes:
        file: The user's file, or a copy as UTF-8.
        encoding: The encoding of the user's file, or what it is if it is no text.
        separator: Between the fields, if it is known: of a table that was no text. Its rows are
            numbered as in that table, though an entry may span lines.
        above: Lines above the header, blank in the copy.
    """

    file: Path
    encoding: str
    separator: str = ""
    above: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether the last line ends with a line break."""
        with self.file.open("rb") as stream:
            if stream.seek(0, io.SEEK_END) == 0:
                return True
            stream.seek(-1, io.SEEK_END)
            return stream.read() == b"\n"


@contextmanager
def as_utf8(file: Path, path: Path) -> Iterator[Text]:
    """Read a file as UTF-8, whatever its encoding; a copy is removed afterwards.

    Args:
        file: The file, unpacked.
        path: The user's file, for errors.

    Raises:
        UserError: If it is binary, or its encoding is in doubt.
    """
    with file.open("rb") as stream:
        start = stream.read(1 << 16)
    encoding = next((name for mark, name in MARKS.items() if start.startswith(mark)), None)
    if encoding is None and b"\0" in start:
        encoding = _without_mark(start, path)
    if encoding in (None, "utf-8-sig"):
        fault = _fault_of_utf8(file)
        if fault is None and not _old_mac(start.decode("latin-1")):
            yield Text(file, encoding or "utf-8")
            return
        encoding = _legacy(file, path, *fault) if fault else "utf-8-sig"
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"data{file.suffix}"
        _rewrite(file, copy, encoding, path)
        yield Text(copy, encoding)


def _old_mac(start: str) -> bool:
    """Whether lines end in a lone carriage return, which csv readers take for part of a word."""
    return "\r" in start and "\n" not in start


def _fault_of_utf8(file: Path) -> tuple[int, int] | None:
    """The line, from 1, and the byte with which a file breaks UTF-8, if it does."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    with file.open("rb") as stream:
        try:
            while block := stream.read(BLOCK):
                decoder.decode(block)
                line += block.count(b"\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as bad:
            return line + bad.object[: bad.start].count(b"\n"), bad.object[bad.start]
    return None


def _without_mark(start: bytes, path: Path) -> str:
    """UTF-16 without its mark has a zero next to every ASCII character; else it is binary."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = len(start) / 2
    if odd > 0.3 * half and even < 0.02 * half:
        return "utf-16-le"
    if even > 0.3 * half and odd < 0.02 * half:
        return "utf-16-be"
    if start.count(0) < 0.1 * len(start) and b"\n" in start:
        return "utf-8-sig"  # a stray zero byte in a word; the normalizer removes it
    raise UserError(f"{path}: is binary and not text; name the csv, or download it again")


def _legacy(file: Path, path: Path, line: int, byte: int) -> str:
    """GB18030 or Windows-1252, if exactly one of them makes sense of the file."""
    likely = [name for name in ("gb18030", "cp1252") if _makes_sense(file, name)]
    if len(likely) != 1:
        raise UserError(
            f"{path}: line {line} is not UTF-8 (byte 0x{byte:02x}), nor clearly GB18030 or "
            "Latin-1; save the file as UTF-8, or download it again"
        )
    if other := _line_in_utf8(file, likely[0]):
        raise UserError(
            f"{path}: line {other} is UTF-8, line {line} is not; two files joined? Save each as "
            "UTF-8 and join them again"
        )
    return likely[0]


def _line_in_utf8(file: Path, encoding: str) -> int | None:
    """The first line beyond ASCII that is UTF-8 by itself, in a file that as a whole is not.

    Some Chinese in GB18030 is UTF-8 by chance, but of other scripts.
    """
    with file.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            foreign = "".join(FOREIGN.findall(line.decode("utf-8", errors="replace")))
            by_chance = encoding == "gb18030" and not all(map(_is_chinese, foreign))
            if foreign and "\ufffd" not in foreign and not by_chance:
                return number
    return None


def _makes_sense(file: Path, encoding: str) -> bool:
    """Whether nearly all non-ASCII characters are ones that people write in that encoding."""
    found: Counter[str] = Counter()
    runs = 0
    with file.open(encoding=encoding, newline="") as stream:
        try:
            while block := stream.read(BLOCK):
                foreign = FOREIGN.findall(block)
                runs += len(foreign)
                found.update("".join(foreign))
        except UnicodeDecodeError:
            return False
    is_usual = _is_chinese if encoding == "gb18030" else _is_western
    usual = sum(n for character, n in found.items() if is_usual(character))
    # Western letters with accents stand between others; Chinese bytes come in rows.
    sparse = encoding == "gb18030" or found.total() <= 1.5 * runs
    return usual >= PLAUSIBLE * found.total() and sparse


def _is_chinese(character: str) -> bool:
    """Whether GB 2312, the common characters, has it."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _is_western(character: str) -> bool:
    return character in LATIN_SIGNS or ("À" <= character <= "ÿ" and character not in "×÷")


def _rewrite(file: Path, copy: Path, encoding: str, path: Path) -> None:
    try:
        with file.open(encoding=encoding, newline="") as source:
            newline = None if _old_mac(source.read(1 << 16)) else ""
        with (
            # where lines end otherwise, the reader decides about a carriage return within one
            file.open(encoding=encoding, newline=newline) as source,
            copy.open("w", encoding="utf-8", newline="") as sink,
        ):
            while block := source.read(BLOCK):
                sink.write(block)
    except UnicodeError as error:
        raise UserError(
            f"{path}: is cut short or not {encoding} ({str(error)[:80]}); save it as UTF-8, or "
            "download it again"
        ) from None
