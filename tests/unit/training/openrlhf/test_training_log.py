from culturalign.training.openrlhf.training_log import read_log

FIRST = (
    "(PPOTrainer pid=11) INFO 11-21 09:00:00 ppo_trainer.py:481] ✨ Global step 1: "
    "{'policy_loss': -0.0123, 'kl': 1.5e-05, 'ppo_clip_ratio': 0.25, 'critic_loss': inf, "
    "'rollout/reward_mean': -0.5, 'rollout/response_length_mean': 61.0, 'unparsed': 0.75, "
    "'incomplete': 0.875, 'entropy_loss': nan, 'failed': 0.0}\n"
)
AGAIN = "Global step 2: {'kl': 0.2, 'rollout/reward_mean': 0.125}\n"


def test_numbers_of_each_update_are_read_under_our_names():
    first, second = read_log(["loading\n", FIRST, AGAIN])
    assert first["step"] == 1 and first["reward"] == -0.5 and first["kl"] == 1.5e-5
    assert first["clip_fraction"] == 0.25 and first["unparsed"] == 0.75
    assert first["incomplete"] == 0.875
    assert first["value_loss"] == float("inf") and first["entropy"] != first["entropy"]
    assert second["reward"] == 0.125 and "policy_loss" not in second


def test_a_step_done_again_after_an_interruption_counts_as_done_last():
    log = read_log([FIRST, AGAIN, AGAIN.replace("0.125", "0.25")])
    assert [(row["step"], row["reward"]) for row in log] == [(1, -0.5), (2, 0.25)]
    assert read_log(["error\n"]) == []
