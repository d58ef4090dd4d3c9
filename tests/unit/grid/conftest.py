"""Grids of the shipped configurations, with changes."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from culturalign.config.load import load
from culturalign.config.overlay import merge
from culturalign.grid.grid import Grid
from tests.tiny import ROOT


def read(name: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / "config" / name).read_text(encoding="utf-8"))


@pytest.fixture
def bilingual(grid) -> Callable[..., Grid]:
    """Build the grid of a demo whose second culture is the Mandarin one."""

    def build(*overlays: str, **changes: Any) -> Grid:
        both = {"run": {"cultures": ["demo_a", "demo_zh"]}, "evaluation": {"swapped": False}}
        return grid(*overlays, "demo_zh.yaml", **merge(both, changes))

    return build


@pytest.fixture
def grid(tmp_path, monkeypatch) -> Callable[..., Grid]:
    """Build the grid of the default and of the overlays named, in an empty working directory."""
    monkeypatch.chdir(tmp_path)

    def build(*overlays: str, **changes: Any) -> Grid:
        config = read("config.yaml")
        for overlay in [*map(read, overlays), changes]:
            config = merge(config, overlay)
        return Grid(load(config), ROOT)

    return build
