import json

import polars as pl
import pytest

from culturalign.artifacts.training_logs import PPO_LOG
from culturalign.config.adapters import Lora
from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.config.ranking import RewardRules
from culturalign.errors import UserError
from culturalign.files.jsonl import write_jsonl
from culturalign.training.ppo import ppo_job
from culturalign.training.ppo.ppo_task import PpoJob
from tests import tiny

OPTIONS = Ppo(
    kind="ppo", lora=Lora(rank=2, alpha=4), rollout_batch=2, micro_rollout_batch=2, train_batch=2,
    micro_train_batch=2, updates=2, checkpoint_updates=1, generation_max_length=3,
    gradient_checkpointing=False,
)  # fmt: skip


def run(model, folder, options=OPTIONS):
    write_jsonl(tiny.ranking_examples(2), folder / "train.jsonl")
    job = PpoJob(
        train=folder / "train.jsonl", code=[], options=options, seed=0, threads=1,
        task={"rules": {}, "reward": RewardRules().model_dump()},
        model=Model(label="Tiny", source=str(model), precision="fp32"),
        scratch=folder / "scratch", result=folder / "adapter", log=folder / "training.parquet",
    )  # fmt: skip
    ppo_job.run(job)
    return json.loads((folder / "adapter/provenance.json").read_text())


def test_a_job_leaves_its_adapter_and_a_whole_log_and_continues_only_itself(tiny_model, tmp_path):
    facts = run(tiny_model, tmp_path)
    assert (tmp_path / "adapter/adapter_model.safetensors").is_file()
    assert pl.read_parquet(tmp_path / "training.parquet").schema == PPO_LOG.schema
    assert (facts["seed"], facts["run"]["updates"]) == (0, 2)
    assert run(tiny_model, tmp_path)["run"]["resumed_from_update"] == 1
    changed = OPTIONS.model_copy(update={"clip": 0.1})
    assert run(tiny_model, tmp_path, changed)["run"]["resumed_from_update"] == 0


def test_missing_vllm_is_reported_before_anything_is_loaded(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    wanted = OPTIONS.model_copy(update={"rollouts": "vllm"})
    with pytest.raises(UserError, match="vLLM, which is not installed; set it to hf, or see docs"):
        run("nowhere", tmp_path, wanted)
