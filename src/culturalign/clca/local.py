"""A model of the run as speaker or judge."""

from collections.abc import Sequence

from culturalign import models
from culturalign.clca.speakers import Ask, Messages, Reply
from culturalign.config.clca import Speaking
from culturalign.config.evaluate import Decoding
from culturalign.config.models import Model
from culturalign.engines.engine import Engine

AGAIN = 0.7
"""Temperature at which a greedy speaker that is asked again answers."""


def local_ask(engine: Engine, options: Model, speaking: Speaking) -> Ask:
    """Let a loaded model answer chats.

    Seed 0 asks as configured; any other is that of the sampling, and where the configuration is
    greedy, asks at temperature ``AGAIN``, since greedy would answer the same again.
    """

    def ask(chats: Sequence[Messages], seed: int) -> list[Reply]:
        prompts = [models.render(engine.tokenizer, chat, options) for chat in chats]
        answers = engine.generate(prompts, decoding_of(speaking, seed))
        return [Reply(answer.text, answer.truncated) for answer in answers]

    return ask


def decoding_of(speaking: Speaking, seed: int) -> Decoding:
    """Settings of one call."""
    temperature = speaking.temperature or (AGAIN if seed else 0.0)
    return Decoding(
        **speaking.model_dump(exclude={"temperature"}),
        temperature=temperature,
        max_items=None,
        seed=seed,
    )
