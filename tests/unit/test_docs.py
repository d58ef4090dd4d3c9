"""The documentation: every link leads somewhere, and every path it names exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    page
    for pattern in ("*.md", "docs/*.md", "config/*.md", "resources/**/*.md", ".github/*.md")
    for page in sorted(ROOT.glob(pattern))
]
FOLDERS = "bench|config|docs|envs|profiles|resources|slurm|src|tests|workflow"
MODULES = [f"/{file.relative_to(ROOT)}" for file in ROOT.glob("[!.]*/**/*.py")]
LICENSED = ("resources/swow/", "resources/wvs/", "resources/norms/")


def text_of(page: Path) -> str:
    """A page without its code blocks."""
    return re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", text_of(page), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files_and_headings_that_exist(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if link.startswith("https://"):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_paths_of_the_repository_that_a_page_names_exist(page):
    paths = re.findall(rf"`((?:{FOLDERS})/[\w./-]+)`", text_of(page))
    missing = {path for path in paths if not (ROOT / path).exists()}
    assert {path for path in missing if not path.startswith(LICENSED)} == set()
    for module in re.findall(r"`([\w/]+\.py)`", text_of(page)):  # also relative to its room
        assert any(path.endswith(f"/{module}") for path in MODULES), module
