import pytest
import torch

from culturalign.config.sft import Sft
from culturalign.training.trainer_arguments import training_arguments

OPTIONS = Sft(kind="sft", global_batch=144, micro_batch=18, devices=4, zero_stage=2)


def test_the_trainer_sees_the_planned_steps_and_warms_up_over_their_share(tmp_path):
    found = training_arguments(OPTIONS, 25, 2000, 7, tmp_path, torch.float32)
    assert (found.max_steps, found.warmup_steps) == (25, 2)  # a tenth, rounded down
    assert found.eval_steps == 14  # 2000 / 144: once a pass
    assert found.seed == 7 and not found.bf16


def test_a_single_process_does_not_use_zero(tmp_path):
    found = training_arguments(OPTIONS, 25, 2000, 0, tmp_path, torch.bfloat16)
    assert found.deepspeed is None and found.bf16


def test_ranks_that_have_not_found_each_other_are_refused(tmp_path):
    plain = OPTIONS.model_copy(update={"zero_stage": 0})
    with pytest.raises(RuntimeError, match="started 4 ranks, but the world size is 1"):
        training_arguments(plain, 25, 2000, 0, tmp_path, torch.float32, ranks=4)
