"""Configuration of generation and evaluation."""

from typing import Self

from pydantic import Field, model_validator

from culturalign.config.strict import Count, Positive, Share, Strict


class Decoding(Strict):
    """How text is generated: the same way for every arm, regardless of a model's own defaults."""

    max_new_tokens: Count = 512
    """Longest answer in tokens."""
    max_items: Count | None = 50
    """An answer ends after this many list items; words beyond the largest K do not change a score.
    Null: no such limit, for answers that are not lists."""
    temperature: float = Field(default=0.0, ge=0)
    """0: greedy, the most likely token each time."""
    top_p: Share = 1.0
    """Nucleus sampling; no effect when greedy."""
    repetition_penalty: Positive = 1.0
    """1: none. Overrides the models' own values (Qwen2.5: 1.05)."""
    distinct_items: bool = False
    """Never finish a list item that is already in the list, since the prompt asks for distinct
    words. Small models otherwise repeat one word forever."""
    seed: int = 0
    """Seed of the sampling; no effect when greedy."""


class Evaluation(Strict):
    """What is generated for the test cues and how it is scored (paper, section 4.1)."""

    precision_at: list[Count] = Field(default=[5, 10, 40], min_length=1)
    """The K of precision@K. Paper, tables 1 and 2."""
    lower: Count = 40
    """Lower bound of the list size asked for. Not stated in the paper; 40 makes P@40 possible."""
    upper: Count = 50
    """Upper bound of the list size asked for. Not stated in the paper."""
    batch_tokens: Count = 32768
    """Most tokens in a batch of generation, prompts and answers together."""
    resamples: Count = 10_000
    """Sign patterns behind a p-value, and resamples of respondents behind the poles' intervals."""
    confidence: float = Field(default=0.95, gt=0, lt=1)
    """Confidence level of every interval."""
    seed: int = 0
    """Seed of the resampling."""

    @model_validator(mode="after")
    def _lists_reach_k(self) -> Self:
        if self.lower > self.upper:
            raise ValueError(f"lower ({self.lower}) must not exceed upper ({self.upper})")
        if max(self.precision_at) > self.upper:
            raise ValueError(
                f"precision_at asks for K={max(self.precision_at)}, but the prompts ask for at "
                f"most {self.upper} words (upper)"
            )
        return self
