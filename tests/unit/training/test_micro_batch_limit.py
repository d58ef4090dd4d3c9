"""How many tokens fit, and the limit that is halved."""

import re
from types import SimpleNamespace

import pytest
import torch
from peft import get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config

from culturalign.config.adapters import Lora
from culturalign.errors import UserError
from culturalign.models.lora import lora_config
from culturalign.training import micro_batch_limit
from culturalign.training.batches import collate, halved
from culturalign.training.micro_batch_limit import (
    MicroBatchLimit,
    bytes_per_token,
    fitting_tokens,
    tokens_within,
)
from culturalign.training.tokenization import Encoded
from tests import tiny

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


def test_ppo_keeps_no_logits_of_all_tokens():
    """Measured on layers of Llama-3.1-8B with adapters in all of them, saved tensors counted."""
    measured = 32 * 8_192 + 237_581 + 20_489  # inputs of the layers, one layer, ends
    assert bytes_per_token(LLAMA_8B, recompute=True, logits=False) == pytest.approx(
        measured, rel=0.12
    )


def test_ppo_of_8b_has_room_for_the_longest_answers_on_a_card_of_24_gb(monkeypatch):
    """16.1 GB of weights and 1.3 of adapters are there; 4 of Adam and gradients are to come."""
    adapters = torch.nn.Parameter(torch.empty(2 * 167_772_160, device="meta"))
    model = SimpleNamespace(config=LLAMA_8B, device="cuda", parameters=lambda: [adapters])
    free = 24 * 2**30 - 1_000_000_000 - 16_060_000_000 - 4 * adapters.numel()
    monkeypatch.setattr(micro_batch_limit, "may_run_out", lambda device: True)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (free, 24 * 2**30))
    found = fitting_tokens(model, 16_384, recompute=True, at_once=2**25)
    left = free - 12 * adapters.numel() - 32 * 2**25
    assert found == int(0.9 * left / 462_848) > 2048
    assert fitting_tokens(model, 2048, recompute=True, at_once=2**25) == 2048
    assert fitting_tokens(model, 16_384, recompute=True) < 2048  # were all logits there together


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


def test_the_page_adds_up_the_memory_of_ppo():
    """docs/slurm.md; the weights of LLAMA_8B and of adapters of rank 64 in all linear layers."""
    page = (tiny.ROOT / "docs/slurm.md").read_text(encoding="utf-8")
    with torch.device("meta"):
        base = LlamaForCausalLM(LLAMA_8B)
        weights = base.num_parameters()
        adapted = get_peft_model(base, lora_config(Lora(rank=64), 32))
    adapters = sum(p.numel() for p in adapted.parameters() if p.requires_grad)
    assert f"2 x {adapters:,} weights" in page
    token = 32 * 8_192 + 237_581 + 20_489
    fixed = [2 * weights, 8 * adapters, 16 * adapters, 4 * adapters]
    for column, tokens in enumerate((16_384, 2_048), start=1):
        needed = [*fixed, tokens * token, 32 * 2**25, 1e9]
        rows = re.findall(r"^\| (?:base w|adapters of|their|grad|activ|2\^25|CUDA).*$", page, re.M)
        shown = [row.strip("| ").split(" | ")[column] for row in rows]
        assert shown == [f"{value / 1e9:.1f}" for value in needed]
        (total,) = re.findall(r"^\| together .*$", page, re.M)
        assert total.strip("| ").split(" | ")[column] == f"{sum(needed) / 1e9:.1f}"
