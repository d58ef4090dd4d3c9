"""Tables on paper: cells, their order, and the three files."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.report.page import read_table
from culturalign.report.tables import (
    cell,
    escape_markdown,
    markdown_cells,
    pivot_cells,
    plain_text,
    write_csv,
    write_table,
)

NUMBERS = pl.DataFrame({"method": ["sft", "词"], "mean": [0.1234567890123, 1 / 3]})


def test_a_cell_shows_the_mean_its_interval_and_the_spread_over_seeds_if_there_is_one():
    assert cell(0.4321, 0.391, 0.4744) == "0.432 [0.391, 0.474]"
    assert cell(0.5, 0.25, 1.0, 0.0123) == "0.500 [0.250, 1.000] (seeds ±0.012)"
    assert cell(-0.1, -0.2, 0.0, 0.0) == "-0.100 [-0.200, 0.000] (seeds ±0.000)"


def test_csv_keeps_every_digit(tmp_path):
    write_table(str(tmp_path / "t"), NUMBERS, [["a", "b"]], ["x", "y"])
    assert pl.read_csv(tmp_path / "t.csv").equals(NUMBERS)


def test_markdown_and_latex_show_the_cells_as_they_were_formatted(tmp_path):
    shown = [["SFT", "0.10"], ["词", "1e5"]]
    write_table(str(tmp_path / "t"), NUMBERS, shown, ["M Type", "P@5"])
    lines = (tmp_path / "t.md").read_text(encoding="utf-8").splitlines()
    cells = [[part.strip() for part in line.strip("|").split("|")] for line in lines]
    assert [cells[0], *cells[2:]] == [["M Type", "P@5"], ["SFT", "0.10"], ["词", "1e5"]]
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
    lines = (tmp_path / "t.md").read_text(encoding="utf-8").splitlines()
    assert [part.strip() for part in lines[0].strip("|").split("|")] == ["M Type", "P@5"]
    assert r"\toprule" in (tmp_path / "t.tex").read_text(encoding="utf-8")


def rows(*found):
    return pl.DataFrame(found, schema=["type", "model", "k", "mean", "low", "high"], orient="row")


def test_the_cells_of_a_row_come_in_order_of_k_and_rows_in_order_of_appearance():
    table = rows(
        ("SFT", "Qwen", 40, 0.3, 0.2, 0.4),
        ("SFT", "Llama", 5, 0.8, 0.7, 0.9),
        ("SFT", "Llama", 40, 0.4, 0.3, 0.5),
        ("SFT", "Qwen", 5, 0.6, 0.5, 0.7),
    )
    assert pivot_cells(table, ["type", "model"]) == [
        ["SFT", "Qwen", "0.600 [0.500, 0.700]", "0.300 [0.200, 0.400]"],
        ["SFT", "Llama", "0.800 [0.700, 0.900]", "0.400 [0.300, 0.500]"],
    ]


def test_rows_that_share_a_key_but_not_all_stay_apart():
    table = rows(("SFT", "Llama", 5, 0.1, 0.1, 0.1), ("Vanilla", "Llama", 5, 0.2, 0.2, 0.2))
    assert [row[:2] for row in pivot_cells(table, ["type", "model"])] == [
        ["SFT", "Llama"],
        ["Vanilla", "Llama"],
    ]


def test_the_spread_over_seeds_is_shown_where_it_is_known():
    table = rows(("SFT", "Llama", 5, 0.1, 0.1, 0.1), ("Vanilla", "Llama", 5, 0.2, 0.2, 0.2))
    table = table.with_columns(seed_sd=pl.Series([0.05, None]))
    assert pivot_cells(table, ["type"]) == [
        ["SFT", "0.100 [0.100, 0.100] (seeds ±0.050)"],
        ["Vanilla", "0.200 [0.200, 0.200]"],
    ]


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
    import re

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


def test_a_note_stands_under_the_table_and_is_no_row(tmp_path):
    numbers = pl.DataFrame({"x": [1.0]})
    write_table(str(tmp_path / "t"), numbers, [["**1**"]], ["x"], note="Bold: equal. †: so.")
    assert read_table(tmp_path / "t.md") == {"header": ["x"], "rows": [["**1**"]]}
    assert (tmp_path / "t.md").read_text(encoding="utf-8").endswith("|\n\nBold: equal. †: so.\n")
    assert (tmp_path / "t.tex").read_text(encoding="utf-8").endswith("\n% Bold: equal. †: so.\n")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == "x\n1.0\n"
