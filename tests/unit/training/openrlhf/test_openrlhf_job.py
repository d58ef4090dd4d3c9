import json
from pathlib import Path

import polars as pl
import pytest
import torch

from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.config.ranking import RewardRules
from culturalign.errors import UserError
from culturalign.files.jsonl import write_jsonl
from culturalign.models import loading
from culturalign.training.openrlhf import openrlhf_job
from culturalign.training.ppo.ppo_task import PpoJob
from tests import tiny
from tests.unit.training.openrlhf import standin_program

OPTIONS = Ppo(
    kind="ppo", engine="openrlhf", gpus=2, rollout_batch=4, micro_rollout_batch=2,
    train_batch=4, micro_train_batch=2,
)  # fmt: skip
STAND_IN = standin_program()


def model_at(folder: Path) -> Model:
    return Model(label="Tiny", source=str(folder), precision="fp32")


def run(model: Path, folder: Path, seed: int = 0) -> None:
    write_jsonl(tiny.ranking_examples(6), folder / "train.jsonl")
    job = PpoJob(
        train=folder / "train.jsonl", code=[], model=model_at(model), options=OPTIONS, seed=seed,
        task={"reward": RewardRules().model_dump(), "rules": {"merge_erhua": True}}, threads=1,
        scratch=folder / "scratch", result=folder / "weights", log=folder / "training.parquet",
    )  # fmt: skip
    openrlhf_job.run(job, program=STAND_IN)


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
    assert log["policy_loss"].to_list() == [None, None]  # not printed

    trained = model_at(tmp_path / "weights")
    before, after = loading.load_model(model_at(tiny_model)), loading.load_model(trained)
    torch.testing.assert_close(after.lm_head.weight, before.lm_head.weight + 0.5)
    assert after.config.hidden_size == before.config.hidden_size  # not the trainer's config.json
    assert loading.load_tokenizer(trained).chat_template
    record = json.loads((tmp_path / "weights/provenance.json").read_text())
    assert record["run"] == {"examples": 4, "left_out": 2}
    assert loading.digest(trained, None, after) == loading.weights_digest(tmp_path / "weights")


def test_checkpoints_of_another_job_are_not_continued(tiny_model, tmp_path, monkeypatch):
    monkeypatch.setenv("CULTURALIGN_STOP", "1")
    kept = tmp_path / "scratch/checkpoints/kept"
    for seed, created, remains in ((0, True, True), (0, False, True), (1, False, False)):
        with pytest.raises(UserError):
            run(tiny_model, tmp_path, seed)
        if created:
            kept.touch()
        assert kept.exists() == remains
