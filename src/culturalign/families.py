"""Which prompts are read together: families of prompts that begin alike.

The orders in which one survey question shows its options differ from the first option on; what
stands before is read once for all of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from culturalign.batches import common_length

WORTH = 8
"""Tokens that joining a family must save."""
PASS = 50
"""What a forward pass costs beside its tokens, in tokens."""
Ids = Sequence[int]


@dataclass(frozen=True)
class Family:
    """Prompts that begin alike.

    Attributes:
        members: Their indices.
        stem: How many tokens all of them begin with; at least one token of each comes after it.
        tail: Most tokens of a member after the stem.
    """

    members: tuple[int, ...]
    stem: int
    tail: int


def find_families(prompts: Sequence[Ids], shared: int) -> list[Family]:
    """Group prompts, where that saves reading.

    Args:
        prompts: Token ids.
        shared: How many tokens all prompts begin with, which are read once anyway.
    """
    families: list[Family] = []
    for index in sorted(range(len(prompts)), key=lambda i: tuple(prompts[i])):
        alone = _family((index,), prompts, shared)
        if families:
            joined = _family((*families[-1].members, index), prompts, shared)
            apart = _cost(families[-1], prompts) + _cost(alone, prompts)
            if _cost(joined, prompts) + shared + WORTH <= apart:
                families[-1] = joined
                continue
        families.append(alone)
    return families


def _family(members: tuple[int, ...], prompts: Sequence[Ids], shared: int) -> Family:
    """A family of neighbors in lexicographic order; a prompt alone needs no stem of its own."""
    lengths = [len(prompts[i]) for i in members]
    stem = shared
    if len(members) > 1:
        alike = common_length(prompts[members[0]], prompts[members[-1]])
        stem = max(shared, min(alike, min(lengths) - 1))
    return Family(members, stem, max(lengths) - stem)


def _cost(family: Family, prompts: Sequence[Ids]) -> int:
    """Tokens that are read for a family: its stem once, and what follows in each member."""
    return family.stem + sum(len(prompts[i]) - family.stem for i in family.members)


def batch_families(families: Sequence[Family], shared: int, tokens: int) -> list[list[Family]]:
    """Cut families into batches such that a model reads least, padding included.

    Families with and without a stem of their own are not mixed: the second would be padded to
    the stems of the first.

    Args:
        families: All families.
        shared: How many tokens all prompts begin with; they do not count.
        tokens: Most tokens a batch, padding included; a single larger family is alone.

    Returns:
        The batches, the largest first, so that memory peaks at once.
    """
    alone = [family for family in families if len(family.members) == 1]
    related = [family for family in families if len(family.members) > 1]
    batches = [*_cut(alone, shared, tokens), *_cut(related, shared, tokens)]
    return sorted(batches, key=lambda batch: sum(_read(batch, shared)), reverse=True)


def _cut(families: Sequence[Family], shared: int, tokens: int) -> Iterator[list[Family]]:
    """The cheapest cut of families, sorted by their tails, into batches; the last batch first."""
    ordered = sorted(families, key=lambda f: (f.tail, f.stem), reverse=True)
    best = [(0, 0)]  # what the first so many families cost, and where their last batch starts
    for end in range(1, len(ordered) + 1):
        choices: list[tuple[int, int]] = []
        for start in reversed(range(end)):
            batch = ordered[start:end]
            if choices and _size(batch, shared) > tokens:
                break
            passes = sum(PASS + read for read in _read(batch, shared) if read)
            choices.append((best[start][0] + passes, start))
        best.append(min(choices))
    end = len(ordered)
    while end:
        start = best[end][1]
        yield ordered[start:end]
        end = start


def _read(batch: Sequence[Family], shared: int) -> tuple[int, int]:
    """Tokens read for a batch, padding included: the families' stems, the members' tails."""
    members = sum(len(family.members) for family in batch)
    stem = max(family.stem for family in batch) - shared
    return len(batch) * stem, members * max(family.tail for family in batch)


def _size(batch: Sequence[Family], shared: int) -> int:
    """Tokens side by side at the end: every member's stem and tail, padding included."""
    members = sum(len(family.members) for family in batch)
    return members * (
        max(family.stem for family in batch) - shared + max(family.tail for family in batch)
    )
