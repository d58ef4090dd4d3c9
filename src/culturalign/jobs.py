"""What every job entry needs: a log, readable errors, outputs that are complete or absent."""

import errno
import gc
import os
import shutil
import sys
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import Any, TextIO, cast

from culturalign.errors import UserError

DISK = {
    errno.ENOSPC: "no space is left on the disk; free some",
    errno.EDQUOT: "your disk quota is used up; free some space",
    errno.EROFS: "the disk is read-only; work in a folder that can be written",
    errno.EACCES: "permission is denied; correct it or work in a folder of your own",
}
"""Faults of a disk, and the remedy."""
LOG_ONLY = "CULTURALIGN_LOG_ONLY"
"""Environment variable: if it is set, jobs write to their logs and not to the console."""
MESSAGES = {"No space left on device": errno.ENOSPC, "quota exceeded": errno.EDQUOT}
"""Libraries that write without Python's own files (safetensors, parquet) give only a text."""

if hasattr(sys.modules["__main__"], "snakemake"):  # the entry of a job, which imports this first
    gc.disable()  # for its imports, which leave no garbage: a quarter of their time


class _Tee:
    """Standard error, copied into the job's log as far as the disk permits."""

    def __init__(self, console: TextIO, log: TextIO) -> None:
        self.console, self.log = console, log

    def write(self, text: str) -> int:
        self.console.write(text)
        with suppress(OSError):
            self.log.write(text)
            self.log.flush()
        return len(text)

    def close(self) -> None:
        with suppress(OSError):
            self.log.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.console, name)


@contextmanager
def logged(path: str) -> Iterator[None]:
    """Copy standard error and output to a log file; end the process with status 1 on an error.

    On the console both are standard error; with :data:`LOG_ONLY` they go to the log file only.

    A :class:`UserError` or a disk that is full or cannot be written is printed as one sentence,
    anything else with its traceback. Warnings take one line each; a FutureWarning is left out, for
    a user cannot act on it.
    """
    gc.enable()
    console, quiet = sys.stderr, LOG_ONLY in os.environ
    # a file, since libraries and child processes ask for its descriptor
    shown = _open(os.devnull) if quiet else console
    tee = _Tee(shown, _open(path))
    with warnings.catch_warnings(), redirect_stdout(cast(TextIO, tee)):
        sys.stderr = tee
        warnings.simplefilter("ignore", FutureWarning)
        warnings.showwarning = _show_warning
        try:
            yield
        except UserError as error:
            print(f"Error: {error}\nNothing was written; results of other jobs are kept.", file=tee)
            sys.exit(1)
        except Exception as error:
            if sentence := disk_fault(error):
                print(f"Error: {sentence}", file=tee)
            else:
                traceback.print_exc(file=tee)
            sys.exit(1)
        finally:
            sys.stderr = console
            tee.close()
            if quiet:
                shown.close()
            gc.freeze()  # or the end of the process looks for garbage: a second with torch


def _show_warning(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
    """Print a warning without the path of its file, which may be in a home folder."""
    print(f"{category.__name__}: {message}", file=sys.stderr)


def _open(path: str) -> TextIO:
    """Open a log, or end the process with a sentence."""
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        return Path(path).open("w", encoding="utf-8")
    except OSError as error:
        sys.exit(f"Error: {disk_fault(error) or f'{path}: cannot be written ({error.strerror})'}")


def disk_fault(error: Exception) -> str | None:
    """A sentence about a disk that is at fault; None if it is not."""
    number = error.errno if isinstance(error, OSError) else None
    if number not in DISK:
        number = next((code for text, code in MESSAGES.items() if text in str(error)), None)
    if number is None:
        return None
    place = f"{name}: " if (name := getattr(error, "filename", None)) else ""
    return (
        f"{place}{DISK[number]} and give the same command again. Nothing half-written is left, "
        "and a training continues from its last checkpoint."
    )


@contextmanager
def whole(*targets: str | Path, scratch: str | Path | None = None) -> Iterator[tuple[Path, ...]]:
    """Write files or folders under temporary names; rename them once all are written.

    Args:
        targets: The final paths.
        scratch: Folder to remove after that.

    Yields:
        The temporary paths, in the order of ``targets``. They are removed if writing fails.

    Raises:
        FileNotFoundError: If a target was not written; then none is renamed.
    """
    partial = tuple(Path(target).with_name(f".partial-{Path(target).name}") for target in targets)
    for path in partial:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove(path)
    try:
        yield partial
        if unwritten := [str(t) for p, t in zip(partial, targets, strict=True) if not p.exists()]:
            raise FileNotFoundError(f"the job did not write {', '.join(unwritten)}")
        for path, target in zip(partial, targets, strict=True):
            _remove(Path(target))
            path.replace(target)
        if scratch:
            shutil.rmtree(scratch, ignore_errors=True)
    finally:
        for path in partial:
            _remove(path)


def optional(files: Sequence[str]) -> Path | None:
    """An optional input of a job: its file, or None."""
    return Path(files[0]) if files else None


def note(text: str) -> None:
    """Tell the user and the log what a job found."""
    print(text, file=sys.stderr)


def stem(path: str) -> str:
    """A path without its ending; tables and figures are written in several formats."""
    return str(Path(path).with_suffix(""))


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
