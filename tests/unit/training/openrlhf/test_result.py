from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from culturalign.errors import UserError
from culturalign.training.openrlhf import result


def model(folder: Path, **shards: dict[str, torch.Tensor]) -> Path:
    folder.mkdir()
    for name, tensors in shards.items():
        save_file(tensors, folder / f"{name}.safetensors")
    for name in ("config.json", "tokenizer.json", "digest.json", "modeling.py"):
        (folder / name).write_text(folder.name)
    return folder


ONE, TWO = torch.ones(2, 3), torch.ones(4)


def test_weights_come_from_the_output_and_the_rest_from_the_start(tmp_path):
    start = model(tmp_path / "start", a={"x": ONE}, b={"y": TWO})
    output = model(tmp_path / "output", all={"x": ONE, "y": TWO + 1})
    result.collect(output, start, tmp_path / "weights")
    found = {path.name: path for path in (tmp_path / "weights").iterdir()}
    assert set(found) == {"all.safetensors", "config.json", "tokenizer.json"}
    assert found["config.json"].read_text() == "start"


def test_an_embedding_that_is_also_the_head_may_be_written_once(tmp_path):
    start = model(tmp_path / "start", a={"x": ONE, "lm_head.weight": ONE.clone()})
    result.check(model(tmp_path / "output", a={"x": ONE + 1}), start)


@pytest.mark.parametrize(
    ("tensors", "problem"),
    [
        ({}, "saved no weights"),
        ({"x": ONE + 1}, "tensor y has shape None"),
        ({"x": ONE + 1, "y": torch.ones(5)}, r"tensor y has shape \(5,\)"),
        ({"x": ONE, "y": TWO}, "no weight changed"),
    ],
)
def test_weights_of_another_model_or_none_or_the_same_are_refused(tmp_path, tensors, problem):
    start = model(tmp_path / "start", a={"x": ONE, "y": TWO})
    output = model(tmp_path / "output", **({"a": tensors} if tensors else {}))
    with pytest.raises(UserError, match=problem):
        result.check(output, start)
