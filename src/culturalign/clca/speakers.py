"""Who answers in role-plays, judgments and intents: a model of the run, or a server."""

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

Messages = list[dict[str, str]]
"""A chat, from the system message to the last user's."""


class Reply(NamedTuple):
    """One answer; ``truncated`` if it ran into the token limit."""

    text: str
    truncated: bool = False


Ask = Callable[[Sequence[Messages], int], list[Reply]]
"""Chats and the seed of their sampling to answers, in the order of the chats."""


def seed_of(*parts: object) -> int:
    """A seed that depends on its parts alone: 0 to 2^31 - 1."""
    digest = hashlib.sha256(":".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1
