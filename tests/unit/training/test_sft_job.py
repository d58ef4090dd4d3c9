"""CLCA's training on dialogues, alone or from the adapter of an SFT method, and little memory."""

import pytest
import torch

from culturalign.clca.clca_examples import dialogue_examples, intent_examples
from culturalign.config.sft import ClcaSft
from culturalign.files.jsonl import write_jsonl
from culturalign.training import sft_job, sft_trainer
from culturalign.training.sft_trainer import completion_loss
from tests import jobs
from tests.unit.clca.scripted import TALK, materials

SETTINGS = jobs.OPTIONS.model_dump(exclude={"kind", "label", "examples"}) | {
    "devices": 1, "max_length": 4096, "micro_batch": 2, "micro_batch_tokens": 8000,
}  # fmt: skip
ROUTES = {
    "clca": ClcaSft(kind="clca", **SETTINGS),
    "sft-clca": ClcaSft(kind="clca", **SETTINGS, associations="sft", order="sequential"),
}


def examples(numbers: range) -> list[dict]:
    """Both turns of each dialogue, and the intent of the second."""
    found = []
    for number in numbers:
        first, second = TALK["turns"]
        talk = {**TALK, "turns": [{**first, "text": "tea " * number}, second]}
        intents = [{"id": TALK["id"], "turn": 1, "intent": f"To accept {number} cups."}]
        found += dialogue_examples(talk, materials(), "both")
        found += intent_examples(talk, intents, materials())
    return found


@pytest.fixture(scope="module")
def sft(tmp_path_factory) -> sft_job.Job:
    """A job of an SFT method, which has its adapter."""
    job = jobs.make(tmp_path_factory.mktemp("sft") / "job", devices=1)
    sft_job.run(job)
    return job


@pytest.mark.parametrize("route", ROUTES)
def test_memory_that_runs_out_does_not_change_a_training_on_dialogues(
    tmp_path, monkeypatch, sft, route
):
    write_jsonl(examples(range(1, 5)), tmp_path / "train.jsonl")
    write_jsonl(examples(range(5, 6)), tmp_path / "validation.jsonl")

    def run(name):
        job = sft.model_copy(update={
            "train": tmp_path / "train.jsonl", "validation": tmp_path / "validation.jsonl",
            "options": ROUTES[route], "start": sft.result if route == "sft-clca" else None,
            "scratch": tmp_path / f"{name}-scratch", "result": tmp_path / name,
            "log": tmp_path / f"{name}.parquet",
        })  # fmt: skip
        sft_job.run(job)
        return jobs.trained(job)

    whole, sizes = run("whole"), []

    def scarce(model, batch):
        sizes.append(len(batch["input_ids"]))
        loss = completion_loss(model, batch)
        if len(sizes) == 3:
            loss.backward()  # what it has added to the gradients by then must not count
            raise torch.OutOfMemoryError
        return loss

    monkeypatch.setattr(sft_trainer, "completion_loss", scarce)
    cut = run("cut")
    assert sizes[:3] == [2, 2, 2]  # the third of a step of six
    assert (whole[2]["micro_batch_tokens"], cut[2]["micro_batch_tokens"]) == (8000, 4000)
    jobs.assert_same(whole, cut)
