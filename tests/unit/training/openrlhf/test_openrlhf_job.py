import json
import sys
from pathlib import Path

import polars as pl
import pytest
import torch

from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.config.ranking import RewardRules
from culturalign.errors import UserError
from culturalign.models import loading
from culturalign.training.openrlhf import openrlhf_job
from tests import tiny

REWARD_FILE = tiny.ROOT / "src/culturalign/training/openrlhf/reward_func.py"
OPTIONS = Ppo(
    kind="ppo", engine="openrlhf", gpus=2, rollout_batch=4, micro_rollout_batch=2,
    train_batch=4, micro_train_batch=2,
)  # fmt: skip
EXAMPLES = tiny.ranking_examples(6)


def run(model: Path, folder: Path, **changes) -> None:
    given = {
        "examples": EXAMPLES,
        "task": {"reward": RewardRules().model_dump(), "rules": {"merge_erhua": True}},
        "reward_file": REWARD_FILE,
        "inputs": [],
        "model_options": Model(label="Tiny", source=str(model), precision="fp32"),
        "base": None,
        "options": OPTIONS,
        "seed": 0,
        "scratch": folder / "scratch",
        "weights_out": folder / "weights",
        "log_out": folder / "training.parquet",
        "program": (sys.executable, str(Path(__file__).with_name("standin.py"))),
    }
    openrlhf_job.run(**{**given, **changes})


def test_an_interrupted_run_continues_and_leaves_a_model_of_the_projects_kind(
    tiny_model, tmp_path, monkeypatch
):
    monkeypatch.setenv("CULTURALIGN_STOP", "1")
    with pytest.raises(UserError, match="ended with status 1"):
        run(tiny_model, tmp_path)
    assert (tmp_path / "scratch/checkpoints/_actor").is_dir()
    scored = json.loads((tmp_path / "scratch/reward.json").read_text())
    assert scored["options"]["rules"] == {"merge_erhua": True}
    assert not (tmp_path / "weights").exists()

    monkeypatch.delenv("CULTURALIGN_STOP")
    run(tiny_model, tmp_path)
    log = pl.read_parquet(tmp_path / "training.parquet")
    assert log["step"].to_list() == [1, 2]  # the first of them before the interruption
    assert log["reward"].to_list() == [-1, 1]  # the reward file scored the best ranking

    trained = Model(label="Trained", source=str(tmp_path / "weights"), precision="fp32")
    before = loading.load_model(Model(label="T", source=str(tiny_model), precision="fp32"))
    after = loading.load_model(trained)
    torch.testing.assert_close(after.lm_head.weight, before.lm_head.weight + 0.5)
    assert after.config.hidden_size == before.config.hidden_size  # not the trainer's config.json
    assert loading.load_tokenizer(trained).chat_template
    record = json.loads((tmp_path / "weights/provenance.json").read_text())
    assert record["run"] == {"examples": 4, "left_out": 2}
    assert loading.digest(trained, None, after) == loading.weights_digest(tmp_path / "weights")


def test_checkpoints_of_another_job_are_not_continued(tiny_model, tmp_path, monkeypatch):
    monkeypatch.setenv("CULTURALIGN_STOP", "1")
    with pytest.raises(UserError):
        run(tiny_model, tmp_path)
    kept = tmp_path / "scratch/checkpoints/kept"
    kept.touch()
    with pytest.raises(UserError):
        run(tiny_model, tmp_path)
    assert kept.exists()
    with pytest.raises(UserError):
        run(tiny_model, tmp_path, seed=1)
    assert not kept.exists()


def test_weights_that_did_not_change_are_refused(tiny_model, tmp_path, monkeypatch):
    monkeypatch.setenv("CULTURALIGN_CHANGE", "0")
    with pytest.raises(UserError, match="no weight changed"):
        run(tiny_model, tmp_path)
    assert not (tmp_path / "weights").exists()
