"""Chats: messages, replies, and the interface of whoever answers. Loads no model."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

from culturalign.config.clca import Speaking

Value = TypeVar("Value")
Messages = list[dict[str, str]]
"""A chat, from the system message to the last user message."""
AGAIN = 0.7
"""Temperature of a greedy speaker that is asked again; at 0 it would repeat its answer."""


class Reply(NamedTuple):
    """One answer; ``truncated`` if it ran into the token limit."""

    text: str
    truncated: bool = False


class Ask(Protocol):
    """A model or server that answers chats."""

    def __call__(self, chats: Sequence[Messages], seed: int, *, again: bool) -> list[Reply]:
        """Answer chats, in their order; a greedy speaker that is asked ``again`` samples."""


class Outcome(NamedTuple, Generic[Value]):
    """What became of a chat: the parsed value (None if no reply was valid) and the last reply."""

    value: Value | None
    reply: Reply
    attempts: int


def ask_until_valid(
    ask: Ask,
    chats: Sequence[Messages],
    parse: Callable[[int, Reply], Value | None],
    *,
    retries: int,
    name: str,
) -> list[Outcome[Value]]:
    """Ask, and ask again for each invalid reply.

    Args:
        ask: Who answers.
        chats: Any number.
        parse: From the index of a chat and its reply to a value; None rejects the reply.
        retries: Most repetitions of a chat.
        name: Seeds the sampling, together with the number of the attempt.
    """
    found: dict[int, Outcome[Value]] = {}
    waiting = list(range(len(chats)))
    for attempt in range(1, retries + 2):
        if not waiting:
            break
        replies = ask([chats[i] for i in waiting], seed_of(name, attempt), again=attempt > 1)
        for i, reply in zip(waiting, replies, strict=True):
            found[i] = Outcome(parse(i, reply), reply, attempt)
        waiting = [i for i in waiting if found[i].value is None]
    return [found[i] for i in range(len(chats))]


def temperature_of(speaking: Speaking, *, again: bool) -> float:
    """The configured temperature; ``AGAIN`` if that is greedy and the chat is asked again."""
    return speaking.temperature or (AGAIN if again else 0.0)


def seed_of(*parts: object) -> int:
    """A seed that depends only on its parts: 0 to 2^31 - 1."""
    digest = hashlib.sha256(":".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1
