"""Lists by the page: fifty rows unless said otherwise, the total, and how to go on.

Pages are reached by number up to page 200 and by key beyond. A key names the place of a row in its order, so that it
still leads somewhere when the row itself is gone.
"""

from __future__ import annotations

import base64
import enum
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final, Generic, TypeVar

from callcenter.admin.fitness import refuse_unfit
from callcenter.errors import UsageError
from callcenter.model.listing import MOST_PAGES, MOST_ROWS, PAGE, Direction, Found, Slice, page, place_of
from callcenter.model.value import value

S = TypeVar("S", bound=enum.Enum)
T = TypeVar("T")
U = TypeVar("U")
_LONGEST: Final = 2000

SortKey = tuple[int | str, ...]
"""What a list of the directory is ordered by; its last part tells rows apart."""


@value
class Ask:
    """Which page of a list.

    Attributes:
        number: From 1 to 200; not looked at with a key.
        size: Rows of a page, 1 to 1000.
        after: The page behind this key.
        before: The page in front of this key.

    Raises:
        UsageError: E441, E442 or E443, for what is no page.
    """

    number: int = 1
    size: int = PAGE
    after: str = ""
    before: str = ""

    def __attrs_post_init__(self) -> None:
        if not 0 < self.size <= MOST_ROWS:
            raise UsageError("E441", what="size", found=self.size, most=MOST_ROWS)
        if not 0 < self.number <= MOST_PAGES:
            raise UsageError("E442", number=self.number, most=MOST_PAGES)
        if self.after and self.before:
            raise UsageError("E443", text="after, before")


FIRST: Final = Ask()


@value
class Page(Generic[T]):
    """A page of a list.

    Attributes:
        rows: In the order of the list.
        total: Rows of the whole list.
        number: Of the page; 0 when it was reached by key.
        size: Rows that a page has.
        next_key: Of the page behind this one; empty: this is the last.
        prev_key: Of the page in front of this one; empty: this is the first.
    """

    rows: tuple[T, ...]
    total: int
    number: int
    size: int
    next_key: str = ""
    prev_key: str = ""

    @property
    def is_first(self) -> bool:
        """Whether nothing lies in front of it."""
        return not self.prev_key

    @property
    def is_last(self) -> bool:
        """Whether nothing lies behind it."""
        return not self.next_key

    @property
    def pages(self) -> int:
        """How many pages the list has: the number of its last."""
        return max(1, -(-self.total // self.size))

    def each(self, make: Callable[[T], U]) -> Page[U]:
        """Return the same page with something made of each row."""
        return Page(
            rows=tuple(make(row) for row in self.rows),
            total=self.total,
            number=self.number,
            size=self.size,
            next_key=self.next_key,
            prev_key=self.prev_key,
        )


def paged(rows: Iterable[T], ask: Ask, key: Callable[[T], SortKey], *, descending: bool = False) -> Page[T]:
    """Return a page of a list that is in memory.

    Args:
        rows: All of the list, in any order.
        ask: Which page.
        key: What it is ordered by; no two rows have the same.
        descending: Whether the order is turned round.

    Raises:
        UsageError: E443, for a key of another list.
    """
    keyed = sorted(((key(row), row) for row in rows), key=lambda pair: pair[0])
    keys = [each for each, _row in keyed]
    low, high = _window(keys, ask, descending=descending)
    chosen = keyed[low:high]
    if descending:
        chosen = chosen[::-1]
    in_front, behind = (high < len(keyed), low > 0) if descending else (low > 0, high < len(keyed))
    by_key = bool(ask.after or ask.before)
    return Page(
        rows=tuple(row for _key, row in chosen),
        total=len(keyed),
        number=0 if by_key else ask.number,
        size=ask.size,
        next_key=key_text(chosen[-1][0]) if chosen and behind else "",
        prev_key=key_text(chosen[0][0]) if chosen and in_front else "",
    )


def _window(keys: list[SortKey], ask: Ask, *, descending: bool) -> tuple[int, int]:
    """Return the part of the ascending list that a page is."""
    if not (ask.after or ask.before):
        start = (ask.number - 1) * ask.size
        if descending:
            return max(0, len(keys) - start - ask.size), max(0, len(keys) - start)
        return min(start, len(keys)), min(start + ask.size, len(keys))
    place = key_of(ask.after or ask.before)
    if keys and len(place) != len(keys[0]):
        raise UsageError("E443", text=(ask.after or ask.before)[:40])
    try:
        if bool(ask.after) is not descending:
            low = bisect_right(keys, place)
            return low, min(low + ask.size, len(keys))
        high = bisect_left(keys, place)
        return max(0, high - ask.size), high
    except TypeError:
        raise UsageError("E443", text=(ask.after or ask.before)[:40]) from None


def sliced(ask: Ask, direction: Direction = Direction.NEWEST_FIRST, sort: S | None = None) -> Slice[S]:
    """Return the slice of the store's lists that a page is.

    Raises:
        UsageError: E441 and E443.
    """
    if ask.after or ask.before:
        after, before = (place_of(text) if text else None for text in (ask.after, ask.before))
        return Slice(size=ask.size, direction=direction, sort=sort, after=after, before=before)
    return page(ask.number, ask.size, direction, sort)


def page_from(found: Found[T], total: int, ask: Ask) -> Page[T]:
    """Return the page that the store found for :func:`sliced`."""
    in_front = found.more if ask.before else bool(ask.after) or ask.number > 1
    behind = bool(found.rows) if ask.before else found.more
    return Page(
        rows=found.rows,
        total=total,
        number=0 if ask.after or ask.before else ask.number,
        size=ask.size,
        next_key=found.last.text() if behind and found.last is not None else "",
        prev_key=found.first.text() if in_front and found.first is not None else "",
    )


def key_text(key: SortKey) -> str:
    """Return a key as text that goes into a link."""
    packed = json.dumps(list(key), ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode()


def key_of(text: str) -> SortKey:
    """Return the key that a text names.

    Raises:
        UsageError: E443, for text that :func:`key_text` did not write.
    """
    found: object = None
    if len(text) <= _LONGEST:
        with suppress(ValueError, RecursionError):
            found = json.loads(base64.urlsafe_b64decode(text.encode("ascii")))
    if not isinstance(found, list) or not all(type(part) in {int, str} for part in found):
        raise UsageError("E443", text=text[:40])
    refuse_unfit(found)
    return tuple(found)
