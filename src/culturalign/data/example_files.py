"""The files of training examples: each split's cues with their examples."""

import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.config.ranking import HELD_OUT_QUESTIONS, Ranking
from culturalign.config.sft import Examples
from culturalign.data.associations import ranked_responses, response_counts
from culturalign.data.ranking_examples import RankingPrompt, account, draw_rankings
from culturalign.data.sft_examples import Prompt, draw_examples
from culturalign.data.splits import cues_of
from culturalign.errors import UserError
from culturalign.files.jsonl import read_jsonl, write_jsonl
from culturalign.files.ledger import Account

Row = dict[str, Any]
SPLITS = ("train", "validation", "test")


def write_sft_examples(
    associations: pl.DataFrame,
    splits: pl.DataFrame,
    prompt: Prompt,
    options: Examples,
    paths: Sequence[Path],
    *,
    seed: int,
) -> None:
    """Write the SFT examples of the training and of the validation cues."""
    lists = ranked_responses(associations)
    for split, path in zip(SPLITS[:2], paths, strict=True):
        of_split = {cue: lists[cue] for cue in cues_of(splits, split)}
        rows = draw_examples(of_split, prompt, options, seed=seed, cues=len(lists))
        if split == "validation" and options.validation:
            rows = _some(rows, options.validation, seed)
        write_jsonl(rows, path)


def _some(rows: Iterable[Row], most: int, seed: int) -> Iterator[Row]:
    """At most some rows, drawn at random, in their order."""
    every = list(rows)
    rng = random.Random(f"{seed}:validation")
    chosen = rng.sample(range(len(every)), min(most, len(every)))
    yield from (every[i] for i in sorted(chosen))


def write_rankings(
    associations: pl.DataFrame,
    splits: pl.DataFrame,
    prompt: RankingPrompt,
    options: Ranking,
    paths: Sequence[Path],
    *,
    culture: str,
) -> list[Account]:
    """Write the ranking examples of each split, and account for the cues.

    With ``split: question``, those of the training cues are cut into training and test.

    Raises:
        UserError: If a split that has cues has no example.
    """
    counts, accounts = response_counts(associations), []
    by_question = options.split == "question"
    for split, path in zip(SPLITS[:1] if by_question else SPLITS, paths, strict=not by_question):
        of_split = {cue: counts[cue] for cue in cues_of(splits, split)}
        found = account(of_split, options.candidates, f"{split} cues to rank")
        if found.read and not found.kept:
            why = ", ".join(f"{n} {reason}" for reason, n in found.dropped.items())
            raise UserError(
                f"culture {culture!r}: none of {found.read} {found.unit} can be ({why}); lower "
                "ranking.candidates, use more data, or leave the task out (ranking: null)"
            )
        held_out = split != "train"
        write_jsonl(draw_rankings(of_split, prompt, options, options.seed, held_out=held_out), path)
        accounts.append(found)
    if by_question:
        _cut_questions(paths, options.seed)
    return accounts


def _cut_questions(paths: Sequence[Path], seed: int) -> None:
    """Move a tenth of the training examples into the test, in random order; none validates."""
    rows = read_jsonl(paths[0])
    random.Random(f"{seed}:questions").shuffle(rows)
    held_out = max(1, round(len(rows) * HELD_OUT_QUESTIONS))
    for path, part in zip(paths, (rows[held_out:], [], rows[:held_out]), strict=True):
        write_jsonl(part, path)
