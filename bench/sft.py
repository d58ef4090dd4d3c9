"""SFT throughput: ours compared with plain padded batches of the same data with all logits.

Both train the same adapter on the same examples for one pass, alternating in one process; the
ratio is what to read. Needs the data and the unpacked model of `make demo`:

    .venv/bin/python bench/sft.py demo_a
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from peft import get_peft_model
from torch.nn.functional import cross_entropy

from culturalign.config.adapters import Lora
from culturalign.config.models import Model
from culturalign.config.sft import Examples, Sft
from culturalign.files.jsonl import read_jsonl
from culturalign.models import loading
from culturalign.models.lora import lora_config
from culturalign.training import grouped_attention, sft_trainer
from culturalign.training.batches import collate, cost, micro_batches, padding_share, plan_steps
from culturalign.training.lora_layers import fuse
from culturalign.training.tokenization import Encoded, encode_example

OPTIONS = Sft(
    kind="sft", lora=Lora(rank=16, alpha=32), examples=Examples(), global_batch=8, micro_batch=8,
    micro_batch_tokens=2048,
)  # fmt: skip


def plain_loss(model: Any, examples: Sequence[Encoded], pad: int) -> torch.Tensor:
    """Right-padded batch, logits of every position, loss on the completion."""
    longest = max(len(example) for example in examples)
    ids = torch.full((len(examples), longest), pad)
    mask, labels = torch.zeros_like(ids), torch.full_like(ids, -100)
    for row, example in enumerate(examples):
        tokens = torch.tensor([*example.prompt, *example.completion])
        ids[row, : len(tokens)], mask[row, : len(tokens)] = tokens, 1
        labels[row, len(example.prompt) : len(tokens)] = tokens[len(example.prompt) :]
    logits = model(input_ids=ids, attention_mask=mask, use_cache=False).logits
    return cross_entropy(
        logits[:, :-1].flatten(0, 1).float(), labels[:, 1:].flatten(), reduction="sum"
    )


def plain_groups(count: int) -> list[list[int]]:
    """Examples in file order, eight at a time."""
    return [list(range(count))[start : start + 8] for start in range(0, count, 8)]


def timed(model: Any, losses: Sequence[Callable[[], torch.Tensor]], dtype: torch.dtype) -> float:
    """Seconds of forward and backward of each loss."""
    start = time.perf_counter()
    for loss in losses:
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=dtype == torch.bfloat16):
            value = loss()
        value.backward()
        model.zero_grad()
    return time.perf_counter() - start


def main() -> None:
    """Print tokens per second, share of padding, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("culture")
    parser.add_argument("--examples", type=int, default=48)
    arguments = parser.parse_args()
    base = Path("results/models/smollm2/base")
    options = Model(label="SmolLM2", source=str(base))
    tokenizer, model = loading.load_tokenizer(options), loading.load_model(options)
    dtype, separator = model.dtype, "，" if arguments.culture.endswith("cn") else ", "
    rows = read_jsonl(Path(f"results/data/{arguments.culture}/sft/train.jsonl"))
    examples = [
        encode_example(row, tokenizer, options, separator=separator, max_length=2048)
        for row in rows[: arguments.examples]
    ]
    grouped_attention.choose(model)
    adapted = get_peft_model(model, lora_config(OPTIONS.lora, model.config.num_hidden_layers))
    model, pad = adapted.train(), tokenizer.pad_token_id
    fuse(model)
    steps = plan_steps(examples, global_batch=8, epochs=1, seed=0)
    ours = [
        g
        for step in steps
        for g in micro_batches(step, examples, max_examples=8, max_tokens=2048, window=None)
    ]
    plain = plain_groups(len(examples))
    tokens = sum(len(example) for example in examples)

    def our_losses(groups: Sequence[Sequence[int]]) -> list[Callable[[], torch.Tensor]]:
        batches = [collate([examples[i] for i in group], pad, None) for group in groups]
        return [partial(sft_trainer.completion_loss, model, batch) for batch in batches]

    def plain_losses(groups: Sequence[Sequence[int]]) -> list[Callable[[], torch.Tensor]]:
        chosen = [[examples[i] for i in group] for group in groups]
        return [partial(plain_loss, model, part, pad) for part in chosen]

    timed(model, our_losses(ours[:1]) + plain_losses(plain[:1]), dtype)  # warm-up
    seconds = {"ours": 0.0, "plain": 0.0}
    for name, make, groups in (("plain", plain_losses, plain), ("ours", our_losses, ours)):
        seconds[name] = timed(model, make(groups), dtype)
    longest = [max(len(examples[i]) for i in group) * len(group) for group in plain]
    result = {
        "examples": len(examples),
        "tokens": tokens,
        "threads": torch.get_num_threads(),
        "dtype": str(dtype),
        "ours_tokens_per_s": tokens / seconds["ours"],
        "plain_tokens_per_s": tokens / seconds["plain"],
        "ratio": seconds["plain"] / seconds["ours"],
        "ours_padding": padding_share(ours, examples, None),
        "plain_padding": 1 - tokens / sum(longest),
        "ours_tokens_read": sum(cost([examples[i] for i in group], None) for group in ours),
        "plain_tokens_read": sum(longest),
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
