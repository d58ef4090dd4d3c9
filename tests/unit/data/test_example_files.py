import polars as pl
import pytest

from culturalign.config.ranking import Ranking
from culturalign.config.sft import Examples
from culturalign.data.associations import count_associations
from culturalign.data.example_files import write_rankings, write_sft_examples
from culturalign.data.ranking_examples import RankingPrompt
from culturalign.data.sft_examples import Prompt
from culturalign.errors import UserError
from culturalign.files.jsonl import read_jsonl

GIVEN = {"cat": {"fur": 3, "paw": 2, "dog": 1}, "bee": {"hum": 2, "fly": 2, "wax": 2}}
ROWS = [(cue, word) for cue, words in GIVEN.items() for word, n in words.items() for _ in range(n)]
COUNTED = count_associations(pl.DataFrame(ROWS, schema=["cue", "response"], orient="row"), seed=0)
SPLITS = pl.DataFrame({"cue": ["cat", "bee"], "split": ["train", "validation"]})


def test_each_split_has_the_examples_of_its_cues(tmp_path):
    paths, prompt = [tmp_path / name for name in ("a", "b")], Prompt("{cue}", "", ", ")
    write_sft_examples(COUNTED, SPLITS, prompt, Examples(per_cue=2), paths, seed=0)
    assert [[row["cue"] for row in read_jsonl(path)] for path in paths] == [
        ["cat"] * 2, ["bee"] * 2,
    ]  # fmt: skip


def test_validation_examples_are_a_sample_of_those_of_all_validation_cues(tmp_path):
    cues = [f"cue{n}" for n in range(30)]
    rows = [(cue, word) for cue in ["cat", *cues] for word in "abcd"]
    counted = count_associations(
        pl.DataFrame(rows, schema=["cue", "response"], orient="row"), seed=0
    )
    splits = pl.DataFrame({"cue": ["cat", *cues], "split": ["train"] + ["validation"] * 30})
    paths, prompt = [tmp_path / name for name in "ab"], Prompt("{cue}", "", ", ")
    for most, kept in ((5, 5), (60, 60), (61, 60)):
        options = Examples(per_cue=2, validation=most)
        write_sft_examples(counted, splits, prompt, options, paths, seed=0)
        train, validation = map(read_jsonl, paths)
        assert (len(train), len(validation)) == (2, kept)
        assert validation == sorted(validation, key=lambda row: sorted(cues).index(row["cue"]))
    write_sft_examples(counted, splits, prompt, Examples(validation=20), paths, seed=0)
    found = {row["cue"] for row in read_jsonl(paths[1])}
    assert len(found) == 20 and found != set(sorted(cues)[:20])  # not the first ones


def test_a_split_without_a_ranking_is_refused_unless_it_has_no_cues(tmp_path):
    paths, prompt = [tmp_path / name for name in "abc"], RankingPrompt("{cue}[CANDIDATES]", "")
    options = Ranking(candidates=3)
    accounts = write_rankings(COUNTED, SPLITS[:1], prompt, options, paths, culture="us")
    assert [(account.unit, account.kept) for account in accounts] == [
        ("train cues to rank", 1), ("validation cues to rank", 0), ("test cues to rank", 0),
    ]  # fmt: skip
    assert [row["cue"] for row in read_jsonl(paths[0])] == ["cat"]
    said = r"'us': none of 1 validation cues to rank can be \(1 all counts equal\); lower ranking"
    with pytest.raises(UserError, match=said):
        write_rankings(COUNTED, SPLITS, prompt, options, paths, culture="us")


def test_a_split_by_question_cuts_the_examples_of_the_training_cues(tmp_path):
    words = {f"word {i}": 20 - i for i in range(20)}
    rows = [("cat", word) for word, n in words.items() for _ in range(n)]
    counted = count_associations(
        pl.DataFrame(rows, schema=["cue", "response"], orient="row"), seed=0
    )
    paths, prompt = [tmp_path / name for name in "abc"], RankingPrompt("{cue}[CANDIDATES]", "")
    options = Ranking(candidates=3, per_cue=30, sampling="uniform", split="question")
    write_rankings(counted, SPLITS[:1], prompt, options, paths, culture="us")
    train, validation, test = map(read_jsonl, paths)
    assert (len(train), len(validation), len(test)) == (27, 0, 3)
    assert {row["cue"] for row in [*train, *test]} == {"cat"}  # the cue is in both
    assert len({frozenset(row["candidates"]) for row in [*train, *test]}) == 30
