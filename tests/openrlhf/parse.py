"""Runs OpenRLHF's own command up to the start of its vLLM engines; prints the parsed settings.

Its parser is under ``if __name__ == "__main__"``, and ``train`` begins with checks of its own;
both run unchanged. Replaced are Ray (no cluster is started), the modules of its actors,
DeepSpeed's strategy, and the function that would start the engines, where this ends.
"""

import importlib
import json
import runpy
import sys
from types import SimpleNamespace
from typing import Any

from tests.openrlhf import unpacked

parsed: dict[str, Any] = {}


class Strategy:
    def __init__(self, **options: Any) -> None:
        parsed["strategy"] = {k: v for k, v in options.items() if k != "args"}
        parsed["args"] = options["args"]

    def print(self, *_: Any) -> None: ...


def start_engines(number: int, tensor_parallel: int, *_: Any, **__: Any) -> None:
    parsed["engines"] = [number, tensor_parallel]
    print(json.dumps(parsed, default=vars))
    sys.exit(0)


sys.path.insert(0, str(unpacked.FOLDER))
unpacked.add_missing("pylatexenc", latex2text=None)
importlib.import_module("openrlhf.utils")  # the wheel's own, with get_strategy
unpacked.add_stub("ray", is_initialized=lambda: True, get=lambda ready: ready)
group = SimpleNamespace(ready=lambda: None)
unpacked.add_stub("ray.util.placement_group", placement_group=lambda *_, **__: group)
unpacked.add_stub("openrlhf.utils.deepspeed", DeepspeedStrategy=Strategy)
unpacked.add_stub("openrlhf.trainer.ray", create_vllm_engines=start_engines)
actors = ("RayActorGroup", "ReferenceModelActor", "RewardModelActor")
unpacked.add_stub("openrlhf.trainer.ray.launcher", **dict.fromkeys(actors))
unpacked.add_stub("openrlhf.trainer.ray.ppo_actor", PolicyModelActor=None)
unpacked.add_stub("openrlhf.trainer.ray.ppo_critic", CriticModelActor=None)
runpy.run_module("openrlhf.cli.train_ppo_ray", run_name="__main__", alter_sys=True)
