"""Chats: messages, replies, and the interface of whoever answers them. Loads no model."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from culturalign.config.clca import Speaking

Messages = list[dict[str, str]]
"""A chat, from the system message to the last user's."""


class Reply(NamedTuple):
    """One answer; ``truncated`` if it ran into the token limit."""

    text: str
    truncated: bool = False


AGAIN = 0.7
"""Temperature at which a greedy speaker answers when asked again; greedy, it would say the same."""


class Ask(Protocol):
    """Who answers chats."""

    def __call__(self, chats: Sequence[Messages], seed: int, *, again: bool) -> list[Reply]:
        """Answer.

        Args:
            chats: Any number.
            seed: Of the sampling, if there is any.
            again: Whether the chats were asked before; a greedy speaker then samples.

        Returns:
            An answer a chat, in their order.
        """


def temperature_of(speaking: Speaking, *, again: bool) -> float:
    """As configured; where that is greedy and the chat is asked again, ``AGAIN``."""
    return speaking.temperature or (AGAIN if again else 0.0)


def seed_of(*parts: object) -> int:
    """A seed that depends on its parts alone: 0 to 2^31 - 1."""
    digest = hashlib.sha256(":".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1
