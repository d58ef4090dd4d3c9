"""Plain text, with faults a user can correct."""

from pathlib import Path

from culturalign.errors import UserError


def read_text(path: Path, setting: str) -> str:
    """Read a UTF-8 file, without the byte order mark that Windows programs put before it.

    Args:
        path: The file.
        setting: The setting that names it, for errors.

    Raises:
        UserError: If the file is missing or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; correct {setting}") from None
    except UnicodeDecodeError as bad:
        line = bad.object[: bad.start].count(b"\n") + 1
        raise UserError(f"{path}:{line}: not UTF-8 at byte {bad.start}; save it as UTF-8") from None
