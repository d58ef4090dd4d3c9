import re
from string import Formatter

import pytest

from culturalign.artifacts import paths
from tests.tiny import ROOT

TEMPLATES = {
    name: value
    for name, value in vars(paths).items()
    if isinstance(value, str) and value.startswith("results/")
}
WILDCARDS = {"culture", "method", "language", "model", "seed", "arm", "prompt", "decoding"}
RULES = [*(ROOT / "workflow/rules").glob("*.smk"), ROOT / "Snakefile"]


def test_no_two_artifacts_share_a_path():
    assert len(set(TEMPLATES.values())) == len(TEMPLATES)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_path_has_wildcards_that_are_constrained(name):
    fields = {field for _, field, _, _ in Formatter().parse(TEMPLATES[name]) if field}
    assert fields <= WILDCARDS | ({"name", "format"} if name in ("TABLE", "FIGURE") else set())


def test_rules_name_no_path_of_an_artifact_themselves():
    """Only the demo world's files, which the configuration names, are written out, once."""
    written = [
        match
        for file in RULES
        for match in re.findall(r'"(results/[^"]+)"', file.read_text(encoding="utf-8"))
    ]
    assert all(path.startswith(paths.DEMO) for path in written)
    assert len(set(written)) == len(written)


def test_tables_and_figures_in_every_format():
    assert paths.tables("a", "{b}") == [
        "results/tables/a.csv", "results/tables/a.md", "results/tables/a.tex",
        "results/tables/{b}.csv", "results/tables/{b}.md", "results/tables/{b}.tex",
    ]  # fmt: skip
    assert paths.figures("f")[0] == "results/figures/f.svg" and len(paths.figures("f")) == 4
