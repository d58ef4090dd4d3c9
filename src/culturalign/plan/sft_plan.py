"""What a fine-tuning on associations is made of: examples, steps and tokens, before any exists."""

import math
from dataclasses import dataclass

from culturalign.config.draws import draws_per_cue
from culturalign.config.language_facts import language_code
from culturalign.config.root import Config
from culturalign.config.sft import Sft

WORD = 3
"""Tokens of a word in a list, with its separator; ours."""


@dataclass(frozen=True)
class Amount:
    """How much a culture's full SWOW file holds, and the prompt in its language.

    Attributes:
        cues: Cues of the file.
        words: Different responses of a cue, on average.
        prompt: Tokens of the paper's prompt for lists, counted by us with SmolLM2.
    """

    cues: int
    words: int
    prompt: int


AMOUNTS = {"en": Amount(12_282, 113, 200), "zh": Amount(10_192, 81, 400)}
"""Cues by De Deyne et al. (2019) and Li et al. (2024); words by the notebooks of the paper's
authors (112.82, 80.77; read_swow.ipynb)."""
OTHER = Amount(12_282, 113, 400)
"""Of any other language: the larger of the two, since a job that is planned too short is killed."""


def amount(language: str) -> Amount:
    """What is expected of a language, by its code; ``en``, ``en_gb`` and ``en.gb`` alike."""
    return AMOUNTS.get(language_code(language), OTHER)


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


def plan_sft(config: Config, culture: str, method: Sft, cues: int) -> SftPlan:
    """The training of a method on a culture that has some number of cues."""
    expected, options = amount(config.cultures[culture].language), method.examples
    examples = round(config.data.split.train * cues * draws_per_cue(options.per_cue, cues))
    if options.share is None:
        words = (options.min_words + options.max_words) / 2
    else:
        words = options.share * expected.words
    steps = math.ceil(math.ceil(examples / method.global_batch) * method.epochs)
    each = expected.prompt + words * WORD
    return SftPlan(examples, steps, examples * method.epochs * each)
