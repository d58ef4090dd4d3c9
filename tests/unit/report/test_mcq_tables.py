"""Table 9: the example, and accuracy with its interval."""

import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.data.mcq_questions import CATEGORIES
from culturalign.report.arm_tables import in_domains
from culturalign.report.mcq_tables import write_accuracy, write_example
from tests.unit.report.labels import LABELS


def scores(method, rights, seed=None):
    rows = [
        ("us", "llama", method, seed, f"cue {i}", scoring, 0.5, right, 1 - right, 0.0, 0.0)
        for i, right in enumerate(rights)
        for scoring in ("plain", "debiased")
    ]
    names = ["culture", "model", "method", "seed", "cue", "scoring", "mass", *CATEGORIES]
    return pl.DataFrame(rows, schema=names, orient="row", schema_overrides={"seed": pl.Int64})


def test_accuracy_is_the_share_of_cues_with_the_frequent_words_chosen(written):
    both = pl.concat([scores("vanilla", [1.0, 0.0, 0.0, 1.0]), scores("sft", [1.0] * 4, seed=0)])
    _, rows, table = written(write_accuracy, both, LABELS, Evaluation(resamples=200))
    assert table["M Type"].to_list() == ["Vanilla", "SFT"] * 2
    vanilla, sft = table.rows(named=True)[:2]
    assert (vanilla["scoring"], vanilla["accuracy"], vanilla["n_cues"]) == ("plain", 0.5, 4)
    assert (sft["accuracy"], sft["accuracy_low"]) == (1, None)  # four cues
    assert vanilla["low"] == 0.5 and vanilla["chance"] == 0.25
    assert ["US" in row for row in rows] == [True] * 4


def test_twins_of_a_domain_say_nothing_new(written, tmp_path):
    """Twelve cues in six domains have the interval of six cues, and the table says so."""
    rights = [1.0, 0.0, 1.0, 1.0, 0.0, 1.0]
    once, twice = scores("vanilla", rights), scores("vanilla", [x for x in rights for _ in "ab"])
    file = tmp_path / "domains.csv"
    file.write_text("domain,cue\n" + "".join(f"d{i // 2},cue {i}\n" for i in range(12)))
    evaluation = Evaluation(resamples=200)
    ends = ["accuracy", "accuracy_low", "accuracy_high"]
    expected = written(write_accuracy, once, LABELS, evaluation)[2].select(ends).row(0)
    clustered = in_domains(twice, [str(file)])
    assert written(write_accuracy, clustered, LABELS, evaluation)[2].select(ends).row(
        0
    ) == pytest.approx(expected)
    write_accuracy(str(tmp_path / "t"), clustered, LABELS, evaluation)
    assert "over domains" in (tmp_path / "t.md").read_text(encoding="utf-8")


def test_the_example_is_the_papers_table(written):
    words = {name: [f"{name} {i}" for i in range(4)] for name in CATEGORIES}
    question = {"cue": "apple", "options": words, "order": ["low", "high", "random", "indirect"]}
    table = written(write_example, {"us": [question, {}]}, LABELS)[2]
    assert table["Category"].to_list() == list(CATEGORIES.values())
    assert table.row(0) == ("US", "apple", "High-frequency", "high 0, high 1, high 2, high 3")
