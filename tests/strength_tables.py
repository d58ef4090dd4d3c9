"""Strength tables of given responses, in the official format, counted without the package."""

from collections import Counter
from pathlib import Path

import polars as pl

from culturalign.data.demo.demo_swow import write_world
from tests import tiny

RULES = {"en": {}, "zh": {"simplify_chinese": True, "merge_erhua": True}}


def write(path: Path, responses: pl.DataFrame) -> Path:
    """Write the table of ``cue, response`` as R writes it: between tabs, nothing quoted."""
    pairs = Counter(responses.select("cue", "response").iter_rows())
    totals = Counter(responses["cue"])
    rows = [
        (cue, word, str(n), str(totals[cue]), f"{n / totals[cue]:.15g}")
        for (cue, word), n in sorted(pairs.items(), key=lambda pair: (pair[0][0], -pair[1]))
    ]
    header = ("cue", "response", "R123", "N", "R123.Strength")
    text = "".join("\t".join(row) + "\n" for row in [header, *rows])
    path.write_text(text, encoding="utf-8", newline="")
    return path


def demo_trials(folder: Path, language: str) -> Path:
    """The demo world's SWOW file of a language."""
    lexicon = sorted((tiny.ROOT / "resources/demo/lexicon").glob("*.yaml"))
    planted = [folder / f"planted{n}.csv" for n in range(2 if language == "en" else 1)]
    write_world(lexicon, language, folder / f"{language}.csv", planted, 0)
    return folder / f"{language}.csv"
