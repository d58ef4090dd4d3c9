"""Personas: a respondent's demographics in words, and the questions each is asked."""

import random
import string
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import model_validator

from culturalign.clca.cards import Text
from culturalign.config.strict import Strict
from culturalign.data.survey.topics import in_order
from culturalign.errors import UserError
from culturalign.files.validated_yaml import read_yaml


class PersonaTexts(Strict):
    """Sentences about demographics in one language."""

    country: Text
    """With {country}."""
    between: str
    """Joins the sentences."""
    last: Text
    """Ends the system message."""
    answers: dict[str, Text | dict[int, Text]]
    """Question of the survey, Q260 to Q290 -> a text with {value}, or a text for each code."""

    @model_validator(mode="after")
    def _markers(self) -> "PersonaTexts":
        for name, text, marker in [("country", self.country, "country")] + [
            (name, text, "value") for name, text in self.answers.items() if isinstance(text, str)
        ]:
            if [field for _, field, _, _ in string.Formatter().parse(text) if field] != [marker]:
                raise ValueError(f"{name} must hold {{{marker}}} once and no other braces")
        return self

    def described(self, codes: Mapping[str, int], country: str) -> str:
        """A respondent in words; an answer that is missing or has no text is left out."""
        sentences = [self.country.format(country=country)]
        for question, texts in self.answers.items():
            code = codes.get(question, -1)
            if code < 0:
                continue
            if isinstance(texts, str):
                sentences.append(texts.format(value=code))
            elif code in texts:
                sentences.append(texts[code])
        return self.between.join([*sentences, self.last])


def read_persona_texts(path: Path) -> PersonaTexts:
    """Read the texts of a language.

    Raises:
        UserError: If the file is missing or malformed.
    """
    return read_yaml(path, "languages.*.personas", PersonaTexts)


def chosen_questions(questions: Sequence[str], most: int | None) -> list[str]:
    """Questions that personas are asked: all, or ``most`` of them, evenly spread by number."""
    ordered = in_order(list(dict.fromkeys(questions)))
    if most is None or most >= len(ordered):
        return ordered
    return [ordered[i * len(ordered) // most] for i in range(most)]


def draw_personas(
    demographics: pl.DataFrame,
    answers: pl.DataFrame,
    questions: Sequence[str],
    texts: PersonaTexts,
    *,
    country: str,
    name: str,
    respondents: int,
    seed: int,
) -> Iterator[dict[str, Any]]:
    """Draw respondents of a country and pair each with their own answers.

    Args:
        demographics: ``country, respondent, question, code`` of Q260 to Q290.
        answers: The same for the questions that are evaluated, with the same respondents.
        questions: The questions asked.
        texts: Sentences of the language.
        country: As in both tables.
        name: The country's name in the language.
        respondents: Most respondents drawn.
        seed: Seed of the sample.

    Yields:
        A row for each respondent and question with a valid answer: ``respondent, question, code,
        persona`` (system message).

    Raises:
        UserError: If no respondent has a demographic answer.
    """
    valid = (pl.col("country") == country) & (pl.col("code") >= 0)
    columns = ("respondent", "question", "code")
    known: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for who, question, code in demographics.filter(valid).select(columns).iter_rows():
        known[who][question] = code
    if not known:
        raise UserError(
            f"no respondent of {country} has an answer to Q260-Q290, so there are no personas; "
            "take a survey file with demographics, or leave them out (clca.personas: null)"
        )
    size = min(respondents, len(known))
    drawn = random.Random(f"{seed}:{country}").sample(sorted(known), size)
    places = {question: place for place, question in enumerate(questions)}
    theirs = answers.filter(
        valid, pl.col("respondent").is_in(drawn), pl.col("question").is_in(list(questions))
    )
    rows = theirs.select(columns).rows()
    for who, question, code in sorted(rows, key=lambda row: (row[0], places[row[1]])):
        persona = texts.described(known[who], name)
        yield {"respondent": who, "question": question, "code": code, "persona": persona}
