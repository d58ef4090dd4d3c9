"""A model of the run as speaker or judge."""

from collections.abc import Sequence

from culturalign import models
from culturalign.clca.speakers import Ask, Messages, Reply, temperature_of
from culturalign.config.clca import Speaking
from culturalign.config.evaluate import Decoding
from culturalign.config.models import Model
from culturalign.engines.engine import Engine


def local_ask(engine: Engine, options: Model, speaking: Speaking) -> Ask:
    """Let a loaded model answer chats."""

    def ask(chats: Sequence[Messages], seed: int, *, again: bool) -> list[Reply]:
        prompts = [models.render(engine.tokenizer, chat, options) for chat in chats]
        answers = engine.generate(prompts, decoding_of(speaking, seed, again=again))
        return [Reply(answer.text, answer.truncated) for answer in answers]

    return ask


def decoding_of(speaking: Speaking, seed: int, *, again: bool) -> Decoding:
    """Settings of one call."""
    return Decoding(
        **speaking.model_dump(exclude={"temperature"}),
        temperature=temperature_of(speaking, again=again),
        max_items=None,
        seed=seed,
    )
