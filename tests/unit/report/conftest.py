"""Tables as they are shown."""

import polars as pl
import pytest

from culturalign.report.page import read_table


@pytest.fixture
def written(tmp_path):
    """Write a table; returns its header and rows as shown, and its csv."""

    def written(write, *arguments, **options):
        write(str(tmp_path / "t"), *arguments, **options)
        page = read_table(tmp_path / "t.md")
        return page["header"], page["rows"], pl.read_csv(tmp_path / "t.csv")

    return written
