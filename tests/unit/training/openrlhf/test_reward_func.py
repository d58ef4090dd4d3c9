import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import torch

from culturalign.config.ranking import RewardRules
from tests import tiny

SOURCE = tiny.ROOT / "src"


def write(folder: Path, **changes: object) -> Path:
    settings = {
        "source": str(SOURCE),
        "task": "ranking",
        "options": {"reward": RewardRules().model_dump(), "rules": {}},
        "special_tokens": ["<|end|>"],
    }
    (folder / "reward.json").write_text(json.dumps({**settings, **changes}))
    return Path(shutil.copy(SOURCE / "culturalign/training/openrlhf/reward_func.py", folder))


def test_it_is_loaded_by_its_path_and_returns_tensors(tmp_path):
    spec = importlib.util.spec_from_file_location("reward_func", write(tmp_path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    label = json.dumps({"candidates": ["a", "b"], "counts": [1, 2], "characters": 1})
    queries = ["?Rank 1: b\nRank 2: a<|end|>", "?none", "broken"]
    found = module.reward_func(queries, ["?"] * 3, [label] * 3)
    assert found["rewards"].tolist() == found["scores"].tolist() == [1, -1, -1]
    assert found["rewards"].dtype == torch.float32
    logs = {name: column.tolist() for name, column in found["extra_logs"].items()}
    assert logs == {"unparsed": [0, 1, 0], "incomplete": [0, 1, 0], "failed": [0, 0, 1]}


def test_it_finds_the_package_where_nothing_else_names_it(tmp_path):
    script = f"import runpy; runpy.run_path({str(write(tmp_path))!r})"
    done = subprocess.run(
        [sys.executable, "-S", "-c", script], capture_output=True, text=True, cwd=tmp_path
    )
    # Without site-packages torch is the first thing missing, not the package.
    assert "No module named 'torch'" in done.stderr


def test_without_its_settings_it_cannot_be_loaded(tmp_path):
    path = write(tmp_path)
    (tmp_path / "reward.json").unlink()
    script = f"import runpy; runpy.run_path({str(path)!r})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode != 0 and "reward.json" in done.stderr
