"""Five jobs of the paper as run, worked out by hand; docs/slurm.md prints them beside the plan."""

import re

import pytest

from culturalign.plan import costs
from tests import tiny
from tests.unit.plan.test_costs import RUN, job

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
