"""Settings laid over others: configuration files, and methods that say ``like: other``."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from culturalign.config.strict import refusal


def merge(base: Any, over: Any) -> Any:
    """Overlay ``over`` on ``base``: mappings are merged, everything else is replaced."""
    if not (isinstance(base, Mapping) and isinstance(over, Mapping)):
        return over
    return {**base, **{key: merge(base.get(key), value) for key, value in over.items()}}


def resolve_like(methods: Any) -> Any:
    """Give methods that say ``like: other`` the other's settings, overlaid by their own.

    A control thereby follows every change of the method it controls for.

    Raises:
        ValidationError: Naming each method that is like an undefined one, or the first circle.
    """
    if not isinstance(methods, Mapping):
        return methods
    own = {name: each for name, each in methods.items() if isinstance(each, Mapping)}
    likes = {name: each["like"] for name, each in own.items() if "like" in each}
    if lost := {n: o for n, o in likes.items() if not (isinstance(o, str) and o in methods)}:
        raise refusal(((n, "like"), f"no method is called {o!r}") for n, o in lost.items())
    try:
        order = [
            *TopologicalSorter({name: [other] for name, other in likes.items()}).static_order()
        ]
    except CycleError as error:
        circle = error.args[1][::-1]
        text = f"{' -> '.join(circle)} is a circle"
        raise refusal([((circle[0], "like"), text)]) from None
    resolved = dict(methods)
    for name in order:
        if name in likes:
            changes = {key: value for key, value in own[name].items() if key != "like"}
            resolved[name] = merge(resolved[likes[name]], changes)
    return resolved
