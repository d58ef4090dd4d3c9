"""Configuration of generation and evaluation."""

from typing import Literal, Self

from pydantic import Field, model_validator

from culturalign.config.strict import Count, Name, Positive, Share, Strict

OWN = ("temperature", "top_p", "top_k", "repetition_penalty")
"""Settings of a decoding that a model may have defaults for."""


class Decoding(Strict):
    """How text is generated: the same way for every arm of a model.

    A model's own defaults do not apply unless `model_defaults` says so.
    """

    max_new_tokens: Count = 512
    """Longest answer in tokens."""
    max_length: Count | None = None
    """Longest prompt and answer together, in tokens; null: no such limit. As run: 2048."""
    max_items: Count | None = 50
    """An answer ends after this many list items; words beyond the largest K do not change a score.
    Null: no such limit, for answers that are not lists."""
    temperature: float = Field(default=0.0, ge=0)
    """0: greedy, the most likely token each time."""
    top_p: Share = 1.0
    """Nucleus sampling; no effect when greedy."""
    top_k: int = Field(default=0, ge=0)
    """Sample from this many of the most likely tokens; 0: from all; no effect when greedy."""
    model_defaults: bool = False
    """Sample as the model's own `generation_config.json` says: temperature, `top_p`, `top_k` and
    repetition penalty, with transformers' defaults for what it leaves out, in either engine. As
    run. Leave out those four keys then; provenance records their values."""
    repetition_penalty: Positive = 1.0
    """1: none. Overrides the models' own values (Qwen2.5: 1.05)."""
    distinct_items: bool = False
    """Never finish a list item that is already in the list, since the prompt asks for distinct
    words. Small models otherwise repeat one word forever."""
    seed: int = 0
    """Seed of the sampling; no effect when greedy."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        fields = type(self).model_fields
        named = [name for name in OWN if getattr(self, name) != fields[name].default]
        if self.model_defaults and named:
            raise ValueError(
                f"model_defaults takes {', '.join(named)} from the model; leave out one of the two"
            )
        return self


class Shots(Strict):
    """Examples shown before the question, the same for every arm and cue."""

    number: Count = 1
    """How many: training cues, each with its human associations, most frequent first."""
    place: Literal["raw", "chat"] = "raw"
    """`raw`, as run: cue and list as plain text before the rendered chat. `chat`: earlier turns,
    the prompt for that cue and its list as the answer."""
    seed: int = 0
    """Seed of the draw from the training cues."""


class Evaluation(Strict):
    """What is generated for the test cues and how it is scored (paper, section 4.1)."""

    precision_at: list[Count] = Field(default=[5, 10, 40], min_length=1)
    """The K of precision@K. Paper, tables 1 and 2."""
    lower: Count = 40
    """Lower bound of the list size asked for. Not stated in the paper; 40 makes P@40 possible."""
    upper: Count = 50
    """Upper bound of the list size asked for. Not stated in the paper."""
    bounds: Literal["fixed", "cue"] = "fixed"
    """`fixed`: `lower` to `upper` for every cue. `cue`, as run: 10 % around the number n of the
    cue's human associations, shifted by 3 % of n up or down, which tells a model how many there
    are."""
    shots: dict[Name, Shots | None] = {}
    """Prompt -> examples shown before it; null: none. As run: one before `complex`, raw."""
    batch_tokens: Count = 32768
    """Most tokens in a batch of generation, prompts and answers together."""
    swapped: bool | list[Name] = False
    """Evaluate trained arms on the cues and questions of the run's other cultures too, without a
    new training; "own minus other" is then in the tables. What a culture's associations teach must
    show in its own arm more than in the others'. `true`: arms of every trained method; a list: of
    these methods. Never controls, prompt-only methods, multiple choice, and personas. Ours."""
    least_mass: Share = 0.5
    """Probability that the labels of a survey question have together: an answer with less is marked
    in the survey's tables, and is not a firm one in table 7. Ours."""
    resamples: Count = 10_000
    """Sign patterns behind a p-value, and deals of respondents behind that of the poles."""
    confidence: float = Field(default=0.95, gt=0, lt=1)
    """Confidence level of every interval."""
    seed: int = 0
    """Seed of the resampling."""

    @model_validator(mode="after")
    def _lists_reach_k(self) -> Self:
        if self.lower > self.upper:
            raise ValueError(f"lower ({self.lower}) must not exceed upper ({self.upper})")
        if self.bounds == "fixed" and max(self.precision_at) > self.upper:
            raise ValueError(
                f"precision_at asks for K={max(self.precision_at)}, but the prompts ask for at "
                f"most {self.upper} words (upper)"
            )
        return self
