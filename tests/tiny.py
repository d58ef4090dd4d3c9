"""A random Llama of under one million parameters, and small worlds for it; no network."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = (
    "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def build_tokenizer() -> Any:
    """A byte-level tokenizer: every byte is a token, so every text can be written."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {"<|end|>": 0, "<|system|>": 1, "<|user|>": 2, "<|assistant|>": 3}
    vocabulary |= {char: index for index, char in enumerate(alphabet, start=4)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<|end|>", "<|system|>", "<|user|>", "<|assistant|>"])
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<|end|>", pad_token="<|end|>", padding_side="left"
    )
    fast.chat_template = TEMPLATE
    return fast


def build_model(vocabulary: int = 260, seed: int = 0, **changes: Any) -> Any:
    """A random Llama: 2 layers, width 32, unless its configuration is to be another."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    settings = {
        "vocab_size": vocabulary,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 4096,
        "bos_token_id": 0,
        "eos_token_id": 0,
        "pad_token_id": 0,
    }
    return LlamaForCausalLM(LlamaConfig(**{**settings, **changes}))


def save_model(folder: Path) -> Path:
    """Save the random model and its tokenizer as an ordinary model folder."""
    tokenizer = build_tokenizer()
    tokenizer.save_pretrained(folder)
    build_model(len(tokenizer)).save_pretrained(folder)
    return folder


def save_model_without_system_role(folder: Path) -> Path:
    """Save the random model with a chat template that refuses a system message."""
    save_model(folder)
    refusal = "{{ raise_exception('System role not supported') }}"
    refused = "{% if messages[0]['role'] == 'system' %}" + refusal + "{% endif %}"
    tokenizer = build_tokenizer()
    tokenizer.chat_template = refused + TEMPLATE
    tokenizer.save_pretrained(folder)
    return folder


def ranking_examples(count: int) -> list[dict[str, Any]]:
    """Ranking prompts of as many cues, with three candidates each."""
    return [
        {
            "cue": f"cue{n}",
            "candidates": ["b", "a", "c"],
            "counts": [3, 7, 1],
            "messages": [{"role": "user", "content": f"Rank the words of cue{n}."}],
        }
        for n in range(count)
    ]


def overlay(model: Path, **changes: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration on top of the default: the tiny model, few steps, short answers."""
    base: dict[str, Any] = {
        "run": {"models": ["tiny"]},
        "models": {"tiny": {"label": "Tiny", "source": str(model), "precision": "fp32"}},
        "data": {"split_halves": 3},
        "methods": {
            "sft": {
                "learning_rate": 0.01,
                "epochs": 1,
                "global_batch": 8,
                "micro_batch": 8,
                "checkpoint_steps": 2,
                "lora": {"rank": 2, "alpha": 4, "last_layers": 1},
                "examples": {"min_words": 3, "max_words": 5},
            },
            "ppo": {
                "lora": {"rank": 2, "alpha": 4, "last_layers": 1},
                "rollout_batch": 4,
                "micro_rollout_batch": 4,
                "train_batch": 4,
                "micro_train_batch": 4,
                "updates": 6,
                "checkpoint_updates": 1,
                "prompt_max_length": 4000,  # a byte is a token
                "generation_max_length": 12,
            },
        },
        "decodings": {
            "distinct": {"max_new_tokens": 24},
            "greedy": {"max_new_tokens": 24},
            "ranking": {"max_new_tokens": 12},
            "brief": {"max_new_tokens": 12},
        },
        "evaluation": {"resamples": 200, "swapped": False},
    }
    return _merge(base, changes)


def bilingual() -> dict[str, Any]:
    """An overlay that makes the demo's second culture the one that answers in Mandarin."""
    settings = yaml.safe_load((ROOT / "config/demo_zh.yaml").read_text(encoding="utf-8"))
    own = {"run": {"cultures": ["demo_a", "demo_zh"]}, "evaluation": {"swapped": False}}
    return _merge(settings, own)


def _merge(base: Any, over: Any) -> Any:
    if not (isinstance(base, Mapping) and isinstance(over, Mapping)):
        return over
    return {**base, **{key: _merge(base.get(key), value) for key, value in over.items()}}


def write_config(path: Path, settings: Mapping[str, Any]) -> Path:
    """Write a configuration file."""
    path.write_text(yaml.safe_dump(dict(settings), allow_unicode=True), encoding="utf-8")
    return path


def copy_of_repository(target: Path) -> Path:
    """A copy whose files a test may change."""
    target.mkdir()
    for name in ("workflow", "src", "config", "envs", "resources", "profiles"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Snakefile", target)
    return target
