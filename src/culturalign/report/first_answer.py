"""What a run found, in one line, for the end of ``make demo``: ``python -m`` with a report."""

import re
import sys
from html import unescape
from pathlib import Path


def first_answer(page: Path) -> str:
    """The report's path, its first question with the answer, the first arm's numbers, and how many
    training runs they rest on.

    Only the path if the report answers nothing.
    """
    text = page.read_text(encoding="utf-8")
    item = re.search(r'<ol class="answers" data-runs="(\d+)">\s*<li>(.*?)</li>', text, re.DOTALL)
    if not item:
        return f"{page}"
    verdict, _, *cases = item[2].split("<small>")  # between them, what a Yes takes
    words = unescape(re.sub(r"<[^>]*>", "", " ".join([verdict, *cases[:1]])))
    runs = "One training run" if item[1] == "1" else f"{item[1]} training runs"
    return f"{page}: {' '.join(words.split())} {runs} an arm."


if __name__ == "__main__":
    print(first_answer(Path(sys.argv[1])))
