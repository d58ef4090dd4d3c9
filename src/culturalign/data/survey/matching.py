"""A questionnaire compared with the survey: its language, questions and codes of options."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from culturalign.data.survey.questionnaire import SCHEMA, listed
from culturalign.data.survey.topics import in_order, number_of
from culturalign.errors import UserError
from culturalign.files.scripts import share_in_scripts

DENSE = {"Han", "Hangul", "Hiragana", "Katakana"}
"""Scripts of which a sign says as much as two or three letters of others."""
LEAST_DENSE, LEAST = 0.3, 0.7
"""Of the letters of a question and its options, at least this share is in the language's scripts;
names and abbreviations in others stay far from it. Ours."""


MISSING_CODES = (7, 8, 9, 77, 88, 97, 98, 99)
"""Codes that questionnaires give missing answers; the survey's file has negative ones."""


class Aligned(NamedTuple):
    """A questionnaire restricted to the run's questions, and the questions it does not word."""

    questionnaire: pl.DataFrame
    unworded: list[str]


def check_scripts(table: pl.DataFrame, scripts: Sequence[str], source: str) -> None:
    """Refuse a questionnaire with a question that is in other scripts than its language's.

    Args:
        table: A questionnaire.
        scripts: The language's, by their Unicode names; if empty, nothing is checked.
        source: File name for errors.

    Raises:
        UserError: Naming the first such question, its share and how many there are.
    """
    if not scripts:
        return
    least = LEAST_DENSE if DENSE & set(scripts) else LEAST
    questions = [part for _, part in table.group_by("question", maintain_order=True)]
    texts = [pl.concat([part["wording"].head(1), part["option"]]) for part in questions]
    shares = [share_in_scripts(text, scripts) for text in texts]
    wrong = [
        (part.row(0, named=True), share)
        for part, share in zip(questions, shares, strict=True)
        if share is not None and share < least
    ]
    for row, share in wrong[:1]:
        line = f"line {row['line']}: " if "line" in row else ""
        raise UserError(
            f"{source}: {line}{row['question']} has {share:.0%} of its letters in "
            f"{' and '.join(scripts)} ({row['wording'][:60]!r}), the least is {least:.0%}; "
            f"{len(wrong)} of {len(questions)} questions break this; name the file of that "
            "language, translate them, or correct languages.*.scripts"
        )


def check_missing_codes(table: pl.DataFrame, used: pl.DataFrame, source: str) -> None:
    """Refuse options whose codes look like those of missing answers.

    Args:
        table: A questionnaire.
        used: ``question, code`` of respondents.
        source: File name for errors.

    Raises:
        UserError: If an option that nobody chose has one of :data:`MISSING_CODES`, apart from the
            others.
    """
    apart = table.sort("question", "code").with_columns(
        gap=pl.col("code") - pl.col("code").shift(1).over("question")
    )
    odd = apart.filter((pl.col("gap") > 1) & pl.col("code").is_in(MISSING_CODES))
    for row in odd.join(used, on=["question", "code"], how="anti").iter_rows(named=True):
        line = f"line {row['line']}: " if "line" in row else ""
        raise UserError(
            f"{source}: {line}{row['question']}: nobody chose option {row['option']!r}, and its "
            f"code {row['code']} stands apart; if it is a missing answer, add its text to "
            "languages.*.no_answer or remove the row, else correct the code"
        )


def align(
    table: pl.DataFrame, human: pl.DataFrame, *, scripts: Sequence[str], source: str
) -> Aligned:
    """Restrict a questionnaire to the questions of the run.

    Options that nobody chose are kept; :func:`complete_codes` gives humans share 0 there.

    Args:
        table: From :func:`culturalign.data.survey.prepare.read_any`.
        human: From :func:`culturalign.data.survey.human_shares.human_shares`.
        scripts: See :func:`check_scripts`.
        source: File name for errors.

    Raises:
        UserError: If no question of the run is worded, a script is wrong, an option looks like a
            missing answer, or respondents used a code that has no option.
    """
    asked = in_order(human["question"])
    kept = table.filter(pl.col("question").is_in(asked))
    if kept.is_empty():
        raise UserError(f"{source}: words none of the {len(asked)} questions of the run")
    check_scripts(kept, scripts, source)
    used = human.filter(pl.col("count") > 0).select("question", "code").unique()
    check_missing_codes(kept, used, source)
    worded = used.join(kept.select("question").unique(), on="question")
    bare = worded.join(kept, on=["question", "code"], how="anti").sort(number_of(), "code")
    if len(bare):
        question = bare["question"][0]
        rows = kept.filter(pl.col("question") == question)
        line = f"line {rows['line'][0]}: " if "line" in rows.columns else ""
        codes = bare.filter(pl.col("question") == question)["code"].to_list()
        raise UserError(
            f"{source}: {line}{question} has {len(rows)} options, codes "
            f"{listed(rows['code'].to_list())}, but respondents also used {listed(codes)}; add "
            f"the missing options, or remove the question ({bare['question'].n_unique()} "
            "questions lack options)"
        )
    return Aligned(kept.select(*SCHEMA), in_order(set(asked) - set(kept["question"])))


def differing(questionnaires: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Questions whose options are not the same in all languages that word them.

    Distances over different options cannot be compared: the earth mover's distance is divided by
    their number.

    Args:
        questionnaires: Language -> questionnaire from :func:`align`.

    Returns:
        Question -> what differs, in order.
    """
    columns = ("code", "ordinal", "place")
    first: dict[str, tuple[str, dict[str, list[Any]]]] = {}
    found: dict[str, str] = {}
    for language, table in questionnaires.items():
        for (question,), rows in table.sort("code").group_by("question"):
            name, mine = str(question), rows.select(columns).to_dict(as_series=False)
            other, theirs = first.setdefault(name, (language, mine))
            for column in columns:
                if mine[column] != theirs[column]:
                    found.setdefault(name, _difference(column, {other: theirs, language: mine}))
    return {name: found[name] for name in in_order(found)}


def _difference(column: str, options: Mapping[str, Mapping[str, list[Any]]]) -> str:
    """``its code differs between languages: en 1, 2; zh 1, 2, 3``."""
    listings = [
        f"{language} {', '.join('-' if x is None else str(x).lower() for x in rows[column])}"
        for language, rows in options.items()
    ]
    return f"its {column} differs between languages: {'; '.join(listings)}"


def complete_codes(human: pl.DataFrame, questionnaire: pl.DataFrame) -> pl.DataFrame:
    """Add the options that nobody chose, with count and share 0 in every country.

    Model and humans then have the same options, and the earth mover's distance counts the same
    steps for both.

    Args:
        human: From :func:`culturalign.data.survey.human_shares.human_shares`.
        questionnaire: From :func:`align`.

    Returns:
        ``human`` with the codes added, sorted as before; other questions are unchanged.
    """
    places = questionnaire.select("question", "code").unique()
    asked = human.select("question", "country").unique()
    new = places.join(asked, on="question").join(
        human, on=["country", "question", "code"], how="anti"
    )
    zeros = new.with_columns(count=pl.lit(0, pl.Int64), share=pl.lit(0.0))
    return pl.concat([human, zeros.select(human.columns)]).sort(number_of(), "country", "code")
