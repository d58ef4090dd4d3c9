"""Parsing of what 7 and 8 B models wrote, beside the parse of the paper's authors."""

import json
import os
from collections import defaultdict
from functools import partial
from pathlib import Path
from statistics import mean

import pytest

from culturalign.config.language_facts import FACTS
from culturalign.data.normalize import normalize
from culturalign.rewards.list_parsing import distinct_responses, read_answer
from tests import tiny

DATA = Path(os.environ.get("CULTURALIGN_REAL_DATA", tiny.ROOT / "../shared/data/real"))
AUTHORS = DATA.resolve().parent / "authors"
FORMS = {name: FACTS["zh"][name] for name in ("joining", "openings", "closings", "wishes")}
chinese = partial(normalize, simplify_chinese=True)


def rows(path: Path) -> list[dict]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def precision(words: list[str], human: set[str], k: int) -> float:
    return sum(word in human for word in words[:k]) / k


@pytest.mark.skipif(
    not AUTHORS.exists(), reason="no answers of the paper's models next to the real data"
)
def test_our_parse_finds_at_least_what_the_authors_found():
    human = {
        row["cue"]: set(map(chinese, row["responses"])) for row in rows(AUTHORS / "human.zh.jsonl")
    }
    found = defaultdict(list)
    for row in rows(AUTHORS / "answers.zh.jsonl"):
        cue = chinese(row["cue"])
        sample = {"cue": cue, "text": row["text"], "truncated": False}
        theirs = (row["parsed_by_authors"] or "").split(", ")
        for k in (5, 10):
            found[row["model"], row["prompt"], k].append(tuple(
                precision(words, human[row["cue"]], k)
                for words in (
                    read_answer(sample, chinese, **FORMS)["words"],
                    distinct_responses(theirs, cue, chinese),
                )
            ))  # fmt: skip
    for (model, prompt, k), pairs in found.items():
        ours, theirs = (mean(side) for side in zip(*pairs, strict=True))
        print(f"{model} {prompt} P@{k}: ours {ours:.3f}, authors {theirs:.3f}, n {len(pairs)}")
        assert ours >= theirs
    assert len(found) == 8
