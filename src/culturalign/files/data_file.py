"""The record of a data file: its release, size, encoding and checksum, and what is odd about it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from culturalign.files.archives import packing
from culturalign.files.stored_tables import encoding_of

TOLERANCE = 0.02
"""Share by which a size may differ from the official one; ours."""
SIZES: dict[str, dict[str, int]] = {
    # De Deyne et al. 2019: 4,163,001 responses in trials of three
    "SWOW-EN complete": {"rows": 1_387_667, "cues": 12_282, "participants": 90_701},
    # 100 participants a cue, three responses each: 3,684,600 responses
    "SWOW-EN R100": {"rows": 1_228_200, "cues": 12_282},
    # as the paper's authors read it (data/authors_counts.py); the number of lines is not published
    "SWOW-EN R123 strengths": {"rows": 1_384_556, "cues": 12_272},
    "SWOW-ZH raw": {"cues": 10_192},  # Li et al. 2024: over 2 million responses
    "SWOW-ZH R55": {"rows": 560_560, "cues": 10_192},  # 55 participants a cue
    "SWOW-DE complete": {"cues": 5_877},  # Aeschbach et al. 2026
    "WVS wave 7 v5": {"rows": 93_278},  # WorldValuesBench (Zhao et al. 2024)
    "WVS wave 7 v6": {"rows": 97_000, "countries": 66},  # about
    "Warriner et al. 2013": {"rows": 13_915},
    "Brysbaert et al. 2014": {"rows": 39_954},
    "Xu, Li and Chen 2022": {"rows": 11_310},
    "Xu and Li 2020": {"rows": 9_877},
}
"""Release -> its official size."""
AT_LEAST = {
    "SWOW-ZH raw": {"rows": 666_667, "participants": 40_000},
    # Cabana et al. 2024: over 13,000 cues and 3.6 million responses; balanced, perhaps fewer
    "SWOW-RP complete": {"rows": 1_200_000, "cues": 13_000},
    "SWOW-RP R70": {"cues": 12_500},
    # De Deyne et al. 2013: over 12,000 cues
    "SWOW-NL complete": {"cues": 12_000},
    "SWOW-NL R100": {"cues": 12_000},
}
"""Release -> a lower bound, where the exact size is not published."""


@dataclass(frozen=True)
class Release:
    """Which release of a data set a file holds.

    Attributes:
        name: A key of :data:`SIZES`, or the kind of file.
        detail: The year or language, as far as the content shows it.
        sizes: Numbers found of ``rows``, ``cues``, ``participants``, ``countries``.
        odd: How the file differs from the official one, a sentence each.
    """

    name: str
    detail: str
    sizes: Mapping[str, int]
    odd: Sequence[str]


@dataclass(frozen=True)
class DataFile:
    """A data file as ``source.json`` records it.

    Attributes:
        file: Its name, without the folder.
        release: Name of its :class:`Release`; ``detail``, ``sizes`` and ``odd`` come from there.
        encoding: Encoding of the text; ``xlsx`` and ``SPSS`` are not text.
        packing: ``zip``, ``gzip`` or ``none``.
        bytes: Size on the disk.
        sha256: Checksum of the file on the disk, packed or not.
        normalizer: Version of the rules that normalize its words.
    """

    file: str
    release: str
    detail: str
    encoding: str
    packing: str
    bytes: int
    sha256: str
    sizes: Mapping[str, int]
    odd: Sequence[str]
    normalizer: int

    @classmethod
    def of(cls, path: Path, release: Release, normalizer: int, encoding: str | None = None) -> Self:
        """Describe a file that has been read.

        Args:
            path: The user's file.
            release: What it holds.
            normalizer: Version of the rules that normalize its words.
            encoding: If it is known; a small file is read once more to find it.
        """
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return cls(
            path.name,
            release.name,
            release.detail,
            encoding or encoding_of(path),
            packing(path) or "none",
            path.stat().st_size,
            digest,
            dict(release.sizes),
            list(release.odd),
            normalizer,
        )

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what :meth:`write` wrote."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def write(self, path: Path) -> None:
        """Write the record as JSON."""
        write_json(asdict(self), path)

    def cells(self) -> list[str]:
        """File, release, sizes, encoding, start of the checksum, what is odd."""
        name = f"{self.release}, {self.detail}" if self.detail else self.release
        sizes = ", ".join(f"{count:,} {what}" for what, count in self.sizes.items())
        packed = "" if self.packing == "none" else f", {self.packing}"
        odd = "; ".join(self.odd) or "nothing"
        return [self.file, name, sizes, self.encoding + packed, self.sha256[:16], odd]

    @property
    def line(self) -> str:
        """Release, sizes, encoding and checksum in a line."""
        _, release, sizes, encoding, digest, _ = self.cells()
        return f"{release}: {sizes}; {encoding}; SHA-256 {digest}"

    def summary(self, path: Path) -> str:
        """The lines that a job logs: the file, its record, what is odd."""
        state = "odd" if self.odd else "found"
        lines = [f"{state:<8} {path}", f"         {self.line}"]
        return "\n".join([*lines, *(f"       ! {sentence}" for sentence in self.odd)])


def write_json(content: Any, path: Path) -> None:
    """Write JSON that people can read."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def nearest_release(kind: str, rows: int) -> str:
    """The release of a kind of file that is nearest in rows, for a file that does not name its own.

    >>> nearest_release("WVS wave 7", 97_220)
    'WVS wave 7 v6'
    """
    sizes = {name: size["rows"] for name, size in SIZES.items() if name.startswith(kind)}
    return min(sizes, key=lambda name: abs(sizes[name] - rows))


def releases(kind: str) -> list[str]:
    """The releases of a kind of file whose size is known.

    >>> releases("SWOW-DE")
    ['SWOW-DE complete']
    """
    return [name for name in {**SIZES, **AT_LEAST} if name.startswith(f"{kind} ")]


def oddities(name: str, sizes: Mapping[str, int]) -> list[str]:
    """Where sizes differ from those of a release, a sentence each.

    >>> oddities("SWOW-EN R100", {"rows": 1_228_200, "cues": 187})
    ['187 cues, the official file has 12,282: a subset, or cut short']
    """
    odd = []
    for what, official in SIZES.get(name, {}).items():
        found = sizes.get(what)
        if found is not None and abs(found - official) > TOLERANCE * official:
            guess = "a subset, or cut short" if found < official else "another release?"
            odd.append(f"{found:,} {what}, the official file has {official:,}: {guess}")
    for what, least in AT_LEAST.get(name, {}).items():
        if sizes.get(what, least) < least:
            odd.append(
                f"{sizes[what]:,} {what}, the official file has over {least:,}: not all of it"
            )
    return odd
