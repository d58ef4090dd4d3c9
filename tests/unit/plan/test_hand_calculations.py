"""Five jobs of the paper as run, worked out by hand; docs/slurm.md prints them beside the plan."""

import re

import pytest

from culturalign.plan import costs
from tests import tiny
from tests.unit.plan.test_costs import RUN, configuration, job

PAGE = (tiny.ROOT / "docs/slurm.md").read_text(encoding="utf-8")
LOADING = 180


@pytest.mark.parametrize(
    ("chosen", "by_hand"),
    [
        # 696,389 examples, 1.5 passes, 200 tokens of prompt and 0.7 x 113 words of 3 tokens;
        # 4 FLOPs a parameter; four A100s at 9.7 %
        (job("train_sft", 4, method="sft"),
         696_389 * 1.5 * 437.3 * 4 * 8e9 / (4 * 312e12 * 0.097)),
        # 0.7 x 12,282 cues, 6 questions each; 712 tokens; 6 FLOPs for three models that read, 2 x 8
        # for two that learn; 64 at a time, 512 steps that read 14 GB from four memories
        (job("train_ppo_openrlhf", 4, model="qwen", method="ppo"),
         51_584.4 * 712 * 7e9 * 22 / (4 * 312e12 * 0.35) + 51_584.4 / 64 * 512 * 0.005),
        # 1,228 cues, 64 at a time, 180 steps that read 16 GB in 23 ms; 380 tokens to read
        (job("generate_associations", arm="vanilla", prompt="complex", decoding="own"),
         1228.2 / 64 * 180 * 16e9 / (2e12 * 0.35) + 2 * 8e9 * 1228.2 * 380 / (312e12 * 0.35)),
        # a tenth of the questions of PPO, 64 at a time, 512 steps; 712 tokens to read
        (job("generate_rankings", arm="vanilla"),
         5158.44 / 64 * 512 * 16e9 / (2e12 * 0.35) + 2 * 8e9 * 5158.44 * 712 / (312e12 * 0.35)),
        # 221 questions in one order, 300 tokens
        (job("answer_survey", 4, model="llama70b", arm="vanilla", language="en"),
         2 * 70e9 * 221 * 300 / (4 * 312e12 * 0.35)),
    ],
    ids=lambda value: value.rule if hasattr(value, "rule") else f"{value / 3600:.2f} h",
)  # fmt: skip
def test_a_job_of_the_paper_takes_the_time_worked_out_by_hand(chosen, by_hand):
    assert costs.seconds(chosen, RUN, {}) == pytest.approx(LOADING + by_hand, rel=1e-4)
    printed = re.search(rf"^\| `{chosen.rule}`, .* \| ([0-9.]+) \|$", PAGE, re.MULTILINE)
    assert printed[1] == f"{by_hand / 3600:.2f}"


def test_what_vllm_saves_of_an_update_of_native_ppo_is_what_the_page_says():
    # 64 responses of 200 and 512 tokens, 18 FLOPs a parameter; 512 steps, 64 at a time
    work, step = 64 * 712 * 8e9 * 18 / (312e12 * 0.35), 16e9 / (2e12 * 0.35)
    hf, vllm = work + 512 * 0.03, work + 512 * step
    for rollouts, by_hand in (("hf", hf), ("vllm", vllm)):
        changes = {"ppo-native": {"updates": 1, "rollouts": rollouts, "micro_rollout_batch": 64}}
        config = configuration("written", "sound", methods=changes)
        found = costs.seconds(job("train_ppo", method="ppo-native"), config, {}) - LOADING
        assert found == pytest.approx(by_hand)
    slow = work + 512 * 0.06
    pairs = [f"{each - vllm:.0f} of {each:.0f}" for each in (hf, slow)]
    assert f"saves {pairs[0]} seconds of an update" in PAGE and f"it would be {pairs[1]}." in PAGE


def test_the_memory_of_native_ppo_on_the_page_adds_up():
    rows = re.findall(r"^\| (.*) \| ([\d.]+) \| ([\d.]+) \|$", PAGE.split("in GB. This")[1], re.M)
    *parts, (_, large, small) = [row for row in rows if row[0]]
    table = [[float(row[column]) for row in parts] for column in (1, 2)]
    assert [sum(each) for each in table] == [
        pytest.approx(float(x), abs=0.11) for x in (large, small)
    ]
    adapter = 32 * 64 * (2 * 8192 + 2 * 5120 + 3 * 18432)  # q and o, k and v, the three of the MLP
    assert parts[1][0].endswith(f"2 x {adapter:,} weights in fp32")
    exact = [16.06, 8 * adapter / 1e9, 16 * adapter / 1e9, 4 * adapter / 1e9, 0.52e-3 * 16_384]
    assert table[0][:5] == [pytest.approx(value, abs=0.06) for value in exact]
    assert float(small) < 24 * 2**30 / 1e9 < 25.8
    twice = float(large) + table[0][0] + table[0][-1]  # weights and CUDA of vLLM
    assert "48.4 GB before" in PAGE and twice == pytest.approx(48.4, abs=0.11)
