"""Configuration of supervised fine-tuning with LoRA."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from culturalign.config.adapters import Lora
from culturalign.config.strict import (
    Count,
    MethodName,
    Name,
    OpenShare,
    Positive,
    Share,
    Strict,
)


class Examples(Strict):
    """How training examples are made from a cue's associations (paper, appendices C, D)."""

    prompt: Name = "complex"
    """A key of the language's `prompts`."""
    per_cue: Count | Literal["auto"] = 1
    """Examples per cue, each with its own list. `auto`, as run: 1,000,000 // number of the
    culture's cues. Not stated in the paper."""
    share: OpenShare | None = None
    """Null: a list is the first associations of its cue, and its length is drawn. A share: it is a
    random part of them of that size, most frequent first; equal ones of a cue count once. The
    bounds are then 10 % around its length n, shifted by 3 % of n up or down, and the keys from
    `min_words` to `round_bounds` have no effect. As run: 0.7."""
    validation: Count | None = None
    """Most validation examples, drawn from those of all validation cues; null: all. As run: 800."""
    min_words: Count = 10
    """Shortest target list drawn (shorter only if the cue has fewer associations). Not stated
    in the paper."""
    max_words: Count = 100
    """Longest target list drawn. Not stated in the paper; its examples print 81 and 84 words."""
    spread: Annotated[int, Field(ge=0)] = 10
    """The bounds in the prompt are drawn up to this far below and above the list's length."""
    round_bounds: Count = 1
    """The bounds are multiples of this. Prompts with equal bounds differ only in the cue, and what
    they share is read once per batch, so round bounds train several times faster."""
    shuffle_cues: bool = False
    """Control: give every list to another cue, so that training teaches only the list format and
    the corpus's most frequent words."""

    @model_validator(mode="after")
    def _min_below_max(self) -> Self:
        if self.min_words > self.max_words:
            raise ValueError(
                f"min_words ({self.min_words}) must not exceed max_words ({self.max_words})"
            )
        return self


class Training(Strict):
    """Supervised training of an adapter, on any kind of examples."""

    kind: str
    """Which stage trains it."""
    label: str
    """Shown in tables as the paper's "M Type"."""
    lora: Lora = Lora()
    """The adapter."""
    learning_rate: Positive = 1.0e-5
    """Peak rate. Paper, table 10."""
    scheduler: Literal["cosine"] = "cosine"
    """Paper, table 10."""
    lora_plus_ratio: Positive = 1.0
    """How many times the rate of A the rate of B is, of an adapter's product BA (LoRA+, Hayou et
    al. 2024); 1: one rate for both. As run: 16; not stated in the paper."""
    warmup_ratio: Share = 0.1
    """Share of the steps with linear warm-up, rounded down to whole steps. Paper, table 10."""
    epochs: Positive = 1.5
    """Passes over the training examples; may be fractional. Paper, table 10."""
    global_batch: Count = 144
    """Examples per optimizer step, over all devices: 18 x 2 x 4 in the paper's table 10. As run:
    32, by the log of the authors' training."""
    devices: Count = 1
    """GPUs that share each optimizer step. Where there are fewer, those make the same updates in
    more time. Paper, section F: four."""
    zero_stage: int = Field(default=0, ge=0, le=3)
    """What is split over several GPUs (DeepSpeed ZeRO): 0 nothing, without DeepSpeed; 1 the
    optimizer's state; 2 also the gradients; 3 also the weights, once they are loaded. Changes
    memory, not the update. Not stated in the paper; LoRA's states are small."""
    micro_batch: Count = 18
    """Most examples per forward pass on one device. Paper, table 10: 18."""
    micro_batch_tokens: Count = 16384
    """Most tokens per forward pass on one device, padding included and a shared prefix counted
    once; a larger micro-batch is split. Fewer where a GPU has no memory for them. Changes memory
    and speed, not the update."""
    max_length: Count = 2048
    """Longest example in tokens; a longer target loses its last words. Paper, table 10."""
    weight_decay: Share = 0.0
    """Not stated in the paper."""
    max_grad_norm: Positive = 1.0
    """Gradient clipping. Not stated in the paper; 1.0 is its library's default."""
    checkpoint_steps: Count = 50
    """Optimizer steps between checkpoints in scratch/."""
    checkpoint_minutes: Positive = 30.0
    """Longest time between two checkpoints, however long the steps take. Ours."""

    @model_validator(mode="after")
    def _batch_divides(self) -> Self:
        share = self.devices * self.micro_batch
        if self.global_batch % share:
            raise ValueError(
                f"global_batch ({self.global_batch}) must be a multiple of "
                f"devices x micro_batch ({self.devices} x {self.micro_batch} = {share})"
            )
        return self


class Sft(Training):
    """Supervised fine-tuning with LoRA (paper, section 3.4 and table 10)."""

    kind: Literal["sft"]
    """Which stage trains it."""
    label: str = "SFT"
    """Shown in tables as the paper's "M Type"."""
    examples: Examples = Examples()
    """The training examples."""


class ClcaSft(Training):
    """LoRA training on role-played dialogues and intents (docs/clca.md); settings as for `sft`
    except `examples`."""

    kind: Literal["clca"]
    """Which stage trains it."""
    label: str = "CLCA"
    """Shown in tables as "M Type"."""
    sides: Literal["both", "first"] = "both"
    """Whose turns are learned: both speakers', or the first's. Published: both."""
    intents: bool = True
    """Also learn intents. Published: yes."""
    associations: MethodName | None = None
    """An SFT method whose associations are learned as well: its examples if `order` is `mixed`,
    its adapter if `sequential`. Null: only role-play."""
    order: Literal["mixed", "sequential"] = "mixed"
    """`mixed`: both kinds of examples in one training. `sequential`: the training continues from
    the SFT method's adapter, whose `lora` must be the same."""

    @model_validator(mode="after")
    def _sequential_needs_a_start(self) -> Self:
        if self.order == "sequential" and self.associations is None:
            raise ValueError("order: sequential needs the SFT method it continues from")
        return self
