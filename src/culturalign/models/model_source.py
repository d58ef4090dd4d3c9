"""Where a model's weights come from; needs no torch."""

import importlib.util
from pathlib import Path

from culturalign.errors import UserError

PACKAGE = "package:"


def is_packaged(source: str) -> bool:
    """Whether a model's weights come inside an installed Python package."""
    return source.startswith(PACKAGE)


def is_on_hub(source: str) -> bool:
    """Whether a model is named by its id on the Hugging Face hub."""
    local = source.startswith((".", "/", "~")) or Path(source).is_dir()
    return not is_packaged(source) and not local


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
