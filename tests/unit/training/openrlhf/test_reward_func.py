import importlib.util
import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import ModuleType

import pytest
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


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("reward_func", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_is_loaded_by_its_path_and_returns_tensors(tmp_path):
    module = load(write(tmp_path))
    label = json.dumps({"candidates": ["a", "b"], "counts": [1, 2], "characters": 1})
    queries = ["?Rank 1: b\nRank 2: a<|end|>", "?none", "broken"]
    found = module.reward_func(queries, ["?"] * 3, [label] * 3)
    assert found["rewards"].tolist() == found["scores"].tolist() == [1, -1, -1]
    assert found["rewards"].dtype == torch.float32
    logs = {name: column.tolist() for name, column in found["extra_logs"].items()}
    assert logs == {"unparsed": [0, 1, 0], "incomplete": [0, 1, 0], "failed": [0, 0, 1]}


def test_it_finds_the_package_through_its_settings(tmp_path):
    script = f"import runpy; runpy.run_path({str(write(tmp_path))!r})"
    # Installed libraries, but no .pth file that would name this package.
    libraries = {"PYTHONPATH": sysconfig.get_path("purelib")}
    subprocess.run([sys.executable, "-S", "-c", script], cwd=tmp_path, env=libraries, check=True)


def test_without_its_settings_it_cannot_be_loaded(tmp_path):
    path = write(tmp_path)
    path.with_name("reward.json").unlink()
    with pytest.raises(FileNotFoundError):
        load(path)
