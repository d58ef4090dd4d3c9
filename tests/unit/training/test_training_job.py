from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from pydantic import ValidationError

from culturalign import provenance
from culturalign.config.models import Model
from culturalign.training.training_job import TrainingJob

GIVEN = {
    "train": "train.jsonl", "code": ["a.py"], "model": {"label": "Tiny", "source": "tiny"},
    "seed": "3", "threads": 1, "scratch": "scratch", "result": "adapter", "log": "log.parquet",
}  # fmt: skip


def test_a_job_takes_what_snakemake_gives():
    job = TrainingJob(**GIVEN, base=["base"], start=[])
    assert (job.base, job.start, job.seed) == (Path("base"), None, 3)
    assert job.model == Model(label="Tiny", source="tiny")
    with pytest.raises(ValidationError):
        TrainingJob(**GIVEN, unknown=1)


def test_another_device_type_or_setting_is_another_run():
    job, config = TrainingJob(**GIVEN), SimpleNamespace(_commit_hash="abc")

    def digest(device, **settings):
        model = SimpleNamespace(config=config, dtype=torch.float32, device=torch.device(device))
        return provenance.digest_of(job.facts(model, **settings))

    assert digest("cpu", sft=1) == digest("cpu", sft=1)
    assert len({digest("cpu", sft=1), digest("meta", sft=1), digest("cpu", sft=2)}) == 3
