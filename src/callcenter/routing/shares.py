"""Shares of a whole by place: who owns the k-th part of it, at the cost of the logarithm of the places.

A tree of partial sums, sixteen to a node: its lowest level holds the weight of each place, each level above it the sums
of sixteens, up to one that is short enough to be gone through. A change adds to one sum of each level; a search goes
from the top down, through fifteen sums of a level at most. (The tree of Fenwick 1994 has two to a node and as many
levels as the number of places has bits; an interpreter is faster with fewer levels that are each gone through.)
"""

from __future__ import annotations

from typing import Final

_BITS: Final = 4
_WIDTH: Final = 1 << _BITS


class Shares:
    """Weights by place, from 0 on; a place without a weight has no share."""

    __slots__ = ("_levels", "total")

    def __init__(self) -> None:
        self._levels: list[list[int]] = [[0] * _WIDTH]
        self.total = 0

    def change(self, place: int, by: int) -> None:
        """Add to the weight of a place, which must not become negative."""
        if place >= len(self._levels[0]):
            self._grow(place)
        self.total += by
        for level in self._levels:
            level[place] += by
            place >>= _BITS

    def owner(self, part: int) -> int:
        """Return the place in whose share a part of 0 … total - 1 falls, shares being in order of place."""
        place = 0
        for level in reversed(self._levels):
            place <<= _BITS
            while part >= level[place]:
                part -= level[place]
                place += 1
        return place

    def _grow(self, place: int) -> None:
        """Make room for a place: in every level, and in levels on top while the highest is long."""
        for level in self._levels:
            place >>= _BITS
            level.extend([0] * ((place + 1) * _WIDTH - len(level)))
        while len(self._levels[-1]) > _WIDTH:
            below = self._levels[-1]
            self._levels.append([sum(below[start : start + _WIDTH]) for start in range(0, len(below), _WIDTH)])
