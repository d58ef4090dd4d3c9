"""Spans of the attributes, and the way there from the scale of a norm file.

A norm comes into tables and figures by a line in ``SPANS`` and an entry under ``norms.files``.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:  # the configuration imports this module: planning has no use for polars
    import polars as pl

Number = TypeVar("Number", float, "pl.Expr")


class Span(NamedTuple):
    """The span on which an attribute is compared, and what its ends mean."""

    low: float
    high: float
    low_end: str
    high_end: str


SPANS = {
    "valence": Span(1, 9, "unpleasant", "pleasant"),
    "arousal": Span(1, 9, "calm", "excited"),
    "dominance": Span(1, 9, "controlled", "in control"),
    "concreteness": Span(1, 5, "abstract", "concrete"),
}
"""Attribute -> common span, in the order of the tables. Those of the English norms (paper, section
4.1: "match the English spans"): Warriner et al. (2013), Brysbaert et al. (2014)."""


def to_common(value: Number, ends: Sequence[float], span: Span) -> Number:
    """Map a raw value linearly onto the common span.

    Args:
        value: On the scale of the norm file.
        ends: Nominal ends of that scale: what becomes ``span.low``, and what becomes
            ``span.high``. The first is the larger if the scale runs the other way.
        span: The common span.

    Returns:
        E.g. 1 + 8 (v + 3) / 6 for valence from -3 to 3, and 6 - c for concreteness from 5 to 1.
    """
    return (value - ends[0]) * ((span.high - span.low) / (ends[1] - ends[0])) + span.low


def to_raw(value: Number, ends: Sequence[float], span: Span) -> Number:
    """The inverse of :func:`to_common`. Both keep means and medians, being linear."""
    return (value - span.low) * ((ends[1] - ends[0]) / (span.high - span.low)) + ends[0]
