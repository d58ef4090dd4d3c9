"""What PPO trains on, in either engine: prompts, and what their rewards need."""

from pathlib import Path
from typing import Any

import polars as pl

from culturalign.config.ppo import Ppo
from culturalign.data.associations import ranked_responses
from culturalign.training.training_job import OptionalPath, TrainingJob


class PpoJob(TrainingJob):
    """A PPO job."""

    associations: OptionalPath = None
    """Human associations, parquet; None for rankings, whose examples hold their own counts."""
    task: dict[str, Any]
    """What the reward depends on besides files: ``rules`` of the normalizer, for rankings
    ``reward``, for lists the ``forms`` of the language."""
    options: Ppo
    """Hyper-parameters."""

    def inputs(self) -> list[Path]:
        """The files that the result depends on."""
        return [self.train, *([self.associations] if self.associations else []), *self.code]

    def human(self) -> dict[str, list[str]]:
        """Cue -> its human associations, if the reward needs them."""
        return ranked_responses(pl.read_parquet(self.associations)) if self.associations else {}
