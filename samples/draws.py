"""Seeded draws: one generator per topic, exact apportionment and stratified sampling.

What belongs here: arithmetic on random numbers that knows nothing about the province. What does not: what is drawn.
"""

from __future__ import annotations

import zlib
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Mask: TypeAlias = npt.NDArray[np.bool_]


def generator(seed: int, topic: str) -> np.random.Generator:
    """A generator of its own for each topic, so that a change in one leaves the draws of the others alone."""
    return np.random.default_rng([seed, zlib.crc32(topic.encode())])


def apportion(total: int, weights: Floats, *, at_least: int = 0) -> Ints:
    """Split ``total`` into whole parts that follow ``weights`` and add up exactly (largest remainders)."""
    free = total - at_least * len(weights)
    if free < 0:
        raise ValueError(f"{total} cannot be split into {len(weights)} parts of at least {at_least}")
    exact = weights / weights.sum() * free
    parts = np.floor(exact).astype(np.int64)
    missing = free - int(parts.sum())
    parts[np.argsort(parts - exact, kind="stable")[:missing]] += 1
    return np.asarray(parts + at_least, dtype=np.int64)


def weighted(rng: np.random.Generator, weights: Floats, size: int) -> Ints:
    """Indexes drawn independently in proportion to ``weights``."""
    edges = np.cumsum(weights) / weights.sum()
    return np.minimum(np.searchsorted(edges, rng.random(size), side="right"), len(weights) - 1).astype(np.int64)


def stratified(rng: np.random.Generator, weights: Floats, size: int) -> Ints:
    """Indexes in proportion to ``weights`` with one draw per equal slice, shuffled.

    Every index whose share is at least two slices is met, which independent draws do not promise.
    """
    edges = np.cumsum(weights) / weights.sum()
    points = (np.arange(size) + rng.random(size)) / size
    drawn = np.minimum(np.searchsorted(edges, points, side="right"), len(weights) - 1).astype(np.int64)
    return rng.permutation(drawn)


def exact_share(rng: np.random.Generator, totals: Ints, numerator: int, spread: float = 0.06) -> Ints:
    """Parts of ``totals`` (0 ≤ part ≤ total) that vary around one share and add up to exactly ``numerator``."""
    share = numerator / int(totals.sum())
    rates = np.clip(rng.normal(share, spread, len(totals)), 0.0, 1.0)
    parts = np.minimum(np.round(totals * rates).astype(np.int64), totals)
    gap = numerator - int(parts.sum())
    if gap == 0:
        return parts
    # In proportion to the room that is left, no part can overflow.
    room = totals - parts if gap > 0 else parts
    return np.asarray(parts + np.sign(gap) * apportion(abs(gap), room.astype(np.float64)), dtype=np.int64)
