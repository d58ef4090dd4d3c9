"""Text files in any of the encodings users' spreadsheets save: UTF-8, UTF-16, GB18030, Latin-1.

A file in UTF-8 is used as it is. Another is rewritten as UTF-8 beside the job, if its bytes
leave no doubt; a guess that could be wrong would change words silently, so doubt is refused.
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
"""Byte order mark -> encoding; the marks of UTF-32 begin like those of UTF-16 and stand first."""
LATIN_SIGNS = frozenset("‘’“”–—…€£©®°«»·´")
"""Signs beside letters that Western spreadsheets write in Windows-1252."""
PLAUSIBLE = 0.98
"""Share of the non-ASCII characters that must look right; ours. A short word by chance may not."""


@dataclass(frozen=True)
class Text:
    """A text file that can be read as UTF-8.

    Attributes:
        file: The user's file, or a rewritten copy.
        encoding: What it was.
    """

    file: Path
    encoding: str

    @property
    def ends(self) -> bool:
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
        encoding = _legacy(file, path, fault) if fault else "utf-8-sig"
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"data{file.suffix}"
        _rewrite(file, copy, encoding, path)
        yield Text(copy, encoding)


def _old_mac(start: str) -> bool:
    """Whether lines end in a lone carriage return, which csv readers take for part of a word."""
    return "\r" in start and "\n" not in start


def _fault_of_utf8(file: Path) -> UnicodeDecodeError | None:
    """Where a file breaks UTF-8, if it does."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with file.open("rb") as stream:
        try:
            while block := stream.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as bad:
            return bad
    return None


def _without_mark(start: bytes, path: Path) -> str:
    """UTF-16 without its mark has a zero beside every ASCII character; else it is no text."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = len(start) / 2
    if odd > 0.3 * half and even < 0.02 * half:
        return "utf-16-le"
    if even > 0.3 * half and odd < 0.02 * half:
        return "utf-16-be"
    if start.count(0) < 0.1 * len(start) and b"\n" in start:
        return "utf-8-sig"  # a stray zero byte in a word; the normalizer removes it
    raise UserError(f"{path}: is no text but binary; name the csv, or download it again")


def _legacy(file: Path, path: Path, bad: UnicodeDecodeError) -> str:
    """GB18030 or Windows-1252, if one alone makes sense of the file."""
    sense = {name: _makes_sense(file, name) for name in ("gb18030", "cp1252")}
    likely = [name for name, yes in sense.items() if yes]
    if len(likely) == 1:
        if other := _line_in_utf8(file, likely[0]):
            raise UserError(
                f"{path}: line {other} is UTF-8, line {_line_of_fault(file)} is not; two files "
                "joined? Save each as UTF-8 and join them again"
            )
        return likely[0]
    byte = bad.object[bad.start]
    raise UserError(
        f"{path}: line {_line_of_fault(file)} is not UTF-8 (byte 0x{byte:02x}), nor clearly "
        "GB18030 or Latin-1; save the file as UTF-8, or download it again"
    )


def _line_of_fault(file: Path) -> int:
    with file.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 1


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
    decoder = codecs.getincrementaldecoder(encoding)()
    found: Counter[str] = Counter()
    runs = 0
    with file.open("rb") as stream:
        try:
            while block := stream.read(BLOCK):
                foreign = FOREIGN.findall(decoder.decode(block))
                runs += len(foreign)
                found.update("".join(foreign))
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    judge = _is_chinese if encoding == "gb18030" else _is_western
    usual = sum(n for character, n in found.items() if judge(character))
    # Western letters with accents stand alone between others; Chinese bytes come in rows.
    alone = encoding == "gb18030" or found.total() <= 1.5 * runs
    return usual >= PLAUSIBLE * found.total() and alone


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
            # where lines end otherwise, a carriage return within one is for the reader to judge
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
