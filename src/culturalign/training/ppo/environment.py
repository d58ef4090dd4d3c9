"""The environment of PPO: prompts, and the reward of a response to each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from transformers import PreTrainedTokenizerBase

from culturalign.config.models import Model
from culturalign.config.ranking import RewardRules
from culturalign.data.normalize import normalize
from culturalign.errors import UserError
from culturalign.models.chat_template import render
from culturalign.models.stop_tokens import answer_text
from culturalign.rewards.association_reward import association_reward
from culturalign.rewards.list_parsing import read_answer
from culturalign.rewards.ranking_parsing import Normalizer
from culturalign.rewards.ranking_reward import score
from culturalign.training.ppo.rollout import Ids

Example = Mapping[str, Any]


@dataclass(frozen=True)
class Score:
    """The reward of a response.

    Attributes:
        value: In [-1, 1]; training maximizes it.
        parsed: Whether the response could be read.
        complete: Whether it holds everything asked for: every candidate, or enough words.
    """

    value: float
    parsed: bool
    complete: bool


RewardFn = Callable[[Example, str, bool], Score]
"""Scores a response, given its example, its text, and whether it ended by itself."""


@dataclass(frozen=True)
class Environment:
    """Prompts and rewards.

    Attributes:
        prompts: Token ids of each prompt.
        score: Scores a response, given the index of its prompt and its token ids.
        stops: Ids of the tokens that end a response.
        pad: Id of the padding token.
    """

    prompts: Sequence[Ids]
    score: Callable[[int, Ids], Score]
    stops: frozenset[int]
    pad: int


def build_environment(
    examples: Sequence[Example],
    reward_fn: RewardFn,
    tokenizer: PreTrainedTokenizerBase,
    model: Model,
    *,
    stops: frozenset[int],
    max_length: int,
) -> Environment:
    """Prompts and rewards of a task.

    Args:
        examples: With ``cue``, ``messages``, and what the reward function needs.
        reward_fn: Scores a response's text.
        tokenizer: The tokenizer of the model.
        model: Its configuration.
        stops: Ids of the tokens that end a response.
        max_length: Longest prompt in tokens.

    Raises:
        UserError: If there is no example, or a prompt is too long.
    """
    if not examples:
        raise UserError("there is no training example; lower ranking.candidates or add data")
    texts = [render(tokenizer, list(example["messages"]), model) for example in examples]
    prompts = [tuple(ids) for ids in tokenizer(texts, add_special_tokens=False)["input_ids"]]
    for example, prompt in zip(examples, prompts, strict=True):
        check_prompt(example["cue"], len(prompt), max_length)

    def score_response(index: int, ids: Ids) -> Score:
        text = answer_text(tokenizer, ids, stops)
        return reward_fn(examples[index], text, ids[-1] in stops)

    return Environment(prompts, score_response, stops, int(tokenizer.pad_token_id))


def check_prompt(cue: str, length: int, max_length: int) -> None:
    """Refuse a prompt that is too long.

    Raises:
        UserError: If ``length`` exceeds ``max_length`` tokens.
    """
    if length > max_length:
        raise UserError(
            f"the prompt of {cue!r} has {length} tokens, more than prompt_max_length "
            f"({max_length}); raise it"
        )


def build_reward_fn(
    task: str, settings: Mapping[str, Any], human: Mapping[str, Sequence[str]]
) -> RewardFn:
    """The reward function of a task, in either engine.

    Args:
        task: ``ranking`` or ``association``.
        settings: ``rules`` of the culture's normalizer; for rankings ``reward``, for lists the
            ``forms`` of the language.
        human: Cue -> all its human associations; only for the task ``association``.
    """
    normalizer = partial(normalize, **settings["rules"])
    if task == "ranking":
        return ranking_reward_fn(RewardRules(**settings["reward"]), normalizer)
    return association_reward_fn(human, normalizer, settings["forms"])


def ranking_reward_fn(rules: RewardRules, normalizer: Normalizer = normalize) -> RewardFn:
    """Score rankings (paper, section 3.4, appendix E), normalized like human responses."""

    def reward_fn(example: Example, text: str, _: bool) -> Score:
        found = score(text, example["candidates"], example["counts"], rules, normalizer)
        return Score(found.value, found.parsed, complete=not found.missing)

    return reward_fn


def association_reward_fn(
    human: Mapping[str, Sequence[str]],
    normalizer: Normalizer,
    forms: Mapping[str, Sequence[str]],
) -> RewardFn:
    """Score freely listed associations (paper, appendix B), normalized like the human ones."""
    sets = {cue: frozenset(words) for cue, words in human.items()}

    def reward_fn(example: Example, text: str, ended: bool) -> Score:
        sample = {"cue": example["cue"], "text": text, "truncated": not ended}
        words = read_answer(sample, normalizer, **forms)["words"]
        value = association_reward(words, sets[example["cue"]], example["lower"])
        return Score(value, bool(words), complete=len(words) >= example["lower"])

    return reward_fn
