"""Speeds that make test-gpu has measured take the place of the assumed ones."""

import json

import pytest

from culturalign.errors import UserError
from culturalign.plan import costs, speeds
from tests.unit.plan.test_costs import PAPER, RUN, job

WHENCE = {"model": "LlamaForCausalLM, 8.03e9 parameters", "gpu": "NVIDIA H100", "commit": "a" * 40}


def written(folder, **values):
    file = folder / "gpu.json"
    measured = {name: {"value": value, **WHENCE} for name, value in values.items()}
    file.write_text(json.dumps({"measured": measured, "passed": {"here": ["test"]}}))
    return speeds.read_record(file).measured


def test_without_a_file_all_is_assumed(tmp_path):
    measured = speeds.read_record(tmp_path / "none.json").measured
    assert speeds.measured_speeds(measured) == speeds.ASSUMED
    assert speeds.describe(measured).count("(assumed, A100)") == 4


def test_a_measured_speed_changes_the_jobs_that_depend_on_it(tmp_path):
    measured = written(tmp_path, training=1e14, loading=60.0, activations=8e6)
    fast = speeds.measured_speeds(measured)
    trained = job("train_sft", gpus=2, method="sft")
    # 1,000 cues, 800 in training, 1.5 passes, 200 tokens of prompt and 55 words of 3 tokens
    by_hand = 60 + 4 * 8e9 * 800 * 1.5 * (200 + 55 * 3) / (2 * 1e14)
    assert costs.seconds(trained, PAPER, {"us": 1000}, fast) == pytest.approx(by_hand)
    answered = job("answer_mcq", arm="vanilla")
    slower = costs.seconds(answered, PAPER, {"us": 1000})
    assert slower - costs.seconds(answered, PAPER, {"us": 1000}, fast) == pytest.approx(180 - 60)


@pytest.mark.parametrize("name", ["reading", "memory"])
def test_twice_the_speed_halves_what_it_is_the_speed_of(tmp_path, name):
    lists = job("generate_associations", arm="vanilla", prompt="complex", decoding="own")

    def took(factor):
        chosen = written(tmp_path, **{name: factor * getattr(speeds.ASSUMED, name), "loading": 1.0})
        return costs.seconds(lists, RUN, {}, speeds.measured_speeds(chosen)) - 1

    rest = 2 * took(2) - took(1)  # of the other speed
    assert took(4) - rest == pytest.approx((took(1) - rest) / 4)
    assert took(1) > took(2) > rest > 0


def test_the_plan_names_gpu_and_model_of_a_measured_speed_beside_the_assumed_one(tmp_path):
    text = speeds.describe(written(tmp_path, training=1.234e14, loading=60.0))
    source = "(measured on NVIDIA H100, LlamaForCausalLM, 8.03e9 parameters, aaaaaaa; assumed "
    assert f"123 TFLOP/s in LoRA training {source}30.3)" in text
    assert f"60 s to load a model {source}180)" in text and text.count("(assumed, A100)") == 2


@pytest.mark.parametrize(
    ("text", "place"),
    [("{", "the file: Invalid JSON"), ('{"measured": {"loading": {"value": 0}}}', "measured.load")],
)
def test_a_broken_file_is_refused(tmp_path, text, place):
    (tmp_path / "gpu.json").write_text(text)
    with pytest.raises(UserError, match=rf"gpu.json: {place}.*make test-gpu writes this file"):
        speeds.read_record(tmp_path / "gpu.json")
