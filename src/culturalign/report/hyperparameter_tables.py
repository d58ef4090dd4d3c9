"""Tables 10 and 11 of the paper, from the configuration."""

from collections.abc import Callable, Mapping
from typing import Any


def _words(method: Mapping[str, Any]) -> str:
    if method["kind"] != "sft":
        return "-"
    if share := method["examples"]["share"]:
        return f"{share:.0%} of the cue's"
    return f"{method['examples']['min_words']} to {method['examples']['max_words']}"


def _adapters(method: Mapping[str, Any]) -> str:
    ratio = method["lora_plus_ratio"]
    return "LoRA" if ratio == 1 else f"LoRA+ (rate of B x {ratio:g})"


def _layers(lora: Mapping[str, Any]) -> str:
    layers = f"last {lora['last_layers']}" if lora["last_layers"] else "all"
    target = lora["target"]
    return layers if isinstance(target, str) else f"{layers}: {', '.join(target)}"


def _power(value: float, form: str) -> str:
    return format(value, form).replace("e-0", "e-")


SFT = {
    "Fine-tuning method": lambda m: _adapters(m),
    "LoRA Rank": lambda m: m["lora"]["rank"],
    "LoRA Alpha": lambda m: m["lora"]["alpha"],
    "LoRA layers": lambda m: _layers(m["lora"]),
    "Learning rate": lambda m: _power(m["learning_rate"], ".1e"),
    "Scheduler": lambda m: f"Cosine (warmup ratio={m['warmup_ratio']:g})",
    "Batch size per GPU": lambda m: m["micro_batch"],
    "Gradient accumulation": lambda m: m["global_batch"] // (m["devices"] * m["micro_batch"]),
    "GPUs": lambda m: m["devices"],
    "Global batch size": lambda m: m["global_batch"],
    "Number of epochs": lambda m: f"{m['epochs']:g}",
    "Precision": lambda m: m["precision"],
    "Max sequence length": lambda m: m["max_length"],
    "Examples per cue": lambda m: m["examples"]["per_cue"] if m["kind"] == "sft" else "-",
    "Words per example": lambda m: _words(m),
}
"""Row of table 10 -> its value; LoRA layers, GPUs, global batch,
and the last two are ours to state."""


def _rate(method: Mapping[str, Any], role: str) -> str:
    lora = "lora_" if method["engine"] == "native" else ""
    return _power(method[f"{lora}{role}_learning_rate"], "g")


def _gpus(method: Mapping[str, Any]) -> str:
    """GPUs of a training with OpenRLHF: shared by all roles, or those of each."""
    if method["critic_gpus"] is None:
        return str(method["gpus"])
    own = f"critic {method['critic_gpus']}, vLLM {method['vllm_tensor_parallel']}"
    return f"policy and reference {method['gpus']}, {own}"


def _unless_native(value: Callable[[Mapping[str, Any]], Any]) -> Callable[[Mapping[str, Any]], Any]:
    """A setting that the native engine does not use."""
    return lambda m: "-" if m["engine"] == "native" else value(m)


PPO = {
    "Actor learning rate": lambda m: _rate(m, "actor"),
    "Critic learning rate": lambda m: _rate(m, "critic"),
    "Initial KL coefficient": lambda m: m["init_kl_coef"],
    "Micro train batch size": lambda m: m["micro_train_batch"],
    "Train batch size": lambda m: m["train_batch"],
    "Micro rollout batch size": lambda m: m["micro_rollout_batch"],
    "Rollout batch size": lambda m: m["rollout_batch"],
    "Max training samples": lambda m: f"{m['max_samples']:,}",
    "Max epochs": lambda m: m["epochs"],
    "Prompt max length": lambda m: m["prompt_max_length"],
    "Generation max length": lambda m: m["generation_max_length"],
    "Zero optimization stage": _unless_native(lambda m: m["zero_stage"]),
    "Precision": lambda m: m["precision"],
    "Gradient checkpointing": lambda m: "Enabled" if m["gradient_checkpointing"] else "Disabled",
    "Optimizer offload": _unless_native(lambda m: "Adam offload" if m["adam_offload"] else "None"),
    "Attention implementation": _unless_native(
        lambda m: "Flash attention" if m["flash_attention"] else "Default"
    ),
    "VLLM tensor parallel size": _unless_native(lambda m: m["vllm_tensor_parallel"]),
    "Engine": lambda m: m["engine"],
    "GPUs": _unless_native(_gpus),
    "Fine-tuning method": lambda m: (
        f"LoRA, rank {m['lora']['rank']}" if m["engine"] == "native" else "all parameters"
    ),
    "Start": lambda m: m["start"],
    "Rollout batches": lambda m: m["updates"] or "one pass",
}
"""Row of table 11 -> its value; the last five are ours to state."""
ROWS = {"sft": SFT, "ppo": PPO}
KINDS = {"sft": ("sft", "clca"), "ppo": ("ppo",)}
"""Kinds of methods in a table; role-play trains as SFT does."""


def hyperparameter_rows(methods: Mapping[str, Mapping[str, Any]], kind: str) -> list[list[str]]:
    """Rows ``name, value of each method``, for the methods of a kind.

    Controls, which only differ in their data, are left out.
    """
    shown = chosen(methods, kind)
    return [
        [name, *(str(value(methods[method])) for method in shown)]
        for name, value in ROWS[kind].items()
    ]


def chosen(methods: Mapping[str, Mapping[str, Any]], kind: str) -> list[str]:
    """Names of the methods that a table shows."""
    return [
        name
        for name, method in methods.items()
        if method["kind"] in KINDS[kind] and not method.get("examples", {}).get("shuffle_cues")
    ]
