"""What the policy acts in: prompts, and what a response to each is worth."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transformers import PreTrainedTokenizerBase

from culturalign.config.models import Model
from culturalign.config.ranking import RewardRules
from culturalign.data.normalize import normalize
from culturalign.errors import UserError
from culturalign.models.loading import render
from culturalign.rewards.association_reward import association_reward
from culturalign.rewards.list_parsing import read_answer
from culturalign.rewards.ranking_parsing import Normalizer
from culturalign.rewards.ranking_reward import score
from culturalign.training.ppo.rollout import Ids

Example = Mapping[str, Any]


@dataclass(frozen=True)
class Score:
    """What a response is worth.

    Attributes:
        value: In [-1, 1]; what training maximizes.
        parsed: Whether the response could be read.
        complete: Whether it holds all that was asked for: every candidate, or words enough.
    """

    value: float
    parsed: bool
    complete: bool


@dataclass(frozen=True)
class Environment:
    """What the policy acts in.

    Attributes:
        prompts: Token ids of each prompt.
        score: The worth of a response: index of its prompt, its token ids.
        end: Id of the end-of-turn token.
        pad: Id of the padding token.
    """

    prompts: Sequence[Ids]
    score: Callable[[int, Ids], Score]
    end: int
    pad: int


RewardFn = Callable[[Example, str, bool], Score]
"""The worth of a response: its example, its text, whether it came to an end."""


def build_environment(
    examples: Sequence[Example],
    reward_fn: RewardFn,
    tokenizer: PreTrainedTokenizerBase,
    model: Model,
    *,
    longest: int,
) -> Environment:
    """Prompts and rewards of a task.

    Args:
        examples: With ``messages``, and what the reward_fn needs.
        reward_fn: Scores a response's text.
        tokenizer: The model's.
        model: Its configuration.
        longest: Most tokens of a prompt.

    Raises:
        UserError: If there is no example, or a prompt is too long.
    """
    if not examples:
        raise UserError("there is no training example; lower ranking.candidates or add data")
    texts = [render(tokenizer, list(example["messages"]), model) for example in examples]
    prompts = [tuple(ids) for ids in tokenizer(texts, add_special_tokens=False)["input_ids"]]
    if (most := max(map(len, prompts))) > longest:
        cue = next(e["cue"] for e, ids in zip(examples, prompts, strict=True) if len(ids) == most)
        raise UserError(
            f"the prompt of {cue!r} has {most} tokens, more than prompt_max_length ({longest}); "
            "raise it"
        )
    end, pad = int(tokenizer.eos_token_id), int(tokenizer.pad_token_id)

    def judged(index: int, ids: Ids) -> Score:
        text = str(tokenizer.decode(list(ids), skip_special_tokens=True))
        return reward_fn(examples[index], text, ids[-1] == end)

    return Environment(prompts, judged, end, pad)


def ranking_reward_fn(reward: RewardRules, normalizer: Normalizer = normalize) -> RewardFn:
    """Score rankings (paper, section 3.4, appendix E).

    Args:
        reward: What a ranking is worth.
        normalizer: The culture's, the same as for human responses.
    """

    def reward_fn(example: Example, text: str, _: bool) -> Score:
        found = score(text, example["candidates"], example["counts"], reward, normalizer)
        return Score(found.value, found.parsed, complete=not found.missing)

    return reward_fn


def association_reward_fn(
    human: Mapping[str, Sequence[str]], normalizer: Normalizer = normalize
) -> RewardFn:
    """Score freely listed associations (paper, appendix B).

    Args:
        human: Cue -> all its human associations.
        normalizer: The culture's, the same as for human responses.
    """
    sets = {cue: frozenset(words) for cue, words in human.items()}

    def reward_fn(example: Example, text: str, ended: bool) -> Score:
        sample = {"cue": example["cue"], "text": text, "truncated": not ended}
        words = read_answer(sample, normalizer)["words"]
        value = association_reward(words, sets[example["cue"]], example["lower"])
        return Score(value, bool(words), complete=len(words) >= example["lower"])

    return reward_fn
