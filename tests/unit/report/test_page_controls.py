"""Every control of the report works, by mouse and by keyboard, wide and narrow, light and dark."""

import os
import shutil
from pathlib import Path

import pytest

from culturalign.report.explorer import embed
from tests.page_driver import SERIOUS, UNFOLD, WIDTHS, opened, use_all
from tests.unit.report.test_page import ANSWERS, NASTY, NUMBERS, WORDS, render  # noqa: F401

CHROMIUM = shutil.which("chromium")
AXE = Path(os.environ.get("CULTURALIGN_AXE", "node_modules/axe-core/axe.min.js")).resolve()
REPORT = os.environ.get("CULTURALIGN_REPORT")
"""Another report, as that of the demo, instead of a small one."""


@pytest.fixture
def browser():
    reason = "needs Debian's chromium and the package playwright"
    sync_api = pytest.importorskip("playwright.sync_api", reason=reason)
    if CHROMIUM is None:
        pytest.skip(reason)
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False)
        yield chromium
        chromium.close()


@pytest.fixture
def report(render, tmp_path):  # noqa: F811
    if REPORT:
        return Path(REPORT).resolve()
    more = {**WORDS["cues"][0], "cue": "dog", "lists": [["cat"]]}
    words = {**WORDS, "cues": [*WORDS["cues"], more]}
    cultures = {NASTY: words, "demo B": {**words, "cues": words["cues"][::-1]}}
    question = {**ANSWERS["questions"][0], "id": "Q2"}
    answers = {**ANSWERS, "questions": [*ANSWERS["questions"], question]}
    stages = ("survey", "ppo", "rankings", "attributes")
    text = render(*stages, numbers=NUMBERS, data=embed(cultures, {"en": answers}))
    (tmp_path / "report.html").write_text(text, encoding="utf-8")
    return tmp_path / "report.html"


@pytest.mark.parametrize("keyboard", [False, True], ids=["mouse", "keyboard"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_control_changes_what_is_shown_without_an_error_or_a_request(
    browser, report, width, keyboard
):
    faults = []
    with opened(browser, report, faults, viewport={"width": WIDTHS[width], "height": 900}) as page:
        faults += use_all(page, keyboard)
        assert page.evaluate("document.documentElement.scrollWidth") == WIDTHS[width]
    assert faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_serious_folded_or_unfolded(browser, report, width, scheme):
    if not AXE.exists():
        pytest.skip("needs axe-core: npm install --no-save axe-core")
    faults = []
    look = {"viewport": {"width": WIDTHS[width], "height": 900}, "color_scheme": scheme}
    with opened(browser, report, faults, bypass_csp=True, **look) as page:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        faults += page.evaluate(SERIOUS)
        page.evaluate(UNFOLD)
        faults += page.evaluate(SERIOUS)
    assert faults == []


def test_nothing_is_cut_off_in_print(browser, report):
    paper = {"width": 1046, "height": 700}  # A4 landscape within its margins
    with opened(browser, report, [], viewport=paper) as page:
        page.emulate_media(media="print")
        page.evaluate(UNFOLD)
        right = "(nodes) => Math.max(...nodes.map((node) => node.getBoundingClientRect().right))"
        assert page.eval_on_selector_all("table, svg, pre", right) <= paper["width"] + 1
