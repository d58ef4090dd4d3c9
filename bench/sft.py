"""SFT beside LLaMA-Factory and trl's packing: one pass over the same tokens, by turns.

Every training is a process of its own in its library's environment; loading the model does not
count. Needs a run's training examples and its unpacked model:

    make bench-sft                              # after make demo
    make bench-sft RUN=scratch/real CULTURE=us  # after make test-real
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from culturalign.config.models import Model
from culturalign.files.jsonl import read_jsonl
from culturalign.models import loading
from culturalign.training.tokenization import encode_example

PEERS = ("ours", "llama-factory", "trl")
ROOT = Path(__file__).resolve().parents[1]


def prepare(arguments: argparse.Namespace, folder: Path) -> Path:
    """Write the examples for every library, and the settings; the settings' path."""
    model = Model(label="m", source=str((arguments.run / "results/models/smollm2/base").resolve()))
    tokenizer = loading.load_tokenizer(model)
    rows = read_jsonl(arguments.run / f"results/data/{arguments.culture}/sft/train.jsonl")
    examples = [
        encode_example(row, tokenizer, model, separator=", ", max_length=2048)
        for row in rows[: arguments.examples]
    ]
    texts = [
        {
            "instruction": tokenizer.decode(list(e.prompt)),
            "input": "",
            "output": tokenizer.decode(list(e.completion)),
        }
        for e in examples
    ]
    (folder / "examples.json").write_text(json.dumps(texts), encoding="utf-8")
    info = {"examples": {"file_name": "examples.json"}}
    (folder / "dataset_info.json").write_text(json.dumps(info), encoding="utf-8")
    settings = {
        "folder": str(folder), "model": model.source, "bf16": arguments.precision == "bf16",
        "rank": 64, "alpha": 256, "batch": 8, "threads": arguments.threads,
        "examples": [(e.prompt, e.completion, e.bounds) for e in examples],
    }  # fmt: skip
    (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    print(f"{len(examples)} examples, {sum(map(len, examples))} tokens", file=sys.stderr)
    return folder / "settings.json"


def measure(peer: str, python: str, settings: Path) -> dict[str, float]:
    """Seconds of one training in its own process."""
    threads = str(json.loads(settings.read_text(encoding="utf-8"))["threads"])
    environment = {**os.environ, "OMP_NUM_THREADS": threads, "DISABLE_VERSION_CHECK": "1"}
    if peer != "ours":
        environment.pop("PYTHONPATH", None)
    command = [python, str(ROOT / "bench/sft_peer.py"), peer, str(settings)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{peer} failed:\n{done.stderr[-2000:]}")
    result: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def main() -> None:
    """Write a row for every training, and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--run", type=Path, default=Path())
    parser.add_argument("--culture", default="demo_a")
    parser.add_argument("--examples", type=int, default=64)
    parser.add_argument("--precision", default="bf16", choices=["bf16", "fp32"])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--peers", nargs="+", default=PEERS, choices=PEERS)
    parser.add_argument("--peer-python", default=sys.executable, help="LLaMA-Factory's and trl's")
    parser.add_argument("--csv", type=Path, default=Path("bench-sft.csv"))
    arguments = parser.parse_args()
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        settings = prepare(arguments, Path(name))
        for turn in range(arguments.turns):
            for peer in arguments.peers:
                python = sys.executable if peer == "ours" else arguments.peer_python
                subprocess.run(["rm", "-rf", f"{name}/scratch", f"{name}/out"], check=True)
                rows.append({"turn": turn, "peer": peer, **measure(peer, python, settings)})
                print(rows[-1], file=sys.stderr, flush=True)
    with arguments.csv.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    for peer in arguments.peers:
        print(f"{peer:14}", *(summary(rows, peer, kind) for kind in ("cpu", "wall")), sep="  ")


def summary(rows: list[dict[str, Any]], peer: str, kind: str) -> str:
    """Median seconds of a library and, turn by turn, their ratio to ours: median and range."""
    found, base = ([r[kind] for r in rows if r["peer"] == name] for name in (peer, "ours"))
    ratios = [a / b for a, b in zip(found, base, strict=True)]
    middle = statistics.median(ratios)
    return (
        f"{kind} {statistics.median(found):.1f} s, {middle:.2f} times ours "
        f"({min(ratios):.2f} to {max(ratios):.2f})"
    )


if __name__ == "__main__":
    main()
