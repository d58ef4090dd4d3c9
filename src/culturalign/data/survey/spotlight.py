"""A survey question beside the associations of chosen cues (paper, figure 1, part 2)."""

from collections.abc import Mapping

import polars as pl


def spotlight_answers(
    question: str,
    human: pl.DataFrame,
    questionnaires: Mapping[str, str],
    countries: Mapping[str, str],
    labels: Mapping[str, str],
) -> pl.DataFrame:
    """People's answers to a question, in the form of the strongest responses to a cue.

    Args:
        question: Its id.
        human: ``country, question, code, count, share``.
        questionnaires: Culture -> questionnaire (parquet) in its language.
        countries: Culture -> country.
        labels: Culture -> label.

    Returns:
        ``culture``; ``cue``, the id (wordings are too long for a title); ``response``, an option in
        the order of the codes; ``count``; ``strength``, its share; ``rank``, its place from 1.
        Cultures whose language or country lacks the question are left out.
    """
    parts = []
    for culture, file in questionnaires.items():
        options = pl.read_parquet(file).filter(question=question).sort("code")
        people = human.filter(question=question, country=countries[culture])
        parts.append(
            options.join(people, on=["question", "code"], maintain_order="left").select(
                pl.lit(labels[culture]).alias("culture"),
                cue="question",
                response="option",
                count="count",
                strength="share",
                rank=pl.int_range(1, pl.len() + 1),
            )
        )
    return pl.concat(parts)
