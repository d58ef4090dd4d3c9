"""The whole configuration."""

from typing import Annotated

from pydantic import Field

from culturalign.config.clca import Clca, ClcaSft, PromptOnly
from culturalign.config.data import Culture, Data, Language
from culturalign.config.evaluate import Decoding, Evaluation
from culturalign.config.models import Model
from culturalign.config.norms import Norms
from culturalign.config.ppo import Ppo
from culturalign.config.ranking import Ranking
from culturalign.config.sft import Sft
from culturalign.config.strict import MethodName, Name, Seed, Strict
from culturalign.config.survey import Survey


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
    """Prompts the test cues are generated with; the first is the tables'."""
    decodings: list[Name] = Field(min_length=1)
    """Keys of `decodings`; the first is the tables', the others are set beside it."""


class Config(Strict):
    """Everything a run depends on, apart from the data files."""

    run: Run
    data: Data = Data()
    languages: dict[Name, Language]
    cultures: dict[Name, Culture]
    models: dict[Name, Model]
    methods: dict[
        MethodName, Annotated[Sft | Ppo | ClcaSft | PromptOnly, Field(discriminator="kind")]
    ]
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
