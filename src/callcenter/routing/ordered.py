"""Whole numbers kept in order: in and out, the first, the k-th, all from one on, without moving more than a few hundred.

A sorted list moves half of itself whenever somebody comes or goes. Here the list is cut into stretches, each sorted and
of bounded length, with the greatest member of each beside them: a number is found by bisecting first those and then
its stretch, and only that stretch moves. Bisecting is done in C, so ten thousand members cost little more than ten.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Final

_MOST: Final = 512
"""A stretch that is longer is cut into two."""


class OrderedNumbers:
    """Whole numbers in order, each at most once."""

    __slots__ = ("_greatest", "_length", "_stretches")

    def __init__(self) -> None:
        self._stretches: list[list[int]] = []
        self._greatest: list[int] = []
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[int]:
        """Go through all members in order; they may change once the first was taken, if no further one is."""
        for stretch in self._stretches:
            yield from stretch

    def add(self, number: int) -> None:
        """Take a number in that is not there."""
        self._length += 1
        greatest = self._greatest
        place = bisect_left(greatest, number)
        if place < len(greatest):
            stretch = self._stretches[place]
            insort(stretch, number)
        elif greatest:  # above all others
            place -= 1
            stretch = self._stretches[place]
            stretch.append(number)
            greatest[place] = number
        else:
            self._stretches.append([number])
            greatest.append(number)
            return
        if len(stretch) > _MOST:
            self._cut(place)

    def remove(self, number: int) -> None:
        """Let a number go that is there."""
        self._length -= 1
        place = 0 if self._stretches[0][0] == number else bisect_left(self._greatest, number)
        stretch = self._stretches[place]
        del stretch[bisect_left(stretch, number)]
        if stretch:
            self._greatest[place] = stretch[-1]
        else:
            del self._stretches[place]
            del self._greatest[place]

    def _cut(self, place: int) -> None:
        stretch = self._stretches[place]
        upper = stretch[_MOST // 2 :]
        del stretch[_MOST // 2 :]
        self._stretches.insert(place + 1, upper)
        self._greatest[place] = stretch[-1]
        self._greatest.insert(place + 1, upper[-1])

    def nth(self, rank: int) -> int:
        """Return the member that has ``rank`` members below it.

        Raises:
            IndexError: There are not so many.
        """
        for stretch in self._stretches:
            if rank < len(stretch):
                return stretch[rank]
            rank -= len(stretch)
        raise IndexError(rank)
