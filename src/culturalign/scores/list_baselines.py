"""Zero-knowledge lists, made without a model: a score that they reach shows no effect of training.

``associations`` have ``cue, response, count``. Definitions: docs/paper.md.
"""

import random
from collections.abc import Mapping, Sequence

import polars as pl

from culturalign.data.associations import ranked_responses
from culturalign.data.splits import cues_of

Lists = Mapping[str, Sequence[str]]
"""Cue -> different words, best first."""
ZERO_KNOWLEDGE = ("frequent", "backward", "shuffled", "constant")
"""Methods of :func:`zero_knowledge`."""


def zero_knowledge(
    associations: pl.DataFrame, splits: pl.DataFrame, *, most: int, seed: int
) -> dict[str, Lists]:
    """Lists for the test cues that no model wrote.

    Args:
        associations: Also with ``rank``.
        splits: ``cue, split``.
        most: Longest list.
        seed: Seed of the draws.

    Returns:
        ``frequent``: the most frequent responses to training cues; ``backward``: those of
        :func:`backward_lists`; ``shuffled``: each cue has the human list of another test cue;
        ``constant``: every cue has the human list of one training cue. No list has its own cue.
    """
    cues, training = cues_of(splits, "test"), cues_of(splits, "train")
    known = associations.filter(pl.col("cue").is_in(training))
    human = ranked_responses(associations)
    frequent = frequent_responses(known, most=most + 1)
    constant = human[random.Random(seed).choice(training)]
    found: dict[str, Lists] = {
        "frequent": dict.fromkeys(cues, frequent),
        "backward": backward_lists(known, cues, frequent),
        "shuffled": {cue: human[other] for cue, other in deranged(cues, seed=seed).items()},
        "constant": dict.fromkeys(cues, constant),
    }
    return {
        method: {cue: [word for word in lists[cue] if word != cue][:most] for cue in cues}
        for method, lists in found.items()
    }


def frequent_responses(associations: pl.DataFrame, *, most: int) -> list[str]:
    """The most frequent responses to any cue: what a model could answer without knowing a cue.

    Args:
        associations: ``response, count`` of the training cues.
        most: How many.
    """
    totals = associations.group_by("response").agg(pl.col("count").sum())
    return totals.sort("count", "response", descending=[True, False])["response"].to_list()[:most]


def backward_lists(
    associations: pl.DataFrame, cues: Sequence[str], frequent: Sequence[str]
) -> dict[str, list[str]]:
    """Backward counting: the words of :func:`backward_scores`, then the most frequent responses.

    Args:
        associations: Of the training cues only.
        cues: The cues that get a list.
        frequent: Fills every list, since words that are not there count as wrong.
    """
    scores = backward_scores(associations, cues)
    ranked = scores.sort("cue", "score", "word", descending=[False, True, False])
    lists = ranked.group_by("cue", maintain_order=True).agg("word")
    found = dict(zip(lists["cue"], lists["word"].to_list(), strict=True))
    return {cue: list(dict.fromkeys([*found.get(cue, []), *frequent])) for cue in cues}


def backward_scores(associations: pl.DataFrame, cues: Sequence[str]) -> pl.DataFrame:
    """Words near a cue through training cues that elicit it: ``cue, word, score``.

    A training cue that elicits the cue c times scores c, and each of its other responses adds
    c times its share of that training cue's responses.

    Args:
        associations: Of the training cues only.
        cues: The cues to find words for.
    """
    share = pl.col("count") / pl.col("count").sum().over("cue")
    known = associations.select("cue", "response", "count", share=share)
    eliciting = known.filter(pl.col("response").is_in(list(cues))).select(
        cue="response", word="cue", score=pl.col("count").cast(pl.Float64)
    )
    others = known.select("share", word="cue", other="response")
    steps = eliciting.join(others, on="word").select(
        "cue", word="other", score=pl.col("score") * pl.col("share")
    )
    both = pl.concat([eliciting, steps]).filter(pl.col("cue") != pl.col("word"))
    return both.group_by("cue", "word").agg(pl.col("score").sum().round(9))


def deranged(cues: Sequence[str], *, seed: int) -> dict[str, str]:
    """Give each cue another cue, at random; a single one keeps itself."""
    order = random.Random(seed).sample(sorted(cues), len(cues))
    return dict(zip(order, [*order[1:], *order[:1]], strict=True))
