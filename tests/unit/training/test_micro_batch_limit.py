"""How many tokens fit, and the limit that is halved."""

import pytest
import torch
from transformers import LlamaConfig, Qwen2Config

from culturalign.errors import UserError
from culturalign.training.batches import collate, halved
from culturalign.training.micro_batch_limit import MicroBatchLimit, bytes_per_token, tokens_within
from culturalign.training.tokenization import Encoded

LLAMA_8B = LlamaConfig(
    hidden_size=4096, intermediate_size=14336, num_hidden_layers=32, num_attention_heads=32,
    num_key_value_heads=8, vocab_size=128256,
)  # fmt: skip
QWEN_7B = Qwen2Config(
    hidden_size=3584, intermediate_size=18944, num_hidden_layers=28, num_attention_heads=28,
    num_key_value_heads=4, vocab_size=152064,
)  # fmt: skip


@pytest.mark.parametrize(("config", "measured"), [(LLAMA_8B, 8.18e6), (QWEN_7B, 7.79e6)])
def test_the_estimate_is_within_five_percent_of_what_was_measured(config, measured):
    assert bytes_per_token(config) == pytest.approx(measured, rel=0.05)


def test_activations_that_are_computed_again_leave_the_inputs_of_the_layers():
    # 32 layers x 8192 bytes, one layer of 20 x 4096 + 8 x 14336 + 4 x 1024, 12 x 128256
    assert bytes_per_token(LLAMA_8B, recompute=True) == 262_144 + 200_704 + 1_539_072


def test_what_a_gpu_of_80_gb_has_room_for():
    # 85 GB less 16 GB of weights and 2 GB of Adam: 134 GB of 16,384 tokens did not fit.
    assert tokens_within(67 * 10**9, 8_180_000) == 7371
    assert tokens_within(-1, 8_180_000) == 1


def test_the_longest_example_of_one_gpu_fits_into_24_gb():
    """config/one_gpu.yaml: Qwen2.5-1.5B in bf16, examples of 2,048 tokens."""
    shape = Qwen2Config(
        hidden_size=1536, intermediate_size=8960, num_hidden_layers=28, num_attention_heads=12,
        num_key_value_heads=2, vocab_size=151936,
    )  # fmt: skip
    each = bytes_per_token(shape)
    # 28 layers of 20 x 1536 + 8 x 8960 + 4 x 256, and 12 x 151936: 4.7 MB
    assert each == 28 * 103_424 + 1_823_232
    # 24 GB less 3 GB of weights, 1 GB of Adam and 1 GB that CUDA itself takes
    assert tokens_within(19 * 10**9, each) > 2048


def test_the_limit_is_halved_until_it_fits_and_stays():
    limit, tried, cleared = MicroBatchLimit(1000), [], []

    def work(most: int) -> str:
        tried.append(most)
        if most > 300:
            raise torch.OutOfMemoryError
        return "done"

    assert limit.redo(work, lambda: cleared.append(len(tried)), longest=100) == "done"
    assert (tried, cleared, limit.tokens) == ([1000, 500, 250], [1, 2], 250)


def test_other_errors_are_not_caught_and_a_single_example_is_not_cut():
    limit = MicroBatchLimit(64)
    with pytest.raises(ZeroDivisionError):
        limit.redo(lambda most: 1 // 0, lambda: None, longest=8)
    with pytest.raises(UserError, match="90 tokens"):
        limit.redo(lambda most: (_ for _ in ()).throw(torch.OutOfMemoryError), lambda: None, 90)


def test_a_halved_batch_has_the_rows_of_the_whole_and_its_prefix():
    examples = [Encoded((1, 2, 3, 20 + i), (40, 41 + i), (1, 5)) for i in range(5)]
    batch = collate(examples, pad=0, window=None)  # 3 shared tokens, 5 rows of 3
    assert halved(batch, 18) == [batch]
    parts = halved(batch, 9)
    assert [len(part["input_ids"]) for part in parts] == [2, 2, 1]
    assert all(torch.equal(part["prefix_ids"], batch["prefix_ids"]) for part in parts)
    for name in ("input_ids", "attention_mask", "position_ids", "labels"):
        assert torch.equal(torch.cat([part[name] for part in parts]), batch[name])
