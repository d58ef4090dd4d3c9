"""Resolve every environment against the package index, without installing (make check-envs).

An environment is a conda file here; its pip section is resolved by uv for Python 3.11 on Linux,
with all that the packages bring, from metadata alone: also the CUDA packages of torch, on a machine
without a GPU. ``--write`` notes what was found in ``locks/NAME.txt``, for sites without conda:
pip install -r envs/locks/NAME.txt. A conflict ends with uv's own words and status 1.
"""

import subprocess
import sys
from pathlib import Path

import yaml

HERE = Path(__file__).parent
EXEMPT = ("flash-attn", "flash_attn")
"""Its set-up imports torch before torch is there, so that one cannot even ask what it needs."""
TARGET = ("--python-version", "3.11", "--python-platform", "x86_64-manylinux_2_28")
NOTE = """\
# What envs/{} comes to on Linux, with the CUDA packages of torch; made by envs/check.py --write.
"""


def requirements(file: Path) -> list[str]:
    """The pip section of a conda file."""
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))["dependencies"]
    pip = next((entry["pip"] for entry in entries if isinstance(entry, dict)), [])
    return [line for line in pip if not line.startswith(EXEMPT)]


def resolve(wanted: list[str]) -> list[str]:
    """Exact versions of packages and of all that they bring; ends the process on a conflict."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "-", *TARGET]
    command += ["--no-annotate", "--no-header", "--quiet"]
    done = subprocess.run(
        command, input="\n".join(wanted), capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout.splitlines()


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
