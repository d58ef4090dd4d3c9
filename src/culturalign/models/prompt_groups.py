"""Which prompts are read together: groups of prompts that begin alike.

The orders in which one survey question shows its options differ from the first option on; what
stands before is read once for all of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from culturalign.models.prefix_cache import common_length

WORTH = 8
"""Tokens that joining a group must save."""
PASS = 50
"""What a forward pass costs beside its tokens, in tokens."""
Ids = Sequence[int]


@dataclass(frozen=True)
class PromptGroup:
    """Prompts that begin alike.

    Attributes:
        members: Their indices.
        prefix: How many tokens all of them begin with; at least one token of each comes after it.
        suffix: Most tokens of a member after the prefix.
    """

    members: tuple[int, ...]
    prefix: int
    suffix: int


def find_groups(prompts: Sequence[Ids], shared: int) -> list[PromptGroup]:
    """Group prompts, where that saves reading.

    Args:
        prompts: Token ids.
        shared: How many tokens all prompts begin with, which are read once anyway.
    """
    groups: list[PromptGroup] = []
    for index in sorted(range(len(prompts)), key=lambda i: tuple(prompts[i])):
        alone = _group((index,), prompts, shared)
        if groups:
            joined = _group((*groups[-1].members, index), prompts, shared)
            apart = _cost(groups[-1], prompts) + _cost(alone, prompts)
            if _cost(joined, prompts) + shared + WORTH <= apart:
                groups[-1] = joined
                continue
        groups.append(alone)
    return groups


def _group(members: tuple[int, ...], prompts: Sequence[Ids], shared: int) -> PromptGroup:
    """A group of neighbors in lexicographic order; a prompt alone needs no prefix of its own."""
    lengths = [len(prompts[i]) for i in members]
    prefix = shared
    if len(members) > 1:
        alike = common_length(prompts[members[0]], prompts[members[-1]])
        prefix = max(shared, min(alike, min(lengths) - 1))
    return PromptGroup(members, prefix, max(lengths) - prefix)


def _cost(group: PromptGroup, prompts: Sequence[Ids]) -> int:
    """Tokens that are read for a group: its prefix once, and what follows in each member."""
    return group.prefix + sum(len(prompts[i]) - group.prefix for i in group.members)


def batch_groups(
    groups: Sequence[PromptGroup], shared: int, tokens: int
) -> list[list[PromptGroup]]:
    """Cut groups into batches such that a model reads least, padding included.

    Groups with and without a prefix of their own are not mixed: the second would be padded to
    the prefixes of the first.

    Args:
        groups: All groups.
        shared: How many tokens all prompts begin with; they do not count.
        tokens: Most tokens a batch, padding included; a single larger group is alone.

    Returns:
        The batches, the largest first, so that memory peaks at once.
    """
    alone = [group for group in groups if len(group.members) == 1]
    related = [group for group in groups if len(group.members) > 1]
    batches = [*_cut(alone, shared, tokens), *_cut(related, shared, tokens)]
    return sorted(batches, key=lambda batch: sum(_read(batch, shared)), reverse=True)


def _cut(groups: Sequence[PromptGroup], shared: int, tokens: int) -> Iterator[list[PromptGroup]]:
    """The cheapest cut of groups, sorted by their suffixes, into batches; the last batch first."""
    ordered = sorted(groups, key=lambda f: (f.suffix, f.prefix), reverse=True)
    best = [(0, 0)]  # what the first so many groups cost, and where their last batch starts
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


def _read(batch: Sequence[PromptGroup], shared: int) -> tuple[int, int]:
    """Tokens read for a batch, padding included: the groups' prefixes, the members' suffixes."""
    members = sum(len(group.members) for group in batch)
    prefix = max(group.prefix for group in batch) - shared
    return len(batch) * prefix, members * max(group.suffix for group in batch)


def _size(batch: Sequence[PromptGroup], shared: int) -> int:
    """Tokens side by side at the end: every member's prefix and suffix, padding included."""
    members = sum(len(group.members) for group in batch)
    return members * (
        max(group.prefix for group in batch) - shared + max(group.suffix for group in batch)
    )
