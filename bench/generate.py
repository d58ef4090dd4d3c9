"""List generation beside plain transformers: the same prompts, weights, type, and greedy decoding.

Plain is what one writes with transformers alone: prompts sorted by length, padded on the left, and
``model.generate`` for each batch. Loading does not count. Needs a finished run:

    make bench-generate   # after make demo
"""

import argparse
import json
import tempfile
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl
import rows

from culturalign.config.evaluate import Decoding
from culturalign.config.models import Model
from culturalign.data.sft_examples import read_prompt
from culturalign.models import chat_template

PLAIN = "transformers"
SFT = "demo_a/sft/seed0/adapter"
CASES = (("", 16), ("", 64), (SFT, 16), (SFT, 64))
"""Adapter, and prompts in a batch."""
CUES, NEW_TOKENS = 64, 64


def prompts_of(run: Path, culture: str, tokenizer: Any, options: Model) -> list[str]:
    """Questions about the first cues of a culture."""
    prompt = read_prompt(
        Path("resources/prompts/en/complex.txt"),
        system="You are a helpful assistant.", separator=", ",
    )  # fmt: skip
    cues = pl.read_parquet(run / f"results/data/{culture}/splits.parquet")["cue"].sort()
    chats = [prompt.messages(cue, 40, 50) for cue in cues.head(CUES)]
    return [chat_template.render(tokenizer, chat, options) for chat in chats]


def plain_answers(model: Any, tokenizer: Any, prompts: list[str], batch: int) -> list[str]:
    """Answers as one gets them with transformers alone."""
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    answers = {}
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        inputs = tokenizer(
            [prompts[i] for i in chosen], padding=True, add_special_tokens=False,
            return_tensors="pt",
        )  # fmt: skip
        found = model.generate(**inputs, do_sample=False, max_new_tokens=NEW_TOKENS)
        new = found[:, inputs["input_ids"].shape[1] :]
        answers |= zip(chosen, tokenizer.batch_decode(new, skip_special_tokens=True), strict=True)
    return [answers[index] for index in range(len(prompts))]


def run_one(options: argparse.Namespace) -> None:
    """In a process of its own: write the answers, and print what they took."""
    import torch

    from culturalign.models import loading
    from culturalign.models.hf_engine import HfEngine

    base = options.run / "results/models/smollm2/base"
    adapter = options.run / "results/models/smollm2" / options.adapter if options.adapter else None
    chosen = Model(label="SmolLM2", source=str(base), precision=options.precision)
    tokenizer = loading.load_tokenizer(chosen)
    prompts = prompts_of(options.run, "demo_a", tokenizer, chosen)
    longest = max(len(ids) for ids in tokenizer(prompts, add_special_tokens=False)["input_ids"])
    if options.one == rows.OURS:
        tokens = options.batch * (longest + NEW_TOKENS)
        engine = HfEngine(chosen, None, adapter, batch_tokens=tokens, threads=1)
        decoding = Decoding(max_new_tokens=NEW_TOKENS)
        taken, found = rows.timed(lambda: [a.text for a in engine.generate(prompts, decoding)])
    else:
        torch.set_num_threads(1)
        model = loading.load_model(chosen, adapter=adapter)
        work = partial(plain_answers, model, tokenizer, prompts, options.batch)
        taken, found = rows.timed(work)
    options.found.write_text(json.dumps(found), encoding="utf-8")
    print(json.dumps(taken))


def compare(adapter: str, batch: int, options: argparse.Namespace, folder: Path) -> None:
    """Measure both by turns, and print how many answers are the same."""
    contenders = rows.alternatives(PLAIN, folder, "--adapter", adapter, "--batch", str(batch))
    size = f"{CUES} lists, {'SFT' if adapter else 'vanilla'}, batch {batch}"
    rows.by_turns("lists", size, contenders, options, {PLAIN: version("transformers")})
    ours, theirs = rows.found_by(PLAIN, folder)
    same = sum(a == b for a, b in zip(ours, theirs, strict=True))
    print(f"{same} of {len(ours)} answers are the same")


def main() -> None:
    """Measure every case, or one contender in this process."""
    parser = rows.arguments(__doc__)
    parser.add_argument("--run", type=Path, default=Path())
    parser.add_argument("--precision", default="bf16", choices=["bf16", "fp32"])
    parser.add_argument("--batch", type=int)
    parser.add_argument("--adapter", default="")
    parser.add_argument("--one", choices=[rows.OURS, PLAIN])
    parser.add_argument("--found", type=Path)
    options = parser.parse_args()
    if options.one:
        run_one(options)
        return
    with tempfile.TemporaryDirectory() as folder:
        for adapter, batch in (
            CASES if options.batch is None else [(options.adapter, options.batch)]
        ):
            compare(adapter, batch, options, Path(folder))


if __name__ == "__main__":
    main()
