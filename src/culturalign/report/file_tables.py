"""Table of the files that a run read."""

import json
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from culturalign.files.record import describe
from culturalign.report import tables

DESCRIBED = ("file", "release", "size", "encoding", "SHA-256", "odd")
"""Headings of :func:`describe`."""


def write_table(stem: str, records: Iterable[Path]) -> None:
    """Write the table of data files, a row a ``source.json``, named after its folder.

    The csv has the whole checksum and the version of the normalizer beside the cells shown.
    """
    found = [(path.parent.name, json.loads(path.read_text(encoding="utf-8"))) for path in records]
    shown = [[data, *describe(facts)] for data, facts in found]
    header = ("data", *DESCRIBED)
    numbers = pl.DataFrame(shown, schema=list(header), orient="row").with_columns(
        pl.Series("SHA-256", [facts["sha256"] for _, facts in found]),
        pl.Series("normalizer", [facts["normalizer"] for _, facts in found]),
    )
    tables.write_table(stem, numbers, shown, header)
