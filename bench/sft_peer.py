"""One training by one library, for bench/sft.py: seconds, and the tokens of its examples.

    python bench/sft_peer.py ours|llama-factory|trl settings.json

Runs in the library's own environment. LLaMA-Factory and trl get what a user would choose on this
machine: bf16, fused attention, no gradient checkpointing.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import torch
from rows import peak_mib, processor_seconds
from transformers import TrainerCallback

Settings = dict[str, Any]


class Stopwatch(TrainerCallback):
    """Processor and wall seconds between the begin and the end of a training."""

    def on_train_begin(self, *_: Any, **__: Any) -> None:
        """Start."""
        self.cpu, self.wall = processor_seconds(), time.perf_counter()

    def on_train_end(self, *_: Any, **__: Any) -> None:
        """Stop."""
        self.cpu, self.wall = processor_seconds() - self.cpu, time.perf_counter() - self.wall


def common(settings: Settings) -> Settings:
    """What LLaMA-Factory and trl take alike."""
    return {
        "output_dir": f"{settings['folder']}/out", "num_train_epochs": 1, "learning_rate": 2e-3,
        "lr_scheduler_type": "cosine", "bf16": settings["bf16"], "use_cpu": True, "seed": 0,
        "gradient_accumulation_steps": 1, "save_strategy": "no", "report_to": "none",
        "logging_steps": 1,
    }  # fmt: skip


def llama_factory(settings: Settings, watch: Stopwatch) -> None:
    """LLaMA-Factory on prompts that are already rendered."""
    from llamafactory.train.tuner import run_exp

    run_exp(
        {
            **common(settings), "model_name_or_path": settings["model"], "stage": "sft",
            "do_train": True, "finetuning_type": "lora", "lora_rank": settings["rank"],
            "lora_alpha": settings["alpha"], "lora_target": "all", "template": "empty",
            "dataset": "examples", "dataset_dir": settings["folder"], "cutoff_len": 2048,
            "disable_gradient_checkpointing": True, "preprocessing_num_workers": 1,
            "per_device_train_batch_size": settings["batch"], "overwrite_output_dir": True,
        },
        callbacks=[watch],
    )  # fmt: skip


def trl(settings: Settings, watch: Stopwatch) -> None:
    """trl's SFTTrainer with packing: about as many examples a step, which see each other."""
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import AutoModelForCausalLM
    from trl import SFTConfig, SFTTrainer

    rows = json.loads(Path(settings["folder"], "examples.json").read_text(encoding="utf-8"))
    rows = [{"prompt": row["instruction"], "completion": row["output"]} for row in rows]
    dtype = torch.bfloat16 if settings["bf16"] else torch.float32
    model = AutoModelForCausalLM.from_pretrained(settings["model"], dtype=dtype)
    lora = LoraConfig(r=settings["rank"], lora_alpha=settings["alpha"], target_modules="all-linear")
    arguments = SFTConfig(
        **common(settings), packing=True, packing_strategy="wrapped", max_length=2048,
        per_device_train_batch_size=1, gradient_checkpointing=False,
    )  # fmt: skip
    SFTTrainer(
        model, arguments, train_dataset=Dataset.from_list(rows), peft_config=lora,
        callbacks=[watch],
    ).train()  # fmt: skip


def ours(settings: Settings, watch: Stopwatch) -> None:
    """The whole of ``train``, its validation on one example included."""
    from culturalign.config.adapters import Lora
    from culturalign.config.models import Model
    from culturalign.config.sft import Sft
    from culturalign.models import loading
    from culturalign.training.sft_trainer import train
    from culturalign.training.tokenization import Encoded

    precision = "bf16" if settings["bf16"] else "fp32"
    model = loading.load_model(Model(label="m", source=settings["model"], precision=precision))
    examples = [Encoded(*map(tuple, example)) for example in settings["examples"]]
    batch = settings["batch"]
    options = Sft(
        kind="sft", lora=Lora(rank=settings["rank"], alpha=settings["alpha"]), epochs=1,
        learning_rate=2e-3, global_batch=batch, micro_batch=batch, micro_batch_tokens=2048,
    )  # fmt: skip
    watch.on_train_begin()
    train(
        model, examples, examples[:1], options, pad=0, seed=0,
        scratch=Path(settings["folder"], "scratch"), fingerprint="bench",
    )  # fmt: skip
    watch.on_train_end()


def main(peer: str, path: Path) -> None:
    """Train, and print the seconds as the last line."""
    settings, watch = json.loads(path.read_text(encoding="utf-8")), Stopwatch()
    torch.set_num_threads(settings["threads"])
    {"ours": ours, "llama-factory": llama_factory, "trl": trl}[peer](settings, watch)
    print("\n" + json.dumps({"cpu": watch.cpu, "wall": watch.wall, "mib": peak_mib()}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
