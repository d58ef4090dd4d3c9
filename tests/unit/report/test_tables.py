"""The three files of a table: numbers, markdown and LaTeX, whatever is in the cells."""

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.report import tables
from culturalign.report.tables import escape_markdown, plain_text, write_table

NUMBERS = pl.DataFrame({"method": ["sft", "词"], "mean": [0.1234567890123, 1 / 3]})


def tex_of(folder):
    return (folder / "t.tex").read_text(encoding="utf-8")


def test_the_csv_keeps_every_digit_and_the_others_show_the_cells_as_formatted(written, tmp_path):
    shown = [["SFT", "0.10"], ["词", "1e5"], ["**0.5 [0.1, 0.9]**", "50 % & demo_a"]]
    header, rows, table = written(write_table, NUMBERS, shown, ["M Type", "P@5"])
    assert (header, rows) == (["M Type", "P@5"], shown) and table.equals(NUMBERS)
    tex = tex_of(tmp_path)
    lines = [line for line in tex.splitlines() if line.endswith(r"\\")]
    assert [[part.strip() for part in re.split(r"(?<!\\)&|\\\\$", line)[:2]] for line in lines] == [
        ["M Type", "P@5"], *shown[:2], [r"\textbf{0.5 [0.1, 0.9]}", r"50 \% \& demo\_a"],
    ]  # fmt: skip
    assert r"\toprule" in tex
    header, rows, _ = written(write_table, NUMBERS.clear(), [], ["M Type", "P@5"])
    assert (header, rows) == (["M Type", "P@5"], []) and r"\toprule" in tex_of(tmp_path)


HOSTILE = ["=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "<script>alert(1)</script>",
           r"\input{/etc/passwd}", "$x^2$ & 50 % #_~{}", "a|b", "[x](http://evil.example)",
           "![x](http://evil.example)", "`rm`", "\u202eabc\u2066", "\x00\x1b[31m", "a\nb",
           "../../x", "back\\slash\\", "x" * 5000]  # fmt: skip


@given(st.lists(st.text() | st.sampled_from(HOSTILE), min_size=1, max_size=4))
def test_a_markdown_row_is_read_back_whatever_is_in_its_cells(texts):
    line = f"| {' | '.join(escape_markdown(text) for text in texts)} |"
    assert tables.markdown_cells(line) == [plain_text(text) for text in texts]
    assert "\n" not in line


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_has_no_html_link_code_or_border_of_a_cell_and_shows_what_is_invisible(text):
    written = escape_markdown(text)
    assert not re.search(r"(?<!\\)(?:\\\\)*[<|`]", written)
    assert "](" not in written
    assert plain_text(text).isprintable()


def test_formulas_are_text_in_a_spreadsheet_and_numbers_stay(tmp_path):
    texts = [*HOSTILE, "-0.5", "+3", "-", "plain", None]
    table = pl.DataFrame({"text": texts, "number": [-1.5] * len(texts)})
    tables.write_csv(table, tmp_path / "t.csv")
    found = pl.read_csv(tmp_path / "t.csv", schema={"text": pl.String, "number": pl.Float64})
    assert set(found["number"]) == {-1.5}
    for before, after in zip(texts, found["text"].to_list(), strict=True):
        if before and before[0] in "=+-@\t\r" and before not in ("-0.5", "+3", "-"):
            assert after == f"'{before}"
        else:
            assert (after or "") == (before or "")


def test_latex_runs_no_command_of_a_cell(tmp_path):
    write_table(str(tmp_path / "t"), NUMBERS, [[text] for text in HOSTILE], ["x"])
    tex = tex_of(tmp_path)
    assert r"\input" not in tex.replace(r"\textbackslash{}input", "")
    assert r"\$x\^{}2\$ \& 50 \% \#\_\textasciitilde{}\{\}" in tex
    assert not [c for c in tex if not c.isprintable() and c != "\n"]


def test_a_note_is_under_the_table_and_not_a_row(written, tmp_path):
    found = written(write_table, NUMBERS, [["**1**"]], ["x"], note="Bold: equal. †: so.")
    assert found[:2] == (["x"], [["**1**"]]) and found[2].equals(NUMBERS)
    files = {end: (tmp_path / f"t.{end}").read_text(encoding="utf-8") for end in ("md", "tex")}
    assert files["md"].endswith("|\n\nBold: equal. †: so.\n")
    assert files["tex"].endswith("\n% Bold: equal. †: so.\n")
