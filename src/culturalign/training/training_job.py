"""What every training job needs, and how it writes its result."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import polars as pl
from pydantic import BeforeValidator, ConfigDict

from culturalign import provenance
from culturalign.artifacts.artifact import Artifact, write_artifact
from culturalign.config.models import Model
from culturalign.config.strict import Strict
from culturalign.models import loading


def _only(given: Any) -> Any:
    return next(iter(given), None) if isinstance(given, list) else given


OptionalPath = Annotated[Path | None, BeforeValidator(_only)]
"""An optional input, which Snakemake gives as a list of one path or none."""


class TrainingJob(Strict):
    """A job that trains a model. Values may be strings, as Snakemake gives them."""

    model_config = ConfigDict(strict=False)

    train: Path
    """Training examples, jsonl."""
    code: list[Path]
    """Source files of the job; a checkpoint made by other code is not continued."""
    model: Model
    """The base model."""
    base: OptionalPath = None
    """Folder of the base weights, unless they are at the model's own source."""
    start: OptionalPath = None
    """Adapter that training starts from; None for a new one."""
    seed: int
    """Determines first weights, order and sampling."""
    threads: int
    """CPU threads of all processes; sums, and so results of equal seeds, depend on them."""
    scratch: Path
    """Folder of the checkpoints; the caller removes it once the result is in place."""
    result: Path
    """Folder for weights and ``provenance.json``."""
    log: Path
    """Training log, parquet."""

    def facts(self, model: Any, **settings: Any) -> dict[str, Any]:
        """What the result depends on besides files, given the loaded base model and settings."""
        return {
            "model": self.model.model_dump(),
            "model_digest": loading.digest(self.model, self.base, model.config),
            "start_digest": loading.weights_digest(self.start) if self.start else None,
            "dtype": str(model.dtype),
            "device": model.device.type,  # each kind has random numbers of its own
            "seed": self.seed,
            "threads": self.threads,
            "packages": provenance.versions(),
            **settings,
        }

    def write_records(
        self, facts: Mapping[str, Any], log: Sequence[Mapping[str, float]], artifact: Artifact
    ) -> None:
        """Write the provenance record and the training log."""
        provenance.write_record(self.result / "provenance.json", **facts)
        write_artifact(pl.DataFrame(log, schema=artifact.schema), self.log, artifact)
