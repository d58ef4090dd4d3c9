"""Rules for lists in the making: no item twice, and an end after enough of them."""

from collections.abc import Sequence
from functools import cache

from transformers import PreTrainedTokenizerBase

SEPARATORS = ",，、;；\n"


class ListRules:
    """What may follow in an answer that is a list, given its tokens so far.

    Items are compared as token sequences between separators, so the rules know no language. An
    item at the start of the answer has no space before it and so tokens of its own there.
    """

    def __init__(
        self, tokenizer: PreTrainedTokenizerBase, *, max_items: int | None, distinct_items: bool
    ) -> None:
        self.tokenizer = tokenizer
        self.max_items = max_items
        self.distinct_items = distinct_items
        self.separators = separator_ids(tokenizer)

    def enough(self, ids: Sequence[int]) -> bool:
        """Whether the answer holds so many finished items that it ends here."""
        finished = sum(token in self.separators for token in ids)
        return self.max_items is not None and finished >= self.max_items

    def forbidden(self, ids: Sequence[int]) -> set[int]:
        """Tokens that would complete an item the answer already holds.

        Of an item's last character it is the first token: where a character takes several
        tokens, as Chinese often does, forbidding the last of them would spell another.
        """
        if not self.distinct_items:
            return set()
        items, begun = list_items(ids, self.separators)
        written = {way for item in items for way in spellings(self.tokenizer, item)}
        ends = [(item, last_character(self.tokenizer, item)) for item in written]
        return {item[end] for item, end in ends if item[:end] == begun}


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
def spellings(
    tokenizer: PreTrainedTokenizerBase, item: tuple[int, ...]
) -> frozenset[tuple[int, ...]]:
    """An item as it stands, and its tokens with and without a space before it."""
    word = str(tokenizer.decode(list(item))).strip(" ")
    if not word or "\ufffd" in word:
        return frozenset({item})
    ways = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in (word, f" {word}")]
    return frozenset({item, *map(tuple, ways)})


@cache
def last_character(tokenizer: PreTrainedTokenizerBase, item: tuple[int, ...]) -> int:
    """Index of the token with which the last character of an item begins."""
    whole = [
        end
        for end in range(len(item))
        if not str(tokenizer.decode(list(item[:end]))).endswith("\ufffd")
    ]
    return whole[-1]


@cache
def separator_ids(tokenizer: PreTrainedTokenizerBase) -> frozenset[int]:
    """Tokens that end a list item."""
    texts = tokenizer.batch_decode([[i] for i in range(len(tokenizer))])
    return frozenset(i for i, text in enumerate(texts) if set(text.strip(" ")) & set(SEPARATORS))
