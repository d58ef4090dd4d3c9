"""A ranking job with the tiny model."""

import json

from culturalign.config.evaluate import Decoding
from culturalign.data.ranking_examples import RankingPrompt
from culturalign.files.jsonl import read_jsonl, write_jsonl
from culturalign.samples.ranking_samples import run

PROMPT = RankingPrompt("Rank [N] words for {cue}:\n[CANDIDATES]\n", "Be brief.")
ROWS = [
    {"cue": cue, "candidates": words, "counts": [1, 5, 2], "messages": PROMPT.messages(cue, words)}
    for cue, words in (("cat", ["fur", "paw", "dog"]), ("sun", ["day", "hot", "sky"]))
]


def test_a_job_keeps_the_raw_answer_next_to_the_question(tmp_path, arm):
    write_jsonl(ROWS, tmp_path / "test.jsonl")
    run(
        arm, examples=tmp_path / "test.jsonl", system="Be brief.",
        decoding=Decoding(max_new_tokens=9, max_items=None),
        samples_out=tmp_path / "s.jsonl", provenance_out=tmp_path / "s.json",
    )  # fmt: skip
    answers = read_jsonl(tmp_path / "s.jsonl")
    for answer, row in zip(answers, ROWS, strict=True):
        assert all(answer[name] == row[name] for name in ("cue", "candidates", "counts"))
    assert all(0 < answer["tokens"] <= 9 for answer in answers)
    record = json.loads((tmp_path / "s.json").read_text())
    assert record["decoding"]["max_items"] is None
