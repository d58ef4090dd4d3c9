"""The three files of a table: numbers, markdown and LaTeX, whatever is in the cells."""

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.report.page import read_table
from culturalign.report.tables import (
    escape_markdown,
    markdown_cells,
    plain_text,
    write_csv,
    write_table,
)

NUMBERS = pl.DataFrame({"method": ["sft", "词"], "mean": [0.1234567890123, 1 / 3]})


def test_csv_keeps_every_digit(tmp_path):
    write_table(str(tmp_path / "t"), NUMBERS, [["a", "b"]], ["x", "y"])
    assert pl.read_csv(tmp_path / "t.csv").equals(NUMBERS)


def test_markdown_and_latex_show_the_cells_as_they_were_formatted(tmp_path):
    shown = [["SFT", "0.10"], ["词", "1e5"]]
    write_table(str(tmp_path / "t"), NUMBERS, shown, ["M Type", "P@5"])
    assert read_table(tmp_path / "t.md") == {"header": ["M Type", "P@5"], "rows": shown}
    tex = (tmp_path / "t.tex").read_text(encoding="utf-8")
    rows = [line for line in tex.splitlines() if line.endswith(r"\\")]
    assert [[part.strip(" \\") for part in row.split("&")] for row in rows] == [
        ["M Type", "P@5"],
        ["SFT", "0.10"],
        ["词", "1e5"],
    ]
    assert r"\toprule" in tex


def test_latex_special_characters_are_escaped(tmp_path):
    write_table(str(tmp_path / "t"), NUMBERS, [["50 % & demo_us"]], ["x"])
    assert r"50 \% \& demo\_us" in (tmp_path / "t.tex").read_text(encoding="utf-8")


def test_a_table_without_rows_keeps_its_header(tmp_path):
    write_table(str(tmp_path / "t"), NUMBERS.clear(), [], ["M Type", "P@5"])
    assert read_table(tmp_path / "t.md") == {"header": ["M Type", "P@5"], "rows": []}
    assert r"\toprule" in (tmp_path / "t.tex").read_text(encoding="utf-8")


def test_bold_cells_are_bold_in_both(tmp_path):
    write_table(str(tmp_path / "t"), NUMBERS, [["a", "**0.5 [0.1, 0.9]**", "**x**"]], list("xyz"))
    assert "| **0.5 [0.1, 0.9]** | **x** |" in (tmp_path / "t.md").read_text(encoding="utf-8")
    tex = (tmp_path / "t.tex").read_text(encoding="utf-8")
    assert r"\textbf{0.5 [0.1, 0.9]} & \textbf{x}" in tex


HOSTILE = ["=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "<script>alert(1)</script>",
           r"\input{/etc/passwd}", "$x^2$ & 50 % #_~{}", "a|b", "[x](http://evil.example)",
           "![x](http://evil.example)", "`rm`", "\u202eabc\u2066", "\x00\x1b[31m", "a\nb",
           "../../x", "back\\slash\\", "x" * 5000]  # fmt: skip


@given(st.lists(st.text() | st.sampled_from(HOSTILE), min_size=1, max_size=4))
def test_a_markdown_row_is_read_back_whatever_is_in_its_cells(texts):
    line = f"| {' | '.join(escape_markdown(text) for text in texts)} |"
    assert markdown_cells(line) == [plain_text(text) for text in texts]
    assert "\n" not in line


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_has_no_html_link_code_or_border_of_a_cell(text):
    written = escape_markdown(text)
    assert not re.search(r"(?<!\\)(?:\\\\)*[<|`]", written)
    assert "](" not in written


@pytest.mark.parametrize("text", HOSTILE)
def test_invisible_characters_are_seen_as_numbers(text):
    assert plain_text(text).isprintable()


def test_formulas_are_text_in_a_spreadsheet_and_numbers_stay(tmp_path):
    texts = [*HOSTILE, "-0.5", "+3", "-", "plain", None]
    table = pl.DataFrame({"text": texts, "number": [-1.5] * len(texts)})
    write_csv(table, tmp_path / "t.csv")
    found = pl.read_csv(tmp_path / "t.csv", schema={"text": pl.String, "number": pl.Float64})
    assert set(found["number"]) == {-1.5}
    for before, after in zip(texts, found["text"].to_list(), strict=True):
        if before and before[0] in "=+-@\t\r" and before not in ("-0.5", "+3", "-"):
            assert after == f"'{before}"
        else:
            assert (after or "") == (before or "")


def test_latex_runs_no_command_of_a_cell(tmp_path):
    write_table(str(tmp_path / "t"), NUMBERS, [[text] for text in HOSTILE], ["x"])
    tex = (tmp_path / "t.tex").read_text(encoding="utf-8")
    assert r"\input" not in tex.replace(r"\textbackslash{}input", "")
    assert r"\$x\^{}2\$ \& 50 \% \#\_\textasciitilde{}\{\}" in tex
    assert not [c for c in tex if not c.isprintable() and c != "\n"]


def test_a_note_is_under_the_table_and_not_a_row(tmp_path):
    numbers = pl.DataFrame({"x": [1.0]})
    write_table(str(tmp_path / "t"), numbers, [["**1**"]], ["x"], note="Bold: equal. †: so.")
    assert read_table(tmp_path / "t.md") == {"header": ["x"], "rows": [["**1**"]]}
    assert (tmp_path / "t.md").read_text(encoding="utf-8").endswith("|\n\nBold: equal. †: so.\n")
    assert (tmp_path / "t.tex").read_text(encoding="utf-8").endswith("\n% Bold: equal. †: so.\n")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == "x\n1.0\n"
