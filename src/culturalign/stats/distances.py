"""Distances between distributions over answer options (paper, section 5.1)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import entr, rel_entr

Array = NDArray[np.float64]

TOLERANCE = 1e-6
"""How far the probabilities of a question may be from 1 in sum."""


def js_divergence(p: ArrayLike, q: ArrayLike) -> Array:
    """Jensen-Shannon divergence in nats: 0 if equal, ln 2 = 0.693 without a common option.

    Args:
        p: Distributions, shape (..., K).
        q: The same shape.

    Returns:
        Shape (...).

    Raises:
        ValueError: See :func:`_checked`.

    Source:
        Lin (1991), Divergence measures based on the Shannon entropy, equation 4.1.
    """
    first, second = _checked(p, q)
    # half of the smallest number is 0, which would make the divergence infinite
    middle = np.maximum((first + second) / 2, np.finfo(float).tiny)
    terms = rel_entr(first, middle) + rel_entr(second, middle)
    found: Array = np.clip(terms.sum(-1) / 2, 0, np.log(2))  # rounding can leave -1e-17
    return found


def js_distance(p: ArrayLike, q: ArrayLike) -> Array:
    """Jensen-Shannon distance, the root of the divergence: 0 to sqrt(ln 2) = 0.8326.

    The paper's "JS" in tables 7 and 14, as written and as run: natural logarithm, as
    ``scipy.spatial.distance.jensenshannon``. Arguments as for :func:`js_divergence`.
    """
    found: Array = np.sqrt(js_divergence(p, q))
    return found


def emd(p: ArrayLike, q: ArrayLike) -> Array:
    """Positional earth mover's distance: on the ranks of the codes, over K - 1, 0 to 1.

    The paper's words (section 5.1, "location-aware"; appendix H.2, "normalised"). It takes the
    codes' order for the options' order in every question. Arguments as for
    :func:`js_divergence`.

    Source:
        In one dimension it is the area between the cumulated distributions: Vallender (1974).
    """
    first, second = _checked(p, q)
    between = np.abs(np.cumsum(first - second, -1)[..., :-1]).sum(-1)
    found: Array = np.minimum(between / (first.shape[-1] - 1), 1)
    return found


def emd_free(p: ArrayLike, q: ArrayLike) -> Array:
    """Position-free earth mover's distance: 0 to 2 (K - 1) / K^2, at most 0.5.

    The two lists of probabilities are taken as samples, so which option has which probability
    plays no part: (0.9, 0.1) and (0.1, 0.9) are at distance 0. The paper's printed "EMD" (tables 7
    and 14) is this one, as run: ``scipy.stats.wasserstein_distance(p, q)``. Arguments as for
    :func:`js_divergence`.

    Source:
        Samples of equal size: the mean difference of the sorted values.
    """
    first, second = _checked(p, q)
    found: Array = np.abs(np.sort(first, -1) - np.sort(second, -1)).mean(-1)
    return found


def emd_places(p: ArrayLike, q: ArrayLike, places: Sequence[int | None]) -> Array:
    """Earth mover's distance of ordinal options in their true order: 0 to 1.

    Options without a place ("hard to say") are dropped and the others renormalized; the distance
    is divided by that of the outermost places.

    Args:
        p: Distributions, shape (..., K).
        q: The same shape.
        places: K places in the true order, None for an option outside it.

    Returns:
        Shape (...); NaN where no probability is left, or if there are fewer than two places.
    """
    first, second = _checked(p, q)
    if len(places) != first.shape[-1]:
        raise ValueError(f"{len(places)} places for {first.shape[-1]} options")
    order = sorted((place, option) for option, place in enumerate(places) if place is not None)
    steps = np.diff([float(place) for place, _ in order])
    undefined: Array = np.full(first.shape[:-1], np.nan)
    if steps.sum() == 0:
        return undefined
    kept = [option for _, option in order]
    first, second = first[..., kept], second[..., kept]
    masses = first.sum(-1, keepdims=True), second.sum(-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        cumulated = np.cumsum(first / masses[0] - second / masses[1], -1)[..., :-1]
    return np.minimum(np.abs(cumulated) @ steps / steps.sum(), 1)


def entropy(p: ArrayLike) -> Array:
    """Shannon entropy in nats: 0 if one option has all, ln K if all have the same."""
    (first,) = _checked(p)
    found: Array = entr(first).sum(-1)
    return found


def to_uniform(p: ArrayLike) -> Array:
    """Jensen-Shannon distance to the uniform distribution, the answer without content."""
    (first,) = _checked(p)
    return js_distance(first, np.full_like(first, 1 / first.shape[-1]))


def _checked(*distributions: ArrayLike) -> tuple[Array, ...]:
    """Distributions as arrays that sum to 1 up to rounding.

    Raises:
        ValueError: If shapes differ, K < 2, a number is negative or not finite, or a sum is
            further than ``TOLERANCE`` from 1.
    """
    arrays = [np.asarray(each, dtype=float) for each in distributions]
    if len({array.shape for array in arrays}) > 1:
        raise ValueError(f"distributions of different shapes: {[a.shape for a in arrays]}")
    if arrays[0].ndim == 0 or arrays[0].shape[-1] < 2:
        raise ValueError(f"a distribution needs two options, got shape {arrays[0].shape}")
    for array in arrays:
        if not (np.isfinite(array).all() and (array >= 0).all()):
            raise ValueError(f"probabilities must be finite and not negative, got {array}")
        if not (np.abs(array.sum(-1) - 1) <= TOLERANCE).all():
            raise ValueError(f"probabilities must sum to 1, got sums {array.sum(-1)}")
    return tuple(array / array.sum(-1, keepdims=True) for array in arrays)
