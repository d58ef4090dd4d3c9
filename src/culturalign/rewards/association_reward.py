"""Reward of free-form word prediction, the paper's second preliminary format (appendix B)."""

from collections.abc import Collection, Sequence


def association_reward(words: Sequence[str], human: Collection[str], fewest: int) -> float:
    """Share of the generated words that are human associations of the cue.

    A list shorter than the prompt asked for counts as filled up with misses; otherwise one safe
    word would earn as much as a whole list.

    Args:
        words: Distinct normalized words of the answer, without the cue: ``words`` of
            :func:`culturalign.rewards.list_parsing.read_answer`.
        human: All normalized human associations of the cue.
        fewest: The least number of words that the prompt asked for.

    Returns:
        0 to 1; -1 without any word. The paper does not print its reward for this task.
    """
    if not words:
        return -1.0
    return sum(word in human for word in words) / max(len(words), fewest)
