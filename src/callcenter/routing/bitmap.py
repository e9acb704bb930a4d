"""A set of small whole numbers that knows its order: next member, in and out, all without moving others.

Words of 512 bits, and one number that says which words hold anybody. For ten thousand members that is twenty words, so
no step looks at more than a few hundred bytes, while a sorted list would move half of itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_SHIFT: Final = 9
_WIDTH: Final = 1 << _SHIFT
_LOW: Final = _WIDTH - 1


class Bitmap:
    """Whole numbers from 0 on, in order."""

    __slots__ = ("_length", "_top", "_words")

    def __init__(self) -> None:
        self._words: list[int] = []
        self._top = 0
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, number: int) -> None:
        """Take a number in that is not there."""
        place = number >> _SHIFT
        while len(self._words) <= place:
            self._words.append(0)
        self._words[place] |= 1 << (number & _LOW)
        self._top |= 1 << place
        self._length += 1

    def remove(self, number: int) -> None:
        """Let a number go that is there."""
        place = number >> _SHIFT
        word = self._words[place] = self._words[place] ^ (1 << (number & _LOW))
        if not word:
            self._top ^= 1 << place
        self._length -= 1

    def following(self, number: int) -> int:
        """Return the least member that is not below a number, or -1."""
        place = number >> _SHIFT
        if place < len(self._words):
            rest = self._words[place] >> (number & _LOW)
            if rest:
                return number + (rest & -rest).bit_length() - 1
        above = self._top >> (place + 1)
        if not above:
            return -1
        place += (above & -above).bit_length()
        word = self._words[place]
        return (place << _SHIFT) + (word & -word).bit_length() - 1

    def round(self, start: int) -> Iterator[int]:
        """Go through all members in order, from the first that is not below ``start``, round to the one before it."""
        number = self.following(start)
        while number >= 0:
            yield number
            number = self.following(number + 1)
        number = self.following(0)
        while 0 <= number < start:
            yield number
            number = self.following(number + 1)
