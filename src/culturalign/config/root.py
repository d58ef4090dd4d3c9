"""The whole configuration."""

from collections.abc import Iterator
from typing import Annotated, Any, Self, get_args, get_origin

from pydantic import BeforeValidator, Field, field_validator, model_validator

from culturalign.config.clca import Clca, PromptOnly
from culturalign.config.cross_checks import cross_faults
from culturalign.config.data import Culture, Data, Language
from culturalign.config.evaluate import Decoding, Evaluation
from culturalign.config.language_facts import with_facts
from culturalign.config.models import Model
from culturalign.config.norms import Norms
from culturalign.config.overlay import resolve_like
from culturalign.config.ppo import Ppo
from culturalign.config.published import Published
from culturalign.config.ranking import Ranking
from culturalign.config.sft import ClcaSft, Sft
from culturalign.config.strict import MethodName, Name, Seed, Strict, refusal
from culturalign.config.survey import Survey

Method = Annotated[Sft | Ppo | ClcaSft | PromptOnly | Published, Field(discriminator="kind")]


class Run(Strict):
    """What is built: the grid models x cultures x methods x seeds, by name."""

    models: list[Name] = Field(min_length=1)
    """Keys of `models`."""
    cultures: list[Name] = Field(min_length=1)
    """Keys of `cultures`."""
    methods: list[MethodName] = []
    """Keys of `methods`; the untrained models are always evaluated."""
    seeds: list[Seed] = Field(default=[0], min_length=1)
    """Training is repeated for each; tables show the mean and the spread."""
    prompts: list[Name] = Field(default=["complex"], min_length=1)
    """Prompts that lists are generated with for the test cues; tables use the first."""
    decodings: list[Name] = Field(min_length=1)
    """Keys of `decodings`; tables use the first, and one table compares the others with it."""

    @field_validator("*")
    @classmethod
    def _each_once(cls, values: list[Any]) -> list[Any]:
        if len(values) > len(set(values)):
            raise ValueError(f"{values} names something twice; name each once")
        return values


class Config(Strict):
    """Everything a run depends on, apart from the data files."""

    run: Run
    data: Data = Data()
    languages: Annotated[dict[Name, Language], BeforeValidator(with_facts)]
    cultures: dict[Name, Culture]
    models: dict[Name, Model]
    methods: Annotated[dict[MethodName, Method], BeforeValidator(resolve_like)]
    decodings: dict[Name, Decoding]
    evaluation: Evaluation = Evaluation()
    ranking: Ranking | None = None
    """Without it the run has no ranking task and no multiple-choice questions."""
    survey: Survey | None = None
    """Without it the run has no survey stage."""
    clca: Clca | None = None
    """Without it the run has no role-play, no persona answers and no methods of kind `clca`."""
    norms: Norms | None = None
    """Without it the run has no psycholinguistic attributes."""

    @model_validator(mode="after")
    def _sections_agree(self) -> Self:
        if faults := [*cross_faults(self)]:
            raise refusal(faults)
        return self


def sections(
    kind: Any = Config, place: tuple[str, ...] = ()
) -> Iterator[tuple[type[Strict], tuple[str, ...]]]:
    """Sections of the configuration with their keys, e.g. ``("cultures", "<name>", "keep")``.

    A section may occur several times, and several at one place.
    """
    if isinstance(kind, type) and issubclass(kind, Strict):
        yield kind, place
        for name, field in kind.model_fields.items():
            yield from sections(field.annotation, (*place, name))
    else:
        inside = {dict: ("<name>",), list: ("<n>",)}.get(get_origin(kind), ())
        for option in get_args(kind):
            yield from sections(option, (*place, *inside))
