"""A small SFT job on the tiny model, and what came of it."""

import json
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import psutil
import torch
from polars.testing import assert_frame_equal
from safetensors.torch import load_file

from culturalign.config.adapters import Lora
from culturalign.config.models import Model
from culturalign.config.sft import Sft
from culturalign.files.jsonl import write_jsonl
from culturalign.training import sft_job
from tests import tiny

OPTIONS = Sft(
    kind="sft",
    lora=Lora(rank=2, alpha=4),
    learning_rate=0.01,
    epochs=2,
    devices=2,
    global_batch=6,
    micro_batch=3,
    micro_batch_tokens=150,  # some steps give one rank more micro-batches than the other
    checkpoint_steps=100,
)


def example(index: int) -> dict[str, Any]:
    """Lists of 1 to 5 words: their lengths differ."""
    rng = random.Random(index)
    words = ["".join(rng.choices("abcdefg", k=4)) for _ in range(1 + index % 5)]
    content = f"Associations of {'x' * (index % 3)}{index}"
    return {
        "messages": [{"role": "user", "content": content}],
        "words": words,
        "lower": 1 + index % 2,
        "upper": 5,
    }


def make(folder: Path, precision: str = "fp32", **changes: Any) -> sft_job.Job:
    """A job of 13 examples, so that the third step of a pass has one: one rank is idle."""
    folder.mkdir()
    write_jsonl(map(example, range(13)), folder / "train.jsonl")
    write_jsonl(map(example, range(20, 23)), folder / "validation.jsonl")
    source = str(tiny.save_model(folder / "model"))
    return sft_job.Job(
        train=folder / "train.jsonl",
        validation=folder / "validation.jsonl",
        model=Model(label="Tiny", source=source, precision=precision),
        base=None,
        start=None,
        options=OPTIONS.model_copy(update=changes),
        separator=", ",
        code=[],
        seed=0,
        threads=1,
        scratch=folder / "scratch",
        result=folder / "adapter",
        log=folder / "training.parquet",
    )


def trained(job: sft_job.Job) -> tuple[dict[str, Any], pl.DataFrame, dict[str, Any]]:
    """Weights of the adapter, the log, facts of the run."""
    record = json.loads((job.result / "provenance.json").read_text())
    weights = load_file(job.result / "adapter_model.safetensors")
    return weights, pl.read_parquet(job.log), record["run"]


def assert_same(expected: tuple, found: tuple) -> None:
    """The trajectory and the adapter are the same but for the order of sums."""
    assert_frame_equal(expected[1], found[1], rel_tol=1e-4, abs_tol=1e-6)
    torch.testing.assert_close(found[0], expected[0], rtol=1e-3, atol=1e-5)


def ranks() -> list[psutil.Process]:
    """The training processes that this one has started, by rank."""
    found = {}
    for process in psutil.Process().children(recursive=True):
        try:
            found[process.environ()["RANK"]] = process
        except (psutil.Error, KeyError):
            continue
    return [found[rank] for rank in sorted(found)]


def meanwhile(
    ready: Callable[[], bool], act: Callable[[], None], *, within: float = 120, every: float = 0.1
) -> list[float]:
    """Do something once something else is the case; returns a list that gets the time of it.

    Args:
        ready: Whether it is the case.
        act: What to do.
        within: Seconds after which it gives up.
        every: Seconds between two looks.
    """
    when: list[float] = []

    def wait() -> None:
        for _ in range(int(within / every)):
            if ready():
                when.append(time.monotonic())
                return act()
            time.sleep(every)

    threading.Thread(target=wait, daemon=True).start()
    return when
