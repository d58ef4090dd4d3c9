import json

import polars as pl
import pytest

from culturalign.artifacts.training_logs import PPO_LOG
from culturalign.config.adapters import Lora
from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.config.ranking import RewardRules
from culturalign.errors import UserError
from culturalign.training import checkpoints
from culturalign.training.ppo import ppo_job
from culturalign.training.ppo.environment import ranking_reward_fn
from tests import tiny

OPTIONS = Ppo(
    kind="ppo", lora=Lora(rank=2, alpha=4), rollout_batch=2, micro_rollout_batch=2, train_batch=2,
    micro_train_batch=2, updates=2, checkpoint_updates=1, generation_max_length=3,
    gradient_checkpointing=False,
)  # fmt: skip
EXAMPLES = tiny.ranking_examples(2)


def run(model, folder, options=OPTIONS):
    ppo_job.run(
        examples=EXAMPLES, reward_fn=ranking_reward_fn(RewardRules()), task={}, inputs=[],
        model_options=Model(label="Tiny", source=str(model), precision="fp32"), base=None,
        start=None, options=options, seed=0, threads=1, scratch=folder / "scratch",
        adapter_out=folder / "adapter", log_out=folder / "training.parquet",
    )  # fmt: skip
    return json.loads((folder / "adapter/provenance.json").read_text())


def test_a_job_leaves_its_adapter_and_a_whole_log(tiny_model, tmp_path):
    facts = run(tiny_model, tmp_path)
    assert (tmp_path / "adapter/adapter_model.safetensors").is_file()
    assert pl.read_parquet(tmp_path / "training.parquet").schema == PPO_LOG.schema
    assert (facts["seed"], facts["run"]["updates"]) == (0, 2)


def test_a_checkpoint_of_another_kind_of_device_is_not_continued(tiny_model, tmp_path, monkeypatch):
    device = run(tiny_model, tmp_path)["device"]
    assert run(tiny_model, tmp_path)["run"]["resumed_from_update"] == 1
    usual = checkpoints.fingerprint

    def elsewhere(facts, files):
        assert facts["device"] == device
        return usual({**facts, "device": "another"}, files)

    monkeypatch.setattr(checkpoints, "fingerprint", elsewhere)
    assert run(tiny_model, tmp_path)["run"]["resumed_from_update"] == 0


def test_vllm_that_is_wanted_and_not_installed_is_told_before_anything_is_loaded(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    wanted = OPTIONS.model_copy(update={"rollouts": "vllm"})
    with pytest.raises(UserError, match="vLLM, which is not installed; set it to hf, or see docs"):
        run("nowhere", tmp_path, wanted)
