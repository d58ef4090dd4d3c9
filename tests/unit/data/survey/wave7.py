"""Small files in the official format of wave 7, and what they must be read as."""

from pathlib import Path

import pytest

from culturalign.data.survey.wvs import read_survey
from culturalign.errors import UserError

ASKED = ["Q1", "Q2"]
HEADER = ["version", "B_COUNTRY", "B_COUNTRY_ALPHA", "W_WEIGHT", "Q1", "Q2", "Q33_3"]
ROWS = [
    ["6-0-0", "156", "CHN", "0.5", "1", "0", "9"], ["6-0-0", "840", "USA", "1.5", "2", "-1", "9"],
    ["6-0-0", "840", "USA", "2", "", "3", "9"], ["6-0-0", "392", "JPN", "1", "4", "4", "9"],
]  # fmt: skip
READ = [
    ("CHN", 1, 0.5, "Q1", 1), ("CHN", 1, 0.5, "Q2", 0), ("USA", 2, 1.5, "Q1", 2),
    ("USA", 2, 1.5, "Q2", -1), ("USA", 3, 2.0, "Q1", -5), ("USA", 3, 2.0, "Q2", 3),
]  # fmt: skip


def written(path: Path, rows=ROWS, header=HEADER, mark=",", quote="", end="\r\n", start="") -> Path:
    lines = [mark.join(f"{quote}{cell}{quote}" for cell in row) for row in [header, *rows]]
    path.write_bytes((start + "".join(line + end for line in lines)).encode())
    return path


def read(path: Path, countries=("USA", "CHN")) -> list[tuple]:
    return sorted(read_survey(path, countries, ASKED).answers.iter_rows())


def fault(path: Path, countries=("USA", "CHN")) -> str:
    with pytest.raises(UserError) as caught:
        read_survey(path, countries, ASKED)
    assert str(path) in str(caught.value)
    return str(caught.value)


def changed(row: int, column: int, value: str) -> list[list[str]]:
    rows = [list(cells) for cells in ROWS]
    rows[row][column] = value
    return rows
