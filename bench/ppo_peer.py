"""Updates by trl's GRPOTrainer, for bench/ppo.py: python bench/ppo_peer.py settings.json.

Runs in trl's own environment: bf16, a LoRA adapter, answers of a fixed length, a pass over the
prompts. The reward costs nothing and is the same for all; advantages are 0, and computed with.
"""

import json
import sys
from pathlib import Path

import torch
import trl.import_utils as known
from datasets import Dataset
from peft import LoraConfig
from rows import peak_mib
from sft_peer import Settings, Stopwatch
from transformers import AutoModelForCausalLM, AutoTokenizer

# trl 0.24 takes what transformers now says of a package, a pair, for its presence.
for name, found in vars(known).copy().items():
    if name.endswith("_available") and isinstance(found, tuple):
        setattr(known, name, found[0])


def train(settings: Settings, watch: Stopwatch) -> None:
    """One pass."""
    from trl import GRPOConfig, GRPOTrainer

    model = AutoModelForCausalLM.from_pretrained(settings["model"], dtype=torch.bfloat16)
    model.warnings_issued = {}  # which transformers no longer has, and trl 0.24 writes to
    arguments = GRPOConfig(
        output_dir=f"{settings['folder']}/out", num_train_epochs=1, report_to="none",
        learning_rate=settings["learning_rate"], lr_scheduler_type="constant", bf16=True,
        use_cpu=True, save_strategy="no", gradient_checkpointing=False, beta=settings["beta"],
        per_device_train_batch_size=settings["batch"], num_generations=settings["same"],
        max_prompt_length=None, max_completion_length=settings["tokens"], logging_steps=1,
        generation_kwargs={"min_new_tokens": settings["tokens"]},
    )  # fmt: skip
    GRPOTrainer(
        model,
        lambda completions, **_: [0.0] * len(completions),
        arguments,
        Dataset.from_list([{"prompt": prompt} for prompt in settings["prompts"]]),
        processing_class=AutoTokenizer.from_pretrained(settings["model"]),
        peft_config=LoraConfig(
            r=settings["rank"], lora_alpha=settings["alpha"], target_modules="all-linear"
        ),
        callbacks=[watch],
    ).train()


def main(path: Path) -> None:
    """Train, and print the seconds as the last line."""
    watch = Stopwatch()
    torch.set_num_threads(1)
    train(json.loads(path.read_text(encoding="utf-8")), watch)
    print("\n" + json.dumps({"cpu": watch.cpu, "wall": watch.wall, "mib": peak_mib()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
