"""What arms are asked for lists: bounds, and examples before the question."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from culturalign.config.evaluate import Evaluation, Shots
from culturalign.data.sft_examples import Prompt, shifted_bounds
from culturalign.errors import UserError

Chat = list[dict[str, str]]


@dataclass(frozen=True)
class Question:
    """A question about a cue: text before the rendered chat, the chat, and the bounds in it."""

    before: str
    chat: Chat
    bounds: tuple[int, int]


def ask(
    cues: Sequence[str],
    training: Sequence[str],
    human: Mapping[str, Sequence[str]],
    prompt: Prompt,
    evaluation: Evaluation,
    shots: Shots | None = None,
) -> list[Question]:
    """The question of each cue.

    Args:
        cues: Test cues.
        training: Training cues, from which shots are drawn.
        human: Cue -> its associations, most frequent first; needed for shots and ``bounds: cue``.
        prompt: The prompt.
        evaluation: Bounds of the list size.
        shots: Examples before the question; None for none.

    Raises:
        UserError: If there are fewer training cues than shots.
    """
    if shots and shots.number > len(training):
        raise UserError(
            f"evaluation.shots asks for {shots.number} training cues, and there are "
            f"{len(training)}; lower number"
        )
    chosen = random.Random(f"{shots.seed}:shots").sample(training, shots.number) if shots else []
    examples = [(cue, _shown(human[cue], evaluation)) for cue in chosen]
    before, turns = "", Chat()
    for cue, words in examples:
        answer = prompt.separator.join(words)
        if shots and shots.place == "raw":
            before += f"{cue}\n{answer}\n\n"
        else:
            user = prompt.messages(cue, *bounds_of(cue, len(words), evaluation))[1]
            turns += [user, {"role": "assistant", "content": answer}]
    found = []
    for cue in cues:
        bounds = bounds_of(cue, len(human.get(cue, ())), evaluation)
        system, user = prompt.messages(cue, *bounds)
        found.append(Question(before, [system, *turns, user], bounds))
    return found


def _shown(words: Sequence[str], evaluation: Evaluation) -> Sequence[str]:
    """The list of an example: as long as the question asks for at most."""
    return words if evaluation.bounds == "cue" else words[: evaluation.upper]


def bounds_of(cue: str, n: int, evaluation: Evaluation) -> tuple[int, int]:
    """Bounds in the question about a cue that has n human associations."""
    if evaluation.bounds == "fixed":
        return evaluation.lower, evaluation.upper
    return shifted_bounds(n, random.Random(f"{evaluation.seed}:{cue}:bounds"))
