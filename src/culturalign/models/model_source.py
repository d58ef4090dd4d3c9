"""Where a model's weights come from; needs no torch."""

import importlib.util
from pathlib import Path

from culturalign.errors import UserError

PACKAGE = "package:"


def is_gguf(source: str) -> bool:
    """Whether a model's weights are a GGUF file, in an installed Python package or anywhere."""
    return source.startswith(PACKAGE) or source.endswith(".gguf")


def is_on_hub(source: str) -> bool:
    """Whether a model is named by its id on the Hugging Face hub."""
    local = source.startswith((".", "/", "~")) or Path(source).is_dir()
    return not is_gguf(source) and not local


def gguf_file(source: str) -> Path:
    """Path of a ``package:NAME/FILE.gguf`` source, or of one that is a path itself.

    Raises:
        UserError: If there is no such file, or it is no GGUF file (the pointer of Git LFS, say).
    """
    packaged = source.startswith(PACKAGE)
    path = package_file(source) if packaged else Path(source).expanduser()
    if not path.is_file():
        raise UserError(f"{source}: no such file; correct models.*.source")
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise UserError(f"{source}: does not begin with GGUF; download the file again")
    return path


def package_file(source: str) -> Path:
    """Path of a ``package:NAME/FILE`` source inside the installed package.

    Raises:
        UserError: If the package is not installed or has no such file.
    """
    package, _, name = source.removeprefix(PACKAGE).partition("/")
    try:
        spec = importlib.util.find_spec(package)
    except (ModuleNotFoundError, ValueError):
        spec = None
    if spec is None or spec.origin is None:
        raise UserError(f"{source}: the Python package {package!r} is not installed (make demo)")
    path = Path(spec.origin).parent / name
    if not path.is_file():
        raise UserError(f"{source}: the package {package!r} has no file {name!r}")
    return path
