"""What a fine-tuning on associations is made of: examples, steps and tokens, before any exists."""

import math
from dataclasses import dataclass

from culturalign.config.draws import draws_per_cue
from culturalign.config.root import Config
from culturalign.config.sft import Sft

CUES = {"en": 12_282, "zh": 10_192}
"""Cues of the full SWOW files (De Deyne et al. 2019, Li et al. 2024); 10,000 of others."""
WORDS = {"en": 113, "zh": 81}
"""Different responses of a cue in the full files, on average, by the notebooks of the paper's
authors (112.82, 80.77; read_swow.ipynb); of others as zh."""
PROMPT = {"en": 200, "zh": 400}
"""Tokens of the paper's prompts, counted by us with SmolLM2; other languages as zh."""
WORD = 3
"""Tokens of a word in a list, with its separator; ours."""


@dataclass(frozen=True)
class SftPlan:
    """A training.

    Attributes:
        examples: Training examples.
        steps: Optimizer steps.
        tokens: Tokens of all examples in all passes, prompts included.
    """

    examples: int
    steps: int
    tokens: float


def cues_of_file(language: str) -> int:
    """Cues of the full SWOW file of a language."""
    return CUES.get(language, 10_000)


def prompt_tokens(language: str) -> int:
    """Tokens of the prompt for lists in a language."""
    return PROMPT.get(language, PROMPT["zh"])


def plan_sft(config: Config, culture: str, method: Sft, cues: int) -> SftPlan:
    """The training of a method on a culture that has some number of cues."""
    language, options = config.cultures[culture].language, method.examples
    examples = round(config.data.split.train * cues * draws_per_cue(options.per_cue, cues))
    if options.share is None:
        words = (options.min_words + options.max_words) / 2
    else:
        words = options.share * WORDS.get(language, WORDS["zh"])
    steps = math.ceil(math.ceil(examples / method.global_batch) * method.epochs)
    each = prompt_tokens(language) + words * WORD
    return SftPlan(examples, steps, examples * method.epochs * each)
