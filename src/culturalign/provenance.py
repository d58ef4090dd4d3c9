"""Provenance of results: commit, package versions, model, settings, hardware."""

import hashlib
import json
import platform
import subprocess
from collections.abc import Iterable, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = (
    "culturalign", "snakemake", "torch", "transformers", "peft", "accelerate", "polars",
    "openrlhf", "vllm", "deepspeed", "ray", "flash-attn",
)  # fmt: skip


def record(**facts: Any) -> dict[str, Any]:
    """A provenance record: the commit, versions and machine type, and the given facts."""
    return {
        "commit": commit(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "packages": versions(),
        **facts,
    }


def write_record(path: Path, **facts: Any) -> None:
    """Write a provenance record as JSON."""
    text = json.dumps(record(**facts), indent=2, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def commit() -> str:
    """Commit of the checkout, with ``-dirty`` if files differ; ``unknown`` without git."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    root = Path(__file__).resolve().parents[2]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def versions() -> dict[str, str]:
    """Installed versions of the packages that affect numbers."""
    found = {}
    for package in PACKAGES:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def digest_of(settings: Mapping[str, Any], files: Iterable[Path] = ()) -> str:
    """SHA-256 of settings, independent of the order of their keys, and the content of files."""
    text = json.dumps(settings, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode())
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()
