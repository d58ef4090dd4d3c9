"""SFT examples: prompts and target lists (paper, section 3.4, appendices C and D)."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from culturalign.config.draws import draws_per_cue
from culturalign.config.sft import Examples
from culturalign.files.prompt_template import CUE, LISTS, LOWER, UPPER, read_template


@dataclass(frozen=True)
class Prompt:
    """A prompt of one language: its template, system message and list separator."""

    template: str
    system: str
    separator: str

    def messages(self, cue: str, lower: int, upper: int) -> list[dict[str, str]]:
        """Chat messages that ask for ``lower`` to ``upper`` associations of a cue."""
        text = self.template.replace(LOWER, str(lower)).replace(UPPER, str(upper))
        system = {"role": "system", "content": self.system}
        return [system, {"role": "user", "content": text.replace(CUE, cue)}]


def read_prompt(path: Path, *, system: str, separator: str) -> Prompt:
    """Read the prompt, which has both bounds or none; errors as in :func:`read_template`."""
    return Prompt(read_template(path, "languages.*.prompts", LISTS), system, separator)


def draw_examples(
    lists: Mapping[str, Sequence[str]],
    prompt: Prompt,
    options: Examples,
    *,
    seed: int,
    cues: int | None = None,
) -> Iterator[dict[str, Any]]:
    """Draw the examples of every cue.

    The target is a part of the cue's associations, most frequent first, with lower <= n <= upper
    for its length n, so that the model learns to obey the bounds: the first n, with n drawn at
    random, or with ``share`` a random part (llm_alpaca_data_gen.ipynb of the authors' code).

    Args:
        lists: Cue -> its associations, most frequent first.
        prompt: The language's prompt.
        options: How many examples, and how long.
        seed: The draws of a cue depend only on it, on the cue, and with ``per_cue: auto`` on
            ``cues``.
        cues: Number of cues of the culture; by default that of ``lists``.

    Yields:
        ``cue``; ``list_of``, the cue whose list it is; ``lower``, ``upper``, ``n_words``;
        ``messages``; ``words``, the target; ``completion``, the target as text.
    """
    owner = shuffled_cues(lists, seed=seed) if options.shuffle_cues else {cue: cue for cue in lists}
    number = draws_per_cue(options.per_cue, cues or len(lists))
    for cue in lists:
        seen = set[tuple[str, ...]]()
        for index in range(number):
            rng = random.Random(f"{seed}:{cue}:{index}")
            words, (lower, upper) = _draw(lists[owner[cue]], options, rng)
            if options.share and tuple(words) in seen:
                continue
            seen.add(tuple(words))
            yield {
                "cue": cue,
                "list_of": owner[cue],
                "lower": lower,
                "upper": upper,
                "n_words": len(words),
                "messages": prompt.messages(cue, lower, upper),
                "words": words,
                "completion": prompt.separator.join(words),
            }


def _draw(
    words: Sequence[str], options: Examples, rng: random.Random
) -> tuple[list[str], tuple[int, int]]:
    """Draw a target list and the bounds around its length."""
    if options.share is None:
        n = min(rng.randint(options.min_words, options.max_words), len(words))
        return list(words[:n]), draw_bounds(n, options, rng)
    n = max(1, int(options.share * len(words)))
    chosen = sorted(rng.sample(range(len(words)), n))
    return [words[i] for i in chosen], shifted_bounds(n, rng)


def shifted_bounds(n: int, rng: random.Random) -> tuple[int, int]:
    """Bounds as run: 10 % of n below and above it, both shifted by 3 % of n up or down."""
    shift = rng.choice((-1, 1)) * (3 * n // 100)
    return max(1, n - n // 10 + shift), max(1, n + n // 10 + shift)


def draw_bounds(n: int, options: Examples, rng: random.Random) -> tuple[int, int]:
    """Draw bounds around a list's length: 1 <= lower <= n <= upper, as round as configured."""
    step = options.round_bounds
    lower = (n - rng.randint(0, options.spread)) // step * step
    upper = -(-(n + rng.randint(0, options.spread)) // step) * step
    return max(1, lower), upper


def shuffled_cues(cues: Iterable[str], *, seed: int) -> dict[str, str]:
    """Give every cue another cue, each exactly once (no cue keeps its own if there are two)."""
    order = sorted(cues)
    random.Random(f"{seed}:shuffled").shuffle(order)
    return dict(zip(order, order[1:] + order[:1], strict=True))
