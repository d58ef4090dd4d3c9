"""A ranking environment whose words have planted strengths, and a model that knows the format.

Words and numbers are tokens of their own. The strength of a word is its position in ``words``,
the same for every cue, so the right order can be learned from few examples and holds for others.
"""

import random
from collections.abc import Sequence
from typing import Any

import torch
from torch.nn.functional import cross_entropy

from culturalign.config.ppo import Ppo
from culturalign.config.ranking import RewardRules
from culturalign.rewards.ranking_reward import score
from culturalign.training.ppo.actor_critic import Roles
from culturalign.training.ppo.environment import Environment, Score
from culturalign.training.ppo.ppo_training import roll_out
from tests import tiny

RULES = RewardRules(missing="last", partial=True)
SIZE = {
    "hidden_size": 64, "intermediate_size": 128, "num_key_value_heads": 4,
    "max_position_embeddings": 128,
}  # fmt: skip
MARKS = ["<|end|>", "<|ask|>", "<|answer|>", "Rank"]


def words_of(vocabulary: int) -> list[str]:
    return [f"w{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(vocabulary)]


class Planted:
    """Prompts that ask for a ranking of words, in token ids.

    Args:
        vocabulary: Different words.
        length: Candidates of a prompt.
        prompts: How many.
    """

    def __init__(self, vocabulary: int, length: int, prompts: int, seed: int = 0) -> None:
        self.words = words_of(vocabulary)
        self.length = length
        self.tokens = [*MARKS, *(f"{n}:" for n in range(1, length + 1)), *self.words]
        self.ids = {token: index for index, token in enumerate(self.tokens)}
        rng = random.Random(seed)
        self.candidates = [rng.sample(self.words, length) for _ in range(prompts)]

    def encode(self, tokens: Sequence[str]) -> tuple[int, ...]:
        return tuple(self.ids[token] for token in tokens)

    def prompt(self, candidates: Sequence[str]) -> tuple[int, ...]:
        return self.encode(["<|ask|>", *candidates, "<|answer|>"])

    def answer(self, order: Sequence[str]) -> tuple[int, ...]:
        parts = [("Rank", f"{n}:", word) for n, word in enumerate(order, start=1)]
        return self.encode([*(token for part in parts for token in part), "<|end|>"])

    def shuffled(self, rng: random.Random) -> tuple[int, ...]:
        """A prompt with an answer in random order."""
        shown = rng.sample(self.words, self.length)
        return self.prompt(shown) + self.answer(rng.sample(shown, len(shown)))

    def environment(self, *, scrambled: bool = False, seed: int = 0) -> Environment:
        """The environment; scrambled, each answer is scored against counts drawn anew."""
        rng = random.Random(f"{seed}:scrambled")

        def reward_fn(index: int, ids: tuple[int, ...]) -> Score:
            candidates = self.candidates[index]
            counts = [len(self.words) - self.words.index(word) for word in candidates]
            if scrambled:
                rng.shuffle(counts)
            text = " ".join(self.tokens[i] for i in ids if i)
            found = score(text, candidates, counts, RULES)
            return Score(found.value, found.parsed, complete=not found.missing)

        prompts = [self.prompt(candidates) for candidates in self.candidates]
        return Environment(prompts, reward_fn, stops=frozenset({0}), pad=0)


def mean_reward(roles: Roles, planted: Planted, options: Ppo) -> float:
    """Mean true reward of one response to each of the prompts."""
    environment = planted.environment()
    torch.manual_seed(1)
    chosen = options.model_copy(update={"micro_rollout_batch": 256})
    _, scores = roll_out(roles, environment, range(len(environment.prompts)), chosen)
    return sum(score.value for score in scores) / len(scores)


def pretrained_model(planted: Planted, steps: int, *, rate: float = 3e-3, seed: int = 0) -> Any:
    """A model that has learned to answer with the candidates, in random order."""
    model, rng = tiny.build_model(len(planted.tokens), seed, **SIZE), random.Random(seed)
    optimizer = torch.optim.AdamW(model.parameters())
    start = planted.length + 2
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = rate * min(1, (step + 1) / 50) * (1 - step / steps)
        ids = torch.tensor([planted.shuffled(rng) for _ in range(64)])
        logits = model(input_ids=ids).logits[:, start - 1 : -1]
        loss = cross_entropy(logits.flatten(0, 1), ids[:, start:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()
