"""SFT examples: prompts and target lists (paper, section 3.4, appendices C and D)."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from culturalign.config.sft import Examples
from culturalign.errors import UserError
from culturalign.files.prompt_template import read_template

LOWER, UPPER, CUE = "[LOWER BOUND SIZE]", "[UPPER BOUND SIZE]", "{cue}"


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
    template = read_template(path, "languages.*.prompts", some=(CUE,))
    if (LOWER in template) != (UPPER in template):
        raise UserError(f"{path}: the prompt has one of {LOWER} and {UPPER}; give both, or neither")
    return Prompt(template, system, separator)


def draw_examples(
    lists: Mapping[str, Sequence[str]], prompt: Prompt, options: Examples, *, seed: int
) -> Iterator[dict[str, Any]]:
    """Draw the examples of every cue.

    The target is the cue's first n associations, most frequent first, with lower <= n <= upper
    drawn at random for each example, so that the model learns to obey the bounds.

    Args:
        lists: Cue -> its associations, most frequent first.
        prompt: The language's prompt.
        options: How many examples, and how long.
        seed: The draws of a cue depend only on it and on the cue.

    Yields:
        ``cue``; ``list_of``, the cue whose list it is; ``lower``, ``upper``, ``n_words``;
        ``messages``; ``words``, the target; ``completion``, the target as text.
    """
    owner = shuffled_cues(lists, seed=seed) if options.shuffle_cues else {cue: cue for cue in lists}
    for cue in lists:
        for index in range(options.per_cue):
            rng = random.Random(f"{seed}:{cue}:{index}")
            words = list(lists[owner[cue]])
            n = min(rng.randint(options.min_words, options.max_words), len(words))
            lower, upper = draw_bounds(n, options, rng)
            yield {
                "cue": cue,
                "list_of": owner[cue],
                "lower": lower,
                "upper": upper,
                "n_words": n,
                "messages": prompt.messages(cue, lower, upper),
                "words": words[:n],
                "completion": prompt.separator.join(words[:n]),
            }


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
