"""Size and first paint of a report whose explorer holds the paper's number of cues.

Puts generated words in the place of a report's own: one or two cultures of 1,228 held-out cues and
40 arms, each with lists of 40 words, and 240 survey questions in four orders. Needs Debian's
chromium and the package playwright:

    .venv/bin/python bench/explorer.py [results/report/index.html]
"""

import re
import sys
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from culturalign.report.explorer import embed

CUES, ARMS, WORDS, PEOPLE, QUESTIONS = 1228, 40, 40, 120, 240
VOCABULARY = [f"{first}{second}{third}" for first in "bdfgklmnprst" for second in
              ("ana", "elo", "iru", "otem", "usal") for third in range(500)]  # fmt: skip
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def culture(random: np.random.Generator) -> dict[str, object]:
    """Responses of people, and lists of every arm, to every cue; frequent words come often."""
    chances = 1 / np.arange(1, len(VOCABULARY) + 1)
    draws = random.choice(len(VOCABULARY), (CUES, PEOPLE + ARMS * WORDS), p=chances / chances.sum())
    words = [[VOCABULARY[place] for place in row] for row in draws]
    cues = [
        {
            "cue": VOCABULARY[number], "planted": [],
            "people": [(word, 1) for word in dict.fromkeys(row[:PEOPLE])],
            "lists": [row[at : at + WORDS] for at in range(PEOPLE, len(row), WORDS)],
        }
        for number, row in enumerate(words)
    ]  # fmt: skip
    return {"arms": [f"Model, method {arm}, culture, seed 0" for arm in range(ARMS)], "cues": cues}


def survey(random: np.random.Generator) -> dict[str, object]:
    """Shares of five options, in thousandths, of every arm in four orders."""
    shares = random.integers(0, 1000, (QUESTIONS, ARMS, 4, 5)).tolist()
    questions = [
        {"id": f"Q{number}", "wording": "How important is this in your life? " * 3,
         "options": ["very", "rather", "not very", "not at all", "no opinion"],
         "people": {"USA": [200] * 5, "CHN": [200] * 5}, "answers": answers}
        for number, answers in enumerate(shares)
    ]  # fmt: skip
    return {"arms": [f"Model, method {arm}" for arm in range(ARMS)], "questions": questions}


def first_paint(page: Path) -> tuple[float, float]:
    """Milliseconds until something is shown, and until the explorer shows its first cue."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", chromium_sandbox=False
        )
        tab = browser.new_page()
        tab.goto(page.as_uri(), wait_until="commit")
        tab.wait_for_selector("#x-out h3")
        return tab.evaluate(PAINT), tab.evaluate("performance.now()")


def main(report: Path) -> None:
    """Print size and times with one culture and with two."""
    random, text = np.random.default_rng(0), report.read_text(encoding="utf-8")
    element = re.compile(r'(<script type="application/json" id="data">).*?(</script>)', re.DOTALL)
    for names in (["one"], ["one", "two"]):
        cultures = {name: culture(random) for name in names}
        data = embed(cultures, {"en": survey(random)})
        page = element.sub(lambda found, data=data: found[1] + data + found[2], text)
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "index.html"
            made.write_text(page, encoding="utf-8")
            paint, ready = first_paint(made)
        size = len(page.encode()) / 1e6
        print(f"{len(names)}: {size:.1f} MB, first paint {paint:.0f} ms, explorer {ready:.0f} ms")


if __name__ == "__main__":
    main(Path((sys.argv[1:] or ["results/report/index.html"])[0]))
