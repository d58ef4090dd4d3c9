"""Table of the files that a run read."""

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from culturalign.files.data_file import DataFile
from culturalign.report import tables

HEADER = ("data", "file", "release", "size", "encoding", "SHA-256", "odd")


def write_table(stem: str, records: Iterable[Path]) -> None:
    """Write the table of data files, a row a ``source.json``, named after its folder.

    The csv has the whole checksum and the version of the normalizer in addition to the cells shown.
    """
    found = [(path.parent.name, DataFile.read(path)) for path in records]
    shown = [[data, *file.cells()] for data, file in found]
    numbers = pl.DataFrame(shown, schema=list(HEADER), orient="row").with_columns(
        pl.Series("SHA-256", [file.sha256 for _, file in found]),
        pl.Series("normalizer", [file.normalizer for _, file in found]),
    )
    tables.write_table(stem, numbers, shown, HEADER)
