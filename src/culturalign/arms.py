"""Arms: the state of a model when it answers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Arm:
    """Vanilla (no culture, no seed) or trained on a culture by a method with a seed."""

    method: str
    culture: str | None = None
    seed: int | None = None


def swapped_name(method: str, trained_on: str) -> str:
    """Name of a method that was trained on another culture than the one asked about."""
    return f"{method}@{trained_on}"


def parse_arm(name: str) -> Arm:
    """Parse ``vanilla`` or ``{culture}-{method}-seed{seed}``.

    Names of cultures have no hyphen; those of methods may.

    Raises:
        ValueError: If the name has another form.
    """
    if name == "vanilla":
        return Arm("vanilla")
    culture, rest = name.split("-", 1)
    method, seed = rest.rsplit("-seed", 1)
    return Arm(method, culture, int(seed))
