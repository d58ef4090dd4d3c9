"""Reward of free-form word prediction, the paper's second preliminary format (appendix B)."""

from collections.abc import Collection, Sequence


def association_reward(words: Sequence[str], human: Collection[str]) -> float:
    """Share of the generated words that are human associations of the cue.

    Args:
        words: Different normalized words of the answer, without the cue: ``words`` of
            :func:`culturalign.parsing.read_answer`.
        human: All normalized human associations of the cue.

    Returns:
        0 to 1; -1 without any word. The paper does not print its reward for this task.
    """
    return sum(word in human for word in words) / len(words) if words else -1.0
