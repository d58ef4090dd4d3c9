"""SFT beside LLaMA-Factory and trl's packing: one pass over the same tokens, by turns.

Every training is a process of its own in its library's environment; loading the model does not
count. Needs a run's training examples and its unpacked model:

    make bench-sft                              # after make demo
    make bench-sft RUN=scratch/real CULTURE=us  # after make test-real
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import rows

from culturalign.config.models import Model
from culturalign.files.jsonl import read_jsonl
from culturalign.models import loading
from culturalign.training.tokenization import encode_example

PEERS = ("llama-factory", "trl")
CASES: tuple[tuple[int, tuple[str, ...]], ...] = ((149, PEERS[:1]), (16, PEERS))
"""Examples, and whom ours is compared with."""
ROOT = Path(__file__).resolve().parents[1]


def prepare(arguments: argparse.Namespace, count: int, folder: Path) -> Path:
    """Write the examples for every library, and the settings; the settings' path."""
    model = Model(label="m", source=str((arguments.run / "results/models/smollm2/base").resolve()))
    tokenizer = loading.load_tokenizer(model)
    read = read_jsonl(arguments.run / f"results/data/{arguments.culture}/sft/train.jsonl")
    examples = [
        encode_example(row, tokenizer, model, separator=", ", max_length=2048)
        for row in read[:count]
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
        "rank": 64, "alpha": 256, "batch": 8, "threads": 1,
        "examples": [(e.prompt, e.completion, e.bounds) for e in examples],
    }  # fmt: skip
    (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    print(f"{len(examples)} examples, {sum(map(len, examples))} tokens", file=sys.stderr)
    return folder / "settings.json"


def main() -> None:
    """Measure every case."""
    parser = rows.arguments(__doc__)
    parser.add_argument("--run", type=Path, default=Path())
    parser.add_argument("--culture", default="demo_a")
    parser.add_argument("--examples", type=int)
    parser.add_argument("--precision", default="bf16", choices=["bf16", "fp32"])
    parser.add_argument("--peers", nargs="+", choices=PEERS)
    parser.add_argument("--peer-python", default=sys.executable, help="LLaMA-Factory's and trl's")
    options = parser.parse_args()
    cases = CASES if options.examples is None else [(options.examples, options.peers or PEERS)]
    versions = {peer: version_of(peer, options.peer_python) for peer in PEERS}
    for examples, peers in cases:
        with tempfile.TemporaryDirectory() as name:
            settings = prepare(options, examples, Path(name))
            contenders = {peer: partial(measure, peer, options, settings) for peer in peers}
            contenders = {rows.OURS: partial(measure, rows.OURS, options, settings), **contenders}
            rows.by_turns("SFT", f"{examples} examples", contenders, options, versions)


def measure(peer: str, options: argparse.Namespace, settings: Path) -> rows.Taken:
    """One training in its own process and environment."""
    for made in ("scratch", "out"):
        shutil.rmtree(settings.parent / made, ignore_errors=True)
    ours = peer == rows.OURS
    python = sys.executable if ours else options.peer_python
    return rows.child(python, str(ROOT / "bench/sft_peer.py"), peer, str(settings), own=ours)


def version_of(package: str, python: str) -> str:
    """Version of a package in another environment."""
    found = f"from importlib.metadata import version; print(version('{package.replace('-', '')}'))"
    done = subprocess.run([python, "-c", found], capture_output=True, text=True, check=False)
    return done.stdout.strip()


if __name__ == "__main__":
    main()
