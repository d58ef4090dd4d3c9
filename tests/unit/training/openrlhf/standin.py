"""Stands in for OpenRLHF in tests of the job.

It reads the same arguments, scores one response with the reward file and writes changed weights.
``CULTURALIGN_STOP`` lets it fail after its checkpoint, ``CULTURALIGN_HANG`` stay within it.
"""

import importlib.util
import json
import os
import shutil
import sys
import time
from pathlib import Path

given = sys.argv[1:]
options = {
    given[i]: given[i + 1] for i in range(len(given) - 1) if not given[i + 1].startswith("--")
}
checkpoint = Path(options["--ckpt.path"]) / "_actor"
resumed = checkpoint.is_dir()
if resumed and not (checkpoint / "latest").is_file():
    raise KeyError("episode")  # as OpenRLHF
if os.environ.get("CULTURALIGN_HANG"):
    (checkpoint / "global_step1").mkdir(parents=True)
    time.sleep(600)
for role in ("_actor", "_critic"):  # as OpenRLHF, which names the last tag in a file
    (checkpoint.parent / role / "global_step1").mkdir(parents=True, exist_ok=True)
    (checkpoint.parent / role / "latest").write_text("global_step1")
if not resumed:
    print("INFO ✨ Global step 1: {'rollout/reward_mean': -1.0, 'kl': 0.0}", flush=True)
if os.environ.get("CULTURALIGN_STOP"):
    sys.exit("out of memory")

from safetensors.torch import load_file, save_file  # noqa: E402  # slow to import

spec = importlib.util.spec_from_file_location("reward_func", options["--reward.remote_url"])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
row = json.loads(Path(options["--data.prompt_dataset"]).read_text("utf-8").splitlines()[0])
known = json.loads(row["label"])
best = sorted(
    known["candidates"], key=lambda word: -known["counts"][known["candidates"].index(word)]
)
ranked = "\n".join(f"Rank {n}: {word}" for n, word in enumerate(best, start=1))
found = module.reward_func([row["prompt"] + ranked + "<|end|>"], [row["prompt"]], [row["label"]])
print(f"INFO ✨ Global step 2: {{'rollout/reward_mean': {found['rewards'].item()}}}", flush=True)

start, output = Path(options["--actor.model_name_or_path"]), Path(options["--ckpt.output_dir"])
shutil.copytree(start, output)
weights = load_file(start / "model.safetensors")
save_file(
    {name: tensor + 0.5 for name, tensor in weights.items()},
    output / "model.safetensors",
    metadata={"format": "pt"},
)
(output / "config.json").write_text('{"trained": true}')
