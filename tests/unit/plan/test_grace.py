"""Whether a training can save itself between SIGTERM and the end of its time, by the plan."""

import re

import pytest
import yaml

from culturalign.plan import costs, sft_plan, speeds
from tests import tiny
from tests.unit.plan.test_costs import PAPER, RUN, configuration, job

DEFAULTS = yaml.safe_load((tiny.ROOT / "slurm/profile.yaml").read_text())["default-resources"]
GRACE = int(re.search(r"--signal=TERM@(\d+)", DEFAULTS["slurm_extra"])[1])
MARGIN = 3
"""The constants of the plan were not measured."""


@pytest.mark.parametrize("model", ["llama", "qwen"])
@pytest.mark.parametrize("culture", ["us", "cn"])
def test_an_update_of_ppo_fits_into_the_grace(model, culture):
    one = configuration("written", "sound", methods={"ppo-native": {"updates": 1}})
    chosen = job("train_ppo", method="ppo-native", model=model, culture=culture)
    update = costs.seconds(chosen, one, {}) - speeds.START
    assert update > 60  # so that the test can fail
    assert MARGIN * update < GRACE


@pytest.mark.parametrize("config", [RUN, PAPER], ids=["as run", "sound"])
def test_a_step_of_sft_and_a_pass_over_the_validation_fit_into_the_grace(config):
    method, cues = config.methods["sft"], costs.cues(config, "cn", {})
    chosen = job("train_sft", 4, method="sft", culture="cn")
    training = costs.seconds(chosen, config, {}) - speeds.START
    plan = sft_plan.plan_sft(config, "cn", method, cues)
    share = config.data.split.validation / config.data.split.train
    examples = method.examples.validation or share * plan.examples
    tokens = examples * plan.tokens / plan.examples / method.epochs
    validation = 2 * 8e9 * tokens / (speeds.PEAK * speeds.BUSY_SFT * 4)
    assert MARGIN * (training / plan.steps + validation) < GRACE


@pytest.mark.parametrize("config", [RUN, PAPER], ids=["as run", "sound"])
@pytest.mark.parametrize("culture", ["us", "cn"])
def test_openrlhf_which_does_not_save_itself_loses_less_than_half_of_its_updates(config, culture):
    method, cues = config.methods["ppo"], costs.cues(config, culture, {})
    examples = config.data.split.train * cues * config.ranking.per_cue
    assert method.engine == "openrlhf" and method.updates is None  # one pass
    assert 2 * method.checkpoint_updates < examples / method.rollout_batch
