"""OpenRLHF's own modules, for as long as these tests run."""

import importlib
import sys

import pytest

from tests.openrlhf import unpacked

STUBBED = ("openrlhf", "ray", "vllm", "deepspeed", "aiohttp", "datasets")


@pytest.fixture(scope="module", autouse=True)
def openrlhf_modules():
    """Make the wheel importable.

    Stubs replace, where not installed: ray, vllm, deepspeed, aiohttp, pylatexenc, datasets. Always:
    ``openrlhf.models`` (its ``__init__`` imports flash_attn; its modules ``loss`` and ``utils``
    are real) and ``openrlhf.trainer.ray`` (Ray actors).
    """
    if not unpacked.FOLDER.is_dir():
        pytest.skip("The wheel of OpenRLHF is not here; `make test-openrlhf` fetches it.")
    before = set(sys.modules)
    sys.path.insert(0, str(unpacked.FOLDER))
    importlib.import_module("openrlhf.trainer")  # real parents of the stubs
    unpacked.add_missing("ray")
    unpacked.add_missing("vllm", SamplingParams=object)
    unpacked.add_missing("deepspeed")
    unpacked.add_missing("aiohttp")
    unpacked.add_missing("pylatexenc", latex2text=None)
    loaders = ("Dataset", "interleave_datasets", "load_dataset", "load_from_disk")
    unpacked.add_missing("datasets", **dict.fromkeys(loaders))
    unpacked.add_package("openrlhf.models")
    unpacked.add_stub("openrlhf.trainer.ray.launcher", RayActorGroup=object)
    unpacked.add_stub("openrlhf.trainer.ray.vllm_engine", batch_vllm_engine_call=None)
    yield
    sys.path.remove(str(unpacked.FOLDER))
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in STUBBED:
            del sys.modules[name]
