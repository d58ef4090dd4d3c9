"""Which prompts are read together: groups of prompts with a long common prefix.

The orders in which one survey question shows its options differ from the first option on; what
precedes it is read once for all of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from culturalign.models.prefix_cache import shared_length

MIN_SAVING = 8
"""Tokens that joining a group must save."""
PASS_COST = 50
"""Cost of a forward pass in addition to its tokens, in tokens."""
Ids = Sequence[int]


@dataclass(frozen=True)
class PromptGroup:
    """Prompts with a common prefix.

    Attributes:
        members: Their indices.
        prefix: Length of the prefix; at least one token of each member comes after it.
        suffix: Tokens of the longest member after the prefix.
    """

    members: tuple[int, ...]
    prefix: int
    suffix: int


def find_groups(prompts: Sequence[Ids], shared: int) -> list[PromptGroup]:
    """Group prompts where that saves reading.

    Args:
        prompts: Token ids.
        shared: Length of the prefix of all prompts, which is read once anyway.
    """
    groups: list[PromptGroup] = []
    for index in sorted(range(len(prompts)), key=lambda i: tuple(prompts[i])):
        single = _group((index,), prompts, shared)
        if groups:
            joined = _group((*groups[-1].members, index), prompts, shared)
            apart = _cost(groups[-1], prompts) + _cost(single, prompts)
            if _cost(joined, prompts) + shared + MIN_SAVING <= apart:
                groups[-1] = joined
                continue
        groups.append(single)
    return groups


def singles(prompts: Sequence[Ids]) -> list[PromptGroup]:
    """A group for each prompt, which is read whole."""
    return [PromptGroup((index,), 0, len(ids)) for index, ids in enumerate(prompts)]


def _group(members: tuple[int, ...], prompts: Sequence[Ids], shared: int) -> PromptGroup:
    """A group of prompts in lexicographic order; a single one needs no prefix of its own."""
    prefix = shared
    if len(members) > 1:
        prefix = max(shared, shared_length([prompts[members[0]], prompts[members[-1]]]))
    return PromptGroup(members, prefix, max(len(prompts[i]) for i in members) - prefix)


def _cost(group: PromptGroup, prompts: Sequence[Ids]) -> int:
    """Tokens read for a group: its prefix once, and the rest of each member."""
    return group.prefix + sum(len(prompts[i]) - group.prefix for i in group.members)


def batch_groups(
    groups: Sequence[PromptGroup], shared: int, tokens: int
) -> list[list[PromptGroup]]:
    """Cut groups into batches such that a model reads least, padding included.

    Groups with and without a prefix of their own are not mixed: the second would be padded to
    the prefixes of the first.

    Args:
        groups: All groups.
        shared: Length of the prefix of all prompts, which does not count.
        tokens: Largest batch in tokens, padding included; a larger group gets its own.

    Returns:
        The batches, the largest first, so that memory peaks at once.
    """
    singles = [group for group in groups if len(group.members) == 1]
    others = [group for group in groups if len(group.members) > 1]
    batches = [*_cut(singles, shared, tokens), *_cut(others, shared, tokens)]
    return sorted(batches, key=lambda batch: sum(_tokens_read(batch, shared)), reverse=True)


def _cut(groups: Sequence[PromptGroup], shared: int, tokens: int) -> Iterator[list[PromptGroup]]:
    """The cheapest cut of groups, sorted by their suffixes, into batches; the last batch first."""
    ordered = sorted(groups, key=lambda g: (g.suffix, g.prefix), reverse=True)
    best = [(0, 0)]  # for each number of groups: their cost, and where their last batch starts
    for end in range(1, len(ordered) + 1):
        choices: list[tuple[int, int]] = []
        for start in reversed(range(end)):
            batch = ordered[start:end]
            if choices and _tokens_held(batch, shared) > tokens:
                break
            passes = sum(PASS_COST + read for read in _tokens_read(batch, shared) if read)
            choices.append((best[start][0] + passes, start))
        best.append(min(choices))
    end = len(ordered)
    while end:
        start = best[end][1]
        yield ordered[start:end]
        end = start


def _tokens_read(batch: Sequence[PromptGroup], shared: int) -> tuple[int, int]:
    """Tokens read for a batch, padding included: the groups' prefixes, the members' suffixes."""
    members = sum(len(group.members) for group in batch)
    prefix = max(group.prefix for group in batch) - shared
    return len(batch) * prefix, members * max(group.suffix for group in batch)


def _tokens_held(batch: Sequence[PromptGroup], shared: int) -> int:
    """Tokens in memory at the end: every member's prefix and suffix, padding included."""
    members = sum(len(group.members) for group in batch)
    prefix = max(group.prefix for group in batch) - shared
    return members * (prefix + max(group.suffix for group in batch))
