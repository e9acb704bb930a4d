"""What the stores share of reading lists by the page: from a slice to what is read, and from there to what is found.

Theory of operation. A store reads the *places* of the lines first, one row more than asked, from an index that has all
that the filter and the order ask about; only then the lines themselves. Where a slice ends before a line it is read
backwards from there and turned round. So a store knows but one way: forward, in a direction, behind a place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from callcenter.model.listing import Direction, Found, Place, Slice
from callcenter.model.times import Instant
from callcenter.model.value import value
from callcenter.store.keepable import refuse_unkeepable

T = TypeVar("T")
Keys = tuple[int, int, str, str, int]
"""What lines are ordered by: content of the sort key, instant, name, center, number."""


@value
class Reading:
    """How a slice is read.

    Attributes:
        sort: Value of the sort key.
        ascending: Whether places are read upwards.
        behind: Where reading begins; None: at the end of the order.
        turned: Whether what was read has to be turned round.
    """

    sort: str
    ascending: bool
    behind: Place | None
    offset: int
    size: int
    turned: bool

    @property
    def limit(self) -> int:
        """Rows to read after the offset: one more than asked, which tells whether there are more."""
        return self.size + 1

    def span(self, start: Instant, end: Instant) -> tuple[Instant, Instant]:
        """Return a range, cut where the place is, if the list is read by time."""
        if self.behind is None or self.sort != "time":
            return start, end
        at = self.behind.at
        return (max(start, at), end) if self.ascending else (start, min(end, Instant(at + 1)))

    def found(self, keys: Sequence[Keys], lines: Callable[[Sequence[Keys]], Sequence[T]]) -> Found[T]:
        """Return what was found.

        Args:
            keys: Up to ``limit`` of them, as read.
            lines: Returns the lines of keys, in their order.
        """
        kept = list(keys[: self.size])
        if self.turned:
            kept.reverse()
        if not kept:
            return Found()
        return Found(
            rows=tuple(lines(kept)),
            first=self._place(kept[0]),
            last=self._place(kept[-1]),
            more=len(keys) > self.size,
        )

    def _place(self, key: Keys) -> Place:
        content, at, name, center, number = key
        return Place(sort=self.sort, content=content, at=Instant(at), name=name, center=center, number=number)


def reading(part: Slice[Any]) -> Reading:
    """Return how a slice is read."""
    turned = part.before is not None
    return Reading(
        sort=part.key,
        ascending=(part.direction is Direction.OLDEST_FIRST) != turned,
        behind=part.before if turned else part.after,
        offset=part.offset,
        size=part.size,
        turned=turned,
    )


def refuse_unaskable(values: Iterable[object], part: Slice[Any] | None = None) -> None:
    """Refuse what could not be kept, and so cannot be looked for.

    Raises:
        UsageError: E410.
    """
    refuse_unkeepable(values)
    if part is not None:
        for place in (part.after, part.before):
            if place is not None:
                refuse_unkeepable(place.order)
