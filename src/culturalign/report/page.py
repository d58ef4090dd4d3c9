"""The report: one HTML page that needs no other file and no Snakemake."""

import hashlib
import itertools
import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, StrictUndefined

from culturalign import provenance
from culturalign.files.jsonl import read_jsonl
from culturalign.report.claims.verdicts import UNTESTABLE
from culturalign.report.headlines import headlines
from culturalign.report.paper_values import Table, beside, read_values
from culturalign.report.planted_table import NO_BETTER, NOT_ATTRIBUTABLE
from culturalign.report.tables import markdown_cells, plain_text

SHOWN_CUES = 3
CONTENTS = "<!-- contents -->"
READINGS = ("plain", "average of the orders", "as run", "as written", "sound")
AVERAGE = re.compile(r"debiased|\d+ orders")
FIRST = ("precision", "attributes", "thresholds")
"""Captions whose first figure answers a question at one look; the others are folded."""


def read_table(path: Path) -> Table:
    """Header and rows of a table written as GitHub markdown, without the note under it."""
    lines = path.read_text(encoding="utf-8").partition("\n\n")[0].splitlines()
    cells = [markdown_cells(line) for line in lines]
    return {"header": cells[0], "rows": cells[2:]}


def write(
    page: Path,
    *,
    template: Path,
    config: Mapping[str, Any],
    tables: Mapping[str, str],
    rankings: Mapping[str, str],
    attributes: Mapping[str, Sequence[str]],
    planted: Sequence[str],
    figures: Mapping[str, Path],
    labels: Mapping[str, Mapping[str, str]],
    samples: Sequence[Path],
    paper: Path,
    unworded: Path | None,
    kinds: Mapping[str, Sequence[str]],
    data: str = "",
    results: Path = Path("results"),
) -> None:
    """Write the report.

    Args:
        page: File to write.
        template: Jinja2 template; ``page.css`` and ``page.js`` are in its folder.
        config: The validated configuration.
        tables: Name of each table of generation scores -> culture.
        rankings: Name of each table of ranking scores -> culture.
        attributes: Name of each table of attributes -> culture and prompt.
        planted: Synthetic cultures.
        figures: Name of each figure, drawn as svg -> file of its caption.
        labels: Names shown.
        samples: Samples (jsonl) and their provenance (json), as the tables use them.
        paper: Folder with the paper's values, csv.
        unworded: Language -> questions without a wording, JSON; None without a survey stage.
        kinds: See :func:`culturalign.report.headlines.headlines`.
        data: From :func:`culturalign.report.explorer.embed`; without it there is no explorer.
        results: Folder of tables and figures.
    """
    folder = results / "tables"
    found = {path.stem: read_table(path) for path in sorted(folder.glob("*.md"))}
    values = read_values(paper)
    pages = [path for path in samples if path.suffix == ".json"]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters |= {"plain": plain_text, "reading": reading}
    style, script = (
        template.with_name(name).read_text(encoding="utf-8") for name in ("page.css", "page.js")
    )
    text = environment.from_string(template.read_text(encoding="utf-8")).render(
        style=style,
        script=script,
        script_hash=script_hash(script),
        headlines=headlines(
            folder,
            tables=tables,
            rankings=rankings,
            attributes=attributes,
            planted=planted,
            labels=labels,
            kinds=kinds,
        ),
        first_figures=_first_figures(figures),
        data=data,
        run=config["run"],
        labels=labels,
        tables=tables,
        rankings=rankings,
        attributes=attributes,
        last_of_culture=list({pair[0]: name for name, pair in attributes.items()}.values()),
        norms=config.get("norms"),
        synthetic=planted,
        no_better=NO_BETTER,
        not_attributable=NOT_ATTRIBUTABLE,
        found=found,
        untestable=UNTESTABLE,
        paper={name: beside(values.get(name, []), table) for name, table in found.items()},
        figures={name: _svg(results / f"figures/{name}.svg") for name in figures},
        captions={
            name: " ".join(path.read_text(encoding="utf-8").split())
            for name, path in figures.items()
        },
        answers=[_answers(path) for path in samples if path.suffix == ".jsonl"],
        survey=config["survey"] if unworded else None,
        unworded=json.loads(unworded.read_text(encoding="utf-8")) if unworded else {},
        record=provenance.record(config_sha256=provenance.digest_of(config)),
        made=[
            {"arm": _arm(path), **json.loads(path.read_text(encoding="utf-8"))} for path in pages
        ],
        config=yaml.safe_dump(dict(config), allow_unicode=True, sort_keys=False),
    )
    page.write_text(with_contents(text), encoding="utf-8")


def with_contents(page: str) -> str:
    """A page whose sections can be linked to, with a list of them in place of ``CONTENTS``.

    Text from data cannot pass for a heading, since its markup is escaped.
    """
    titles = re.findall(r"<h2>(.*?)</h2>", page)
    numbers = itertools.count(1)
    page = re.sub(r"<h2>", lambda _: f'<h2 id="section-{next(numbers)}">', page)
    links = [f'<a href="#section-{n}">{title}</a>' for n, title in enumerate(titles, start=1)]
    return page.replace(CONTENTS, "<br>\n".join(links), 1)


def reading(row: Sequence[str]) -> str:
    """The reading that a row of a table is of, if it is one that the page offers; else empty."""
    cells = ("average of the orders" if AVERAGE.fullmatch(cell) else cell for cell in row)
    return next((cell for cell in cells if cell in READINGS), "")


def script_hash(script: str) -> str:
    """What a content security policy calls a script that may run."""
    return f"sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def _first_figures(figures: Mapping[str, Path]) -> list[str]:
    """The first figure of each kind in ``FIRST``."""
    by_kind = {path.stem: name for name, path in reversed(list(figures.items()))}
    return [by_kind[kind] for kind in FIRST if kind in by_kind]


def _svg(path: Path) -> str:
    """The picture itself, without the XML declaration, for inlining."""
    text = path.read_text(encoding="utf-8")
    return text[text.index("<svg") :]


def _arm(path: Path) -> str:
    kind, culture = path.stem.split(".")[:2]
    return f"{path.parts[-3]}, {path.parts[-2]}, {kind} {culture}"


def _answers(path: Path) -> dict[str, Any]:
    return {"arm": _arm(path), "samples": read_jsonl(path)[:SHOWN_CUES]}
