"""Every flag we give is known to OpenRLHF's parser and reaches its settings with our value."""

import json
import subprocess
import sys
from functools import reduce
from pathlib import Path

import pytest
import yaml

from culturalign.config.ppo import Ppo
from culturalign.training.openrlhf.command import arguments, flags
from tests import tiny

PATHS = Path("/start"), Path("/scratch")
PAPER = Ppo(
    **yaml.safe_load((tiny.ROOT / "config/paper.yaml").read_text("utf-8"))["methods"]["ppo"]
)


def changed(**changes: object) -> Ppo:
    """The paper's settings with others; refused where a configuration would be."""
    return Ppo(**{**PAPER.model_dump(), **changes})


SETTINGS = {
    "paper": PAPER,
    "entropy": changed(entropy_coef=0.01, temperature=0.7),
    "two GPUs": changed(gpus=2),
    "GPUs apart": changed(critic_gpus=2),
    "unclipped": changed(value_clip=None, adam_offload=False, flash_attention=False, packing=False),
}


def parse(listed: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.openrlhf.parse", *listed]
    return subprocess.run(command, capture_output=True, text=True, cwd=tiny.ROOT)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_flag_is_accepted_with_its_value(name):
    done = parse(arguments(SETTINGS[name], *PATHS, seed=7))
    assert done.returncode == 0, done.stderr
    parsed = json.loads(done.stdout.splitlines()[-1])
    given = flags(SETTINGS[name], *PATHS, seed=7)
    assert len(given) > 50
    for flag, value in given.items():
        found = reduce(lambda node, key: node[key], flag.split("."), parsed["args"])
        expected = list(value) if isinstance(value, tuple) else value
        if flag == "reward.remote_url":
            expected = [value]  # a list after its own checks
        assert found == expected, flag


def test_its_own_checks_find_the_job_coherent():
    parsed = json.loads(parse(arguments(PAPER, *PATHS, seed=7)).stdout.splitlines()[-1])
    assert parsed["engines"] == [2, 2]  # reached only past its checks of the placement
    assert parsed["strategy"]["seed"] == 7
    assert parsed["strategy"]["train_batch_size"] == 32
    assert parsed["args"]["rollout"]["vllm_generate_batch_size"] == 64
    assert parsed["args"]["critic"]["model_name_or_path"] == "/start"


def test_the_layout_of_the_paper_has_one_engine_beside_policy_and_critic():
    options = PAPER.model_copy(update={"critic_gpus": 2, "packing": True})
    parsed = json.loads(parse(arguments(options, *PATHS, seed=7)).stdout.splitlines()[-1])
    assert parsed["engines"] == [1, 2]
    assert not parsed["args"]["train"]["colocate_all"]
    sizes = [parsed["args"][role]["num_gpus_per_node"] for role in ("actor", "ref", "critic")]
    assert sizes == [4, 4, 2]


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (["--pretrain", "/start"], "unrecognized arguments: --pretrain"),
        (["--algo.kl.estimator", "k9"], "invalid choice: 'k9'"),
        (["--vllm.num_engines", "1"], "actor_num_nodes * actor_num_gpus_per_node must be equal"),
        (["--rollout.micro_batch_size", "32"], "number of sample batches must be greater"),
    ],
)
def test_it_is_its_parser_and_its_checks_that_accept(extra, message):
    done = parse([*arguments(PAPER, *PATHS, seed=7), *extra])
    assert done.returncode != 0 and message in done.stderr
