"""Survey prompts: a question, its options under labels, in several orders."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import polars as pl

from culturalign.errors import UserError
from culturalign.files.prompt_template import INTRODUCTION, OPTIONS, QUESTION, SURVEY, read_template

Chat = list[dict[str, str]]
MARKERS = re.compile(r"\[(?:QUESTION|OPTIONS|INTRODUCTION)\]")


@dataclass(frozen=True)
class SurveyPrompt:
    """The prompt of one language.

    Attributes:
        template: The prompt with its markers.
        system: The system message.
        introduction: The survey's introduction, for a template with its marker.
    """

    template: str
    system: str
    introduction: str = ""

    def messages(self, wording: str, options: Sequence[str], option_labels: Sequence[str]) -> Chat:
        """Chat messages that ask a question; one option a line, each after its label."""
        lines = [f"{label}. {option}" for label, option in zip(option_labels, options, strict=True)]
        filled = {OPTIONS: "\n".join(lines), QUESTION: wording, INTRODUCTION: self.introduction}
        text = MARKERS.sub(lambda marker: filled[marker[0]], self.template)
        system = {"role": "system", "content": self.system}
        return [system, {"role": "user", "content": text}]


def read_survey_prompt(path: Path, *, system: str) -> SurveyPrompt:
    """Read the prompt; errors as in :func:`read_template`."""
    return SurveyPrompt(read_template(path, "languages.*.survey_prompt", SURVEY), system)


def introduced(prompt: SurveyPrompt, questionnaire: pl.DataFrame) -> SurveyPrompt:
    """The prompt with the introduction of a questionnaire, if its template asks for one.

    Raises:
        UserError: If the questionnaire has none.
    """
    if INTRODUCTION not in prompt.template:
        return prompt
    text = questionnaire["introduction"][0]
    if text is None:
        raise UserError(
            f"the survey prompt holds {INTRODUCTION}, but the questionnaire has no introduction; "
            "fill its column introduction with what respondents were read (docs/data.md), or use a "
            "prompt without the marker"
        )
    return replace(prompt, introduction=text)


def example_chats(
    prompts: Sequence[str], systems: Sequence[str], questionnaires: Sequence[str]
) -> dict[str, Chat]:
    """Prompt file -> a chat with its prompt, and the system message and introduction of its
    language.

    Args:
        prompts: Prompt file of each language.
        systems: Its system message.
        questionnaires: Its questionnaire, parquet.

    Raises:
        UserError: See :func:`introduced`; so a missing introduction ends a run before any model
            answers.
    """
    chats = {}
    for file, system, questionnaire in zip(prompts, systems, questionnaires, strict=True):
        prompt = read_survey_prompt(Path(file), system=system)
        prompt = introduced(prompt, pl.read_parquet(questionnaire))
        chats[file] = prompt.messages("?", ["-"], ["-"])
    return chats


def option_orders(options: int, orders: int | Literal["cyclic"]) -> list[tuple[int, ...]]:
    """Orders in which a question's options are shown; the plain one comes first.

    All rotations if there are no more of them than ``orders``, or if it is ``cyclic``: then every
    option stands once in every place, so that a preference for places cancels out exactly. Else
    the plain order, its reverse, and rotations with their reverses, evenly spaced: every place is
    as often early as late, which lessens such a preference but leaves some of it.

    Args:
        options: How many options, at least 2.
        orders: How many orders, or ``cyclic``.

    Returns:
        For each order the index of the option shown first, second, ...
    """
    if orders == "cyclic" or options <= orders:
        return [_rotation(options, start) for start in range(options)]
    pairs = -(-orders // 2)
    starts = [round(pair * options / pairs) for pair in range(pairs)]
    both = [order for start in starts for order in _both_ways(_rotation(options, start))]
    return list(dict.fromkeys(both))[:orders]


def _rotation(options: int, start: int) -> tuple[int, ...]:
    return tuple((start + i) % options for i in range(options))


def _both_ways(order: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    return order, order[::-1]
