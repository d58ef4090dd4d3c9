"""What every comparison measures and writes: rows of runs/bench/*.csv, for bench/table.py.

A contender runs in a process of its own and prints what it took as its last line. Processor seconds
are user and system time of all threads and of child processes; memory is the peak of the process.
"""

import argparse
import csv
import json
import os
import platform
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

Taken = dict[str, float]
"""``cpu`` and ``wall``, seconds; ``mib``, peak memory."""
Found = TypeVar("Found")
OURS = "ours"


def processor_seconds() -> float:
    """User and system time of this process and of its children that ended."""
    usages = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def timed(work: Callable[[], Found]) -> tuple[Taken, Found]:
    """What some work takes in this process, and its result."""
    cpu, wall = processor_seconds(), time.perf_counter()
    found = work()
    taken = {"cpu": processor_seconds() - cpu, "wall": time.perf_counter() - wall}
    return {**taken, "mib": peak_mib()}, found


def peak_mib() -> float:
    """Peak memory of this process; ``ru_maxrss`` begins at its parent's (getrusage(2))."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = re.search(r"^VmHWM:\s+(\d+)", status, re.MULTILINE)
    return int(peak[1]) / 1024 if peak else 0.0


def child(*command: str, own: bool = True) -> Taken:
    """Run a contender with one thread, and read its last line; ``own``: with our packages."""
    threads = ("OMP_NUM_THREADS", "POLARS_MAX_THREADS")
    environment = {**os.environ, **dict.fromkeys(threads, "1"), "DISABLE_VERSION_CHECK": "1"}
    if not own:
        environment.pop("PYTHONPATH", None)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    taken: Taken = json.loads(done.stdout.strip().splitlines()[-1])
    return taken


def alternatives(peer: str, folder: Path, *case: str) -> dict[str, Callable[[], Taken]]:
    """Ours and a peer, each as this script run with ``--one NAME --found FILE``.

    Args:
        peer: Its name.
        folder: Where each writes what it found, to a file of its name.
        case: Further arguments.
    """
    again = sys.executable, *sys.argv, *case
    return {
        name: partial(child, *again, "--one", name, "--found", str(folder / name))
        for name in (OURS, peer)
    }


def found_by(peer: str, folder: Path) -> list[Any]:
    """What ours and a peer found."""
    return [json.loads((folder / name).read_text(encoding="utf-8")) for name in (OURS, peer)]


def arguments(description: str | None, turns: int = 3) -> argparse.ArgumentParser:
    """A parser with the options that every comparison has."""
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument("--turns", type=int, default=turns)
    parser.add_argument("--round", type=int, default=1, help="1, then 2 about an hour later")
    return parser


def by_turns(
    what: str,
    size: str,
    contenders: Mapping[str, Callable[[], Taken]],
    options: argparse.Namespace,
    versions: Mapping[str, str] | None = None,
) -> None:
    """Measure ours and its peers by turns, and write a row for every turn and peer.

    Args:
        what: What is compared.
        size: On how much; rows name a precision that is not bf16 beside it.
        contenders: Name -> its measurement; ``ours`` is one of them.
        options: Of :func:`arguments`.
        versions: Peer -> its version.
    """
    precision = getattr(options, "precision", "bf16")
    size += f", {precision}" if precision != "bf16" else ""
    rows = []
    for turn in range(1, options.turns + 1):
        found = {name: measure() for name, measure in contenders.items()}
        print(what, size, found, file=sys.stderr, flush=True)
        for peer in [name for name in found if name != OURS] or [""]:
            theirs = found.get(peer, {})
            rows.append(
                {
                    **{"what": what, "size": size, "peer": peer},
                    "version": (versions or {}).get(peer, ""),
                    **{"round": options.round, "turn": turn},
                    **{f"ours_{kind}": round(value, 3) for kind, value in found[OURS].items()},
                    **{f"peer_{k}": round(theirs[k], 3) if theirs else "" for k in found[OURS]},
                    "ratio": round(theirs["cpu"] / found[OURS]["cpu"], 3) if theirs else "",
                    **{"machine": machine(), "at": time.strftime("%F %H:%M", time.gmtime())},
                }
            )
    _write(rows, what, size, options.round)


def _write(rows: list[dict[str, Any]], what: str, size: str, round_: int) -> None:
    """Write rows to a file that another run of the same round replaces."""
    name = f"{what} {size} {rows[0]['peer']} {round_}"
    name = re.sub(r"\W+", "-", name).strip("-").lower()
    path = Path(f"runs/bench/{name}.csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def machine() -> str:
    """Model of the processor, and the number of its cores."""
    model = re.search(r"^model name\s*: (.+)", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return f"{model[1] if model else platform.processor()}, {os.cpu_count()} cores"
