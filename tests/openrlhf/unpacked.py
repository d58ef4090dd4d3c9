"""The unpacked wheel of OpenRLHF 0.11.2, and stubs for what its modules import.

``make test-openrlhf`` unpacks the wheel into ``.openrlhf/``, without the packages it needs: they
conflict with ours and need GPUs. A module that is not installed is replaced by an empty one with
the names that are imported from it; whatever a test calls is OpenRLHF's own code.
"""

import importlib.util
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".openrlhf/openrlhf-0.11.2.data/purelib"


def add_stub(name: str, **names: Any) -> ModuleType:
    """Put an empty module of a name into ``sys.modules``, its parents too, with some names."""
    parent = name.rpartition(".")[0]
    if parent and parent not in sys.modules:
        add_stub(parent)
    module = ModuleType(name)
    module.__spec__ = ModuleSpec(name, None, is_package=True)
    module.__path__ = []
    vars(module).update(names)
    sys.modules[name] = module
    if parent:
        setattr(sys.modules[parent], name.rpartition(".")[2], module)
    return module


def add_missing(name: str, **names: Any) -> None:
    """The same, unless the module is installed."""
    top = name.partition(".")[0]
    if top in sys.modules or importlib.util.find_spec(top) is None:
        add_stub(name, **names)


def add_package(name: str) -> None:
    """A package of the wheel without what its ``__init__`` imports; its modules are its own."""
    add_stub(name).__path__ = [str(FOLDER.joinpath(*name.split(".")))]
