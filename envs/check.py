"""Resolve every environment against the package index, without installing (make check-envs).

An environment is a conda file here; its pip section is resolved for Python 3.11 on Linux, with all
that the packages bring. ``--write`` notes what was found in ``locks/NAME.txt``, for sites without
conda: pip install -r envs/locks/NAME.txt. A conflict ends with pip's own words and status 1.
"""

import json
import subprocess
import sys
from pathlib import Path

import yaml

HERE = Path(__file__).parent
EXEMPT = ("flash-attn", "flash_attn")
"""Its set-up imports torch before torch is there, so that pip cannot even ask what it needs."""

NOTE = """\
# What envs/{} comes to on Linux; made by envs/check.py --write where pip
# finds a CPU build of torch: the CUDA packages of a GPU build come with it, unpinned.
"""


def requirements(file: Path) -> list[str]:
    """The pip section of a conda file."""
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))["dependencies"]
    pip = next((entry["pip"] for entry in entries if isinstance(entry, dict)), [])
    return [line for line in pip if not line.startswith(EXEMPT)]


def resolve(wanted: list[str]) -> list[str]:
    """Exact versions of packages and of all that they bring; ends the process on a conflict."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet"]
    command += ["--disable-pip-version-check", "--report", "-", *wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found = [entry["metadata"] for entry in json.loads(done.stdout)["install"]]
    # Without a label such as +cpu: which build of torch there is depends on the machine.
    pinned = (f"{meta['name']}=={meta['version'].partition('+')[0]}" for meta in found)
    return sorted(pinned, key=str.lower)


def main(arguments: list[str]) -> None:
    """Resolve the environments named, or all."""
    names = [name for name in arguments if not name.startswith("-")]
    for file in sorted(HERE.glob("*.yaml")):
        if names and file.stem not in names:
            continue
        pinned = resolve(requirements(file))
        print(f"{file.name}: {len(pinned)} packages, no conflict", flush=True)
        if "--write" in arguments:
            text = NOTE.format(file.name) + "\n".join(pinned) + "\n"
            (HERE / "locks").mkdir(exist_ok=True)
            (HERE / "locks" / f"{file.stem}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
