"""Rules for generating lists: no item twice, and an end after enough items."""

import re
from collections.abc import Sequence
from functools import cache

from transformers import PreTrainedTokenizerBase

SEPARATORS = frozenset(",，、;；\n")
NUMBER = re.compile(r"^(?:\d+[.)、:]|[-*•]) *")
"""How an item of a numbered or bulleted list begins."""
PART = "\ufffd"  # a part of a character decodes to this


class ListRules:
    """Which tokens may follow in an answer that is a list, given its tokens so far.

    Items are compared by their text between separators, ignoring case, since a model can spell
    one word with different tokens: after a space or not, at once or in pieces.
    """

    def __init__(
        self, tokenizer: PreTrainedTokenizerBase, *, max_items: int | None, distinct_items: bool
    ) -> None:
        self.tokenizer = tokenizer
        self.max_items = max_items
        self.distinct_items = distinct_items

    @property
    def separators(self) -> frozenset[int]:
        """Tokens that end a list item; read from the vocabulary once it is asked for."""
        return separator_ids(self.tokenizer)

    def enough(self, ids: Sequence[int]) -> bool:
        """Whether the answer holds ``max_items`` finished items, and so ends here."""
        finished = sum(token in self.separators for token in ids)
        return self.max_items is not None and finished >= self.max_items

    def forbidden(self, ids: Sequence[int]) -> set[int]:
        """Tokens that would complete an item the answer already holds.

        For an item's last character it is the first token: where a character takes several
        tokens, as in Chinese, forbidding the last of them would spell another character.
        """
        if not self.distinct_items:
            return set()
        items, begun = list_items(ids, self.separators)
        written = item_text(self.tokenizer, begun)
        ends = [last_character(self.tokenizer, item) for item in items]
        words = [item_text(self.tokenizer, item).rstrip(" ") for item in items]
        whole = [self._completing(word, written) for word in words]
        return {token for head, token in ends if head == written}.union(*whole)

    def _completing(self, word: str, written: str) -> frozenset[int]:
        """Tokens of whole characters that complete a word whose beginning is written."""
        if word == written or not word.startswith(written):
            return frozenset()
        rest = word.removeprefix(written)
        ways = (rest,) if written else (rest, f" {rest}")
        return frozenset().union(*(tokens_by_text(self.tokenizer).get(way, ()) for way in ways))


def list_items(
    ids: Sequence[int], separators: frozenset[int]
) -> tuple[list[tuple[int, ...]], tuple[int, ...]]:
    """Cut tokens into the finished list items, without empty ones, and the unfinished last."""
    items: list[tuple[int, ...]] = []
    begun: list[int] = []
    for token in ids:
        if token not in separators:
            begun.append(token)
        elif begun:
            items.append(tuple(begun))
            begun = []
    return items, tuple(begun)


@cache
def item_text(tokenizer: PreTrainedTokenizerBase, item: tuple[int, ...]) -> str:
    """The text of an item, finished or not, for comparison: without its number."""
    return NUMBER.sub("", str(tokenizer.decode(list(item))).lstrip(" ").casefold())


@cache
def last_character(tokenizer: PreTrainedTokenizerBase, item: tuple[int, ...]) -> tuple[str, int]:
    """The text before the last character of an item, and the token with which that begins."""
    heads = [(item_text(tokenizer, item[:end]), token) for end, token in enumerate(item)]
    return [head for head in heads if not head[0].endswith(PART)][-1]


@cache
def token_texts(tokenizer: PreTrainedTokenizerBase) -> list[str]:
    """The text of every token; decoding a vocabulary takes long, so it is done once."""
    return list(tokenizer.batch_decode([[i] for i in range(len(tokenizer))]))


@cache
def tokens_by_text(tokenizer: PreTrainedTokenizerBase) -> dict[str, frozenset[int]]:
    """Every token of whole characters, by its text for comparison."""
    found: dict[str, set[int]] = {}
    for token, text in enumerate(token_texts(tokenizer)):
        if PART not in text:
            found.setdefault(text.casefold(), set()).add(token)
    return {text: frozenset(tokens) for text, tokens in found.items()}


@cache
def separator_ids(tokenizer: PreTrainedTokenizerBase) -> frozenset[int]:
    """Tokens that end a list item."""
    texts = enumerate(token_texts(tokenizer))
    return frozenset(i for i, text in texts if not SEPARATORS.isdisjoint(text.strip(" ")))
