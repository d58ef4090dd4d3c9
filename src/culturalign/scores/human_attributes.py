"""Attributes of what humans associate, in three readings; of halves; of lists without a model."""

import polars as pl

from culturalign.artifacts.word_norms import HALF_ATTRIBUTES, HUMAN_ATTRIBUTES
from culturalign.data.associations import count_associations, ranked_responses
from culturalign.data.splits import cues_of
from culturalign.scores.attribute_scores import score_lists
from culturalign.scores.halves import split_participants
from culturalign.scores.list_baselines import zero_knowledge
from culturalign.scores.norm_lookup import Lemmatize

DEFAULT = "most frequent"
"""The reading that tables 5, 6, 12 and 13 use: the first associations of humans, as of models."""
FIRST = "first responses"
"""The reading that needs the participants' trials."""
READINGS = {
    DEFAULT: "{first} most frequent of all responses",
    FIRST: "{first} most frequent of first responses (R1)",
    "all": "all different responses",
}

WITHOUT_MODEL = ("frequent", "backward")
"""Zero-knowledge lists with words of their own; the others are people's lists of other cues."""


def score_humans(
    responses: pl.DataFrame,
    associations: pl.DataFrame,
    splits: pl.DataFrame,
    norms: pl.DataFrame,
    *,
    lemmatize: Lemmatize | None,
    first: int,
    concrete_from: float,
    seed: int,
) -> pl.DataFrame:
    """Attributes of the human associations of every cue.

    Args:
        responses: ``cue, response, position``; none of a strength table, and then no
            reading of first responses.
        associations: ``cue, response, rank``.
        splits: ``cue, split``.
        norms: From :func:`culturalign.data.norms.ratings.prepare_norms`.
        lemmatize: From :func:`culturalign.scores.norm_lookup.lemmatizer_of`.
        first: How many associations count; all in the reading ``all``.
        concrete_from: See :func:`culturalign.scores.attribute_scores.score_lists`.
        seed: Seed of the order among first responses of equal count.

    Returns:
        The columns of ``score_lists``, ``split`` of the cue, and ``reading``.
    """
    ranked = ranked_responses(associations)
    lists = {DEFAULT: (ranked, first), "all": (ranked, None)}
    if len(responses):
        given_first = count_associations(responses.filter(position=1), seed=seed)
        lists[FIRST] = (ranked_responses(given_first), first)
    parts = [
        score_lists(
            words, norms, lemmatize=lemmatize, first=most, concrete_from=concrete_from
        ).with_columns(reading=pl.lit(reading))
        for reading, (words, most) in ((name, lists[name]) for name in READINGS if name in lists)
    ]
    return pl.concat(parts).join(splits, on="cue", how="left", maintain_order="left")


def score_zero_knowledge(
    associations: pl.DataFrame,
    splits: pl.DataFrame,
    norms: pl.DataFrame,
    *,
    lemmatize: Lemmatize | None,
    first: int,
    concrete_from: float,
    seed: int,
) -> pl.DataFrame:
    """Attributes of the lists of ``WITHOUT_MODEL`` for the test cues: the columns of
    :func:`score_humans`, the method as ``reading``; no rows without training cues."""
    if not cues_of(splits, "train"):
        return pl.DataFrame(schema=HUMAN_ATTRIBUTES.schema).drop("culture")
    lists = zero_knowledge(associations, splits, most=first, seed=seed)
    parts = [
        score_lists(
            lists[method], norms, lemmatize=lemmatize, first=first, concrete_from=concrete_from
        ).with_columns(reading=pl.lit(method), split=pl.lit("test"))
        for method in WITHOUT_MODEL
    ]
    return pl.concat(parts)


def score_halves(
    responses: pl.DataFrame,
    splits: pl.DataFrame,
    norms: pl.DataFrame,
    *,
    lemmatize: Lemmatize | None,
    first: int,
    concrete_from: float,
    repeats: int,
    seed: int,
) -> pl.DataFrame:
    """Medians of two random halves of the participants, for every test cue.

    Args:
        responses: ``cue, response, participant, position``.
        repeats: Number of random splits.
        seed: Seed of the splits, and of the order among responses of equal count.

    Returns:
        ``cue, attribute, repeat``; ``first, second``, the medians of the halves, in the reading
        ``DEFAULT``; null where a half has no word of the norm. No rows without participants.
    """
    cues = cues_of(splits, "test")
    parts = [pl.DataFrame(schema=HALF_ATTRIBUTES.schema).drop("culture")]
    pairs = split_participants(responses, cues, repeats=repeats, seed=seed)
    for repeat, (*halves, _) in enumerate(pairs):
        one, other = (
            score_lists(
                ranked_responses(count_associations(half, seed=seed)), norms,
                lemmatize=lemmatize, first=first, concrete_from=concrete_from,
            ).select("cue", "attribute", name="median")
            for half in halves
        )  # fmt: skip
        both = one.rename({"name": "first"}).join(
            other.rename({"name": "second"}), on=["cue", "attribute"], maintain_order="left"
        )
        both = both.with_columns(repeat=pl.lit(repeat, pl.Int64))
        parts.append(both.select(parts[0].columns))
    return pl.concat(parts)
