"""What rules that join several sections have in common: faults and careful reading."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

Fault = tuple[tuple[str, ...], str]
"""Where (the keys leading there) and what is wrong."""


def unknown(where: tuple[str, ...], name: str, defined: Iterable[str], section: str) -> list[Fault]:
    """A fault if ``name`` is not among the keys a section defines."""
    if name in (names := [str(key) for key in defined]):
        return []
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"; did you mean {near[0]}?" if near else f"; defined: {', '.join(names) or 'none'}"
    return [(where, f"{section} does not define {name!r}{hint}")]


def mapping(value: object) -> Mapping[str, Any]:
    """The value, if it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def strings(value: object) -> list[str]:
    """The strings of a list, if the value is one."""
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []
