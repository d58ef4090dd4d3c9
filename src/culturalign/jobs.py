"""What every job entry needs: a log, errors a user can read, outputs that are whole or absent."""

import shutil
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TextIO

from culturalign.errors import UserError


class _Tee:
    """Standard error, copied into the job's log."""

    def __init__(self, console: TextIO, log: TextIO) -> None:
        self.console, self.log = console, log

    def write(self, text: str) -> int:
        self.console.write(text)
        self.log.write(text)
        self.log.flush()
        return len(text)

    def flush(self) -> None:
        self.console.flush()

    def isatty(self) -> bool:
        return self.console.isatty()

    def fileno(self) -> int:
        return self.console.fileno()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.log.close()


@contextmanager
def logged(path: str) -> Iterator[None]:
    """Copy standard error to a log file; end the process with status 1 on an error.

    A :class:`UserError` is printed as its sentence alone, anything else with its traceback.
    """
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    console = sys.stderr
    with _Tee(console, Path(path).open("w", encoding="utf-8")) as tee:
        sys.stderr = tee
        try:
            yield
        except UserError as error:
            print(f"Error: {error}\nNothing was written; earlier results are kept.", file=tee)
            sys.exit(1)
        except Exception:
            traceback.print_exc(file=tee)
            sys.exit(1)
        finally:
            sys.stderr = console


@contextmanager
def whole(*targets: str | Path) -> Iterator[tuple[Path, ...]]:
    """Write files or folders under temporary names; rename them once all are written.

    Yields:
        The temporary paths, in the order of ``targets``. They are removed if writing fails.
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
    finally:
        for path in partial:
            _remove(path)


def stem(path: str) -> str:
    """A path without its ending; tables and figures are written in several formats."""
    return str(Path(path).with_suffix(""))


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
