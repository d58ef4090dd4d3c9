"""Hostile words from the data to every file that is made of them; the page in a real browser."""

import csv
import shutil
import subprocess
from pathlib import Path

import polars as pl
import pytest

from culturalign.data.associations import count_associations, top_responses
from culturalign.data.splits import split_cues
from culturalign.data.swow import prepare_culture
from culturalign.files import ledger
from culturalign.report import figures, page, tables
from tests.unit.report.test_page import render  # noqa: F401

RUN = "document.documentElement.setAttribute('data-run','1')"
HOSTILE = [
    f"<script>{RUN}</script>", f'<img src=x onerror="{RUN}">', f"<svg onload={RUN}>",
    f"</td></table><script>{RUN}</script>", f"--><script>{RUN}</script><!--",
    f"]]><script>{RUN}</script>", r"\input{/etc/passwd}", r"$\frac{1}{0}$ $", "=cmd|' /C calc'!A0",
    "@SUM(1+1)", "+1+1", "-1+1", "\u202eevil\u2066", "nul\x00esc\x1b[31m", "../../../etc/passwd",
    "C:\\windows", "x" * 100_000, "{{ 7 * 7 }}", "a|b",
]  # fmt: skip
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
browser = pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: apt-get install chromium")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A SWOW file of hostile cues and responses, read and counted."""
    path = tmp_path_factory.mktemp("hostile") / "swow.csv"
    rows = [
        [number, cue, *(HOSTILE[(number + k) % len(HOSTILE)] for k in (1, 2, 3))]
        for number, cue in enumerate(HOSTILE * 2)
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["participantID", "cue", "R1", "R2", "R3"], *rows])
    return prepare_culture(path, {}, culture="x")


def test_hostile_words_are_read_as_words_and_are_on_account(prepared, tmp_path):
    trials, responses = prepared.accounts
    assert trials.read == trials.kept == 2 * len(HOSTILE)
    assert responses.dropped["over-long"] == 2 * 3  # the word of 100,000 letters
    assert len(prepared.responses) > 0
    for column in ("cue", "response"):
        assert all(word.isprintable() for word in prepared.responses[column])
    table = count_associations(prepared.responses, seed=0)
    split = split_cues(
        table["cue"].unique(), {"train": 0.5, "validation": 0.0, "test": 0.5}, seed=0, culture="x"
    )
    assert len(split) == len(set(table["cue"]))
    ledger.write_ledger(prepared.accounts, tmp_path / "ledger.json")
    prepared.dropped.write_parquet(tmp_path / "dropped.parquet")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dropped.parquet", "ledger.json"]


@pytest.fixture(scope="module")
def drawn(prepared, tmp_path_factory) -> Path:
    """Figure 1 of hostile cues and responses."""
    table = count_associations(prepared.responses, seed=0)
    cues = sorted(set(table["cue"]))[:6]
    folder = tmp_path_factory.mktemp("figures")
    top = top_responses(table, cues, culture="<b>x</b>", most=4)
    rows = top.with_columns(axis=pl.lit("strength"))
    figures.save(figures.draw_associations(rows, ["<b>x</b>"]), rows, str(folder / "fig1"))
    return folder / "fig1.svg"


def test_figures_of_hostile_words_are_drawn_and_hold_no_script(drawn):
    svg = drawn.read_text(encoding="utf-8")
    assert "<script" not in svg and "onload" not in svg.split("<!--")[0]
    with drawn.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]


def page_of(render, drawn: Path, folder: Path) -> str:  # noqa: F811
    """The report with hostile answers, table cells and figure."""
    text = render(answers=[(word[:200], word[:200]) for word in HOSTILE[:3]])
    tables.write_table(
        str(folder / "t"), pl.DataFrame({"x": [1]}), [[w[:300]] for w in HOSTILE], ["h"]
    )
    template = page.Environment(autoescape=True).from_string(
        "<table>{% for row in rows %}<tr><td>{{ row[0] }}</td></tr>{% endfor %}</table>"
        "{{ picture | safe }}</body>"
    )
    more = template.render(rows=page.read_table(folder / "t.md")["rows"], picture=page._svg(drawn))
    return text.replace("</body>", more)


def dom_of(page: str, path: Path) -> str:
    """The page as Chromium has it after running whatever it runs."""
    path.write_text(page, encoding="utf-8")
    profile = f"--user-data-dir={path.parent / 'profile'}"
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", profile, "--dump-dom"]
    done = subprocess.run([*command, path.as_uri()], capture_output=True, text=True, check=True)
    return done.stdout


@browser
@pytest.mark.parametrize("policy", [True, False], ids=["with policy", "escaping only"])
def test_a_browser_runs_nothing_of_the_page(render, drawn, tmp_path, policy):  # noqa: F811
    page = page_of(render, drawn, tmp_path)
    if not policy:
        page = page.replace('http-equiv="Content-Security-Policy"', 'name="none"')
    dom = dom_of(page, tmp_path / "page.html")
    assert "{{ 7 * 7 }}" in dom and "What ran" in dom
    assert 'data-run="1"' not in dom


@browser
@pytest.mark.parametrize("policy", [True, False])
def test_the_policy_by_itself_stops_what_the_browser_would_run(tmp_path, policy):
    """Without it something runs, else the test above could not fail."""
    template = Path(__file__).parents[2] / "workflow/report/index.html.j2"
    lines = [line for line in template.read_text().splitlines() if "Content-Security" in line]
    head = lines[0] if policy else ""
    text = f"<html><head>{head}</head><body>{HOSTILE[0]}{HOSTILE[1]}</body></html>"
    assert ('data-run="1"' in dom_of(text, tmp_path / "page.html")) != policy
