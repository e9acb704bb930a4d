"""Lists by the page: which lines are asked for, in which order, from where, and what all of them come to.

A console shows fifty lines of a list that may have millions. What is asked is a value: a filter, whose ``centers`` are
what the asker may see at all, and a :class:`Slice`. Lines are reached by number for the first pages and by the
:class:`Place` of a line beyond: a place is found by its index, however deep it lies, and lines that are added meanwhile
move nothing.
"""

from __future__ import annotations

import base64
import binascii
import enum
import json
from collections.abc import Callable, Iterator
from typing import Final, Generic, TypeVar

from callcenter.errors import UsageError
from callcenter.model.facts import RejectReason
from callcenter.model.ids import AgentId, CenterId, GroupId
from callcenter.model.money import ZERO, Money
from callcenter.model.records import ChargeKind, RecordOutcome
from callcenter.model.times import NEVER, Duration, Instant
from callcenter.model.value import value
from callcenter.model.words import Word

PAGE: Final = 50
"""Rows of a page, unless said otherwise."""
MOST_PAGES: Final = 200
"""Pages that may be asked for by number; beyond, ask from the place of a line."""
MOST_ROWS: Final = 1000
"""Rows that may be asked for at once."""
_BEFORE_ALL: Final = Instant(-NEVER)


class Direction(Word):
    """Which end of the order comes first."""

    OLDEST_FIRST = "oldest_first"
    """Ascending: the oldest, or the least of another sort key; as exports read."""
    NEWEST_FIRST = "newest_first"
    """Descending: the newest, or the most; as consoles read."""


class TimeSort(Word):
    """Sort key of a list that has but one: the instant a line belongs to."""

    TIME = "time"


class CallSort(Word):
    """Sort keys of call records."""

    TIME = "time"
    WAIT = "wait"
    TALK = "talk"


class ChargeSort(Word):
    """Sort keys of charge lines."""

    TIME = "time"
    SECONDS = "seconds"
    AMOUNT = "amount"


class SessionSort(Word):
    """Sort keys of work sessions."""

    TIME = "time"
    TALKING = "talking"


S = TypeVar("S", bound=enum.Enum)
T = TypeVar("T")


@value
class Place:
    """Where a line stands in a list: its sort key, then instant, name and center, and a number among equals.

    Attributes:
        sort: Value of the sort key that it was read by.
        content: What that key was of the line.
        at: The instant that the line belongs to.
        name: Call, agent or key.
        number: Of the store, among lines that are equal in all of it; means nothing to another store.
    """

    sort: str
    content: int
    at: Instant
    name: str
    center: str
    number: int

    @property
    def order(self) -> tuple[int, int, str, str, int]:
        """What lines are ordered by."""
        return self.content, self.at, self.name, self.center, self.number

    def text(self) -> str:
        """Return the place as text that goes into a link."""
        packed = json.dumps([self.sort, *self.order], ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(packed.encode()).decode()


def place_of(text: str) -> Place:
    """Return the place that a text names.

    Raises:
        UsageError: E443, for text that :meth:`Place.text` did not write.
    """
    if len(text) > _LONGEST:
        raise UsageError("E443", text=text[:40])
    try:
        sort, content, at, name, center, number = json.loads(base64.urlsafe_b64decode(text.encode("ascii")))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise UsageError("E443", text=text[:40]) from None
    texts, numbers = (sort, name, center), (content, at, number)
    if not all(type(one) is str and _is_storable(one) for one in texts):
        raise UsageError("E443", text=text[:40])
    if not all(type(one) is int and one.bit_length() < _BITS for one in numbers):
        raise UsageError("E443", text=text[:40])
    return Place(sort=sort, content=content, at=Instant(at), name=name, center=center, number=number)


def _is_storable(text: str) -> bool:
    """Tell whether a store could hold a text, so that it may be looked for."""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


_LONGEST: Final = 4000
_BITS: Final = 64


@value
class Slice(Generic[S]):
    """Which part of a list.

    Attributes:
        size: How many rows, 1 to 1000.
        direction: Which end comes first.
        sort: By what; None: by time. Lines that are equal in it are by time, and then by their names.
        offset: How many rows of the list are passed over; 0 with a place.
        after: Begin behind this line; None: at the beginning.
        before: End before this line, with the rows next to it; not together with ``after``.

    Raises:
        UsageError: E441, for a size or an offset that is not served; E443, for places that cannot be meant.
    """

    size: int = PAGE
    direction: Direction = Direction.NEWEST_FIRST
    sort: S | None = None
    offset: int = 0
    after: Place | None = None
    before: Place | None = None

    def __attrs_post_init__(self) -> None:
        if not 0 < self.size <= MOST_ROWS:
            raise UsageError("E441", what="size", found=self.size, most=MOST_ROWS)
        if not 0 <= self.offset < MOST_PAGES * self.size:
            raise UsageError("E441", what="offset", found=self.offset, most=MOST_PAGES * self.size - 1)
        if sum((self.after is not None, self.before is not None, self.offset > 0)) > 1:
            raise UsageError("E443", text="after, before, offset")
        for place in (self.after, self.before):
            if place is not None and place.sort != self.key:
                raise UsageError("E443", text=place.sort[:40])

    @property
    def key(self) -> str:
        """The value of the sort key."""
        return "time" if self.sort is None else str(self.sort.value)


def page(
    number: int, size: int = PAGE, direction: Direction = Direction.NEWEST_FIRST, sort: S | None = None
) -> Slice[S]:
    """Return the slice of a page by its number.

    Args:
        number: 1 for the first, to 200.
        size: Rows of a page.
        direction: Which end of the list is page 1.
        sort: By what; None: by time.

    Raises:
        UsageError: E442, for a number that is not reached so; E441.
    """
    if not 0 < number <= MOST_PAGES:
        raise UsageError("E442", number=number, most=MOST_PAGES)
    return Slice(size=size, direction=direction, sort=sort, offset=(number - 1) * size)


@value
class Found(Generic[T]):
    """A part of a list.

    Attributes:
        rows: In the order asked for.
        first: Place of the first row: what lies before it is the page before. None without rows.
        last: Place of the last row.
        more: Whether rows lie beyond, in the direction that was read: after these, or before them when asked ``before``.
    """

    rows: tuple[T, ...] = ()
    first: Place | None = None
    last: Place | None = None
    more: bool = False


def each(
    read: Callable[[Slice[S]], Found[T]], direction: Direction = Direction.OLDEST_FIRST, size: int = MOST_ROWS
) -> Iterator[T]:
    """Yield every line of a list, reading it part by part: however long it is, only a part is in memory.

    Each part is read on its own, so that writers need not wait for the whole; since lines are only added, none comes
    twice and none of those that were there is missed.

    Args:
        read: Reads a part, in a transaction of its own or in one that is open.
        direction: Which end comes first.
        size: Rows of a part.
    """
    part: Slice[S] = Slice(size=size, direction=direction)
    while True:
        found = read(part)
        yield from found.rows
        if not found.more:
            return
        part = Slice(size=size, direction=direction, after=found.last)


# ---------------------------------------------------------------- filters


@value
class CallFilter:
    """Which call records; None asks nothing.

    Attributes:
        centers: What may be seen; none: nothing.
        start: Of the range [start, end) of instants that records belong to.
        without_extensions: Visits to these extension groups, as (center, group), and those that an extension answered are
            left out (K6); None: they are among them.
    """

    centers: tuple[CenterId, ...]
    start: Instant = _BEFORE_ALL
    end: Instant = NEVER
    group: GroupId | None = None
    agent: AgentId | None = None
    caller: str | None = None
    phone: str | None = None
    access_number: str | None = None
    outcome: RecordOutcome | None = None
    without_extensions: tuple[tuple[CenterId, GroupId], ...] | None = None


@value
class ChargeFilter:
    """Which charge lines; see :class:`CallFilter`."""

    centers: tuple[CenterId, ...]
    start: Instant = _BEFORE_ALL
    end: Instant = NEVER
    kind: ChargeKind | None = None
    caller: str | None = None
    phone: str | None = None
    access_number: str | None = None


@value
class SessionFilter:
    """Which ended work sessions; see :class:`CallFilter`. ``group`` is one of those the agent was in."""

    centers: tuple[CenterId, ...]
    start: Instant = _BEFORE_ALL
    end: Instant = NEVER
    group: GroupId | None = None
    agent: AgentId | None = None
    phone: str | None = None


@value
class RejectedFilter:
    """Which refused calls; see :class:`CallFilter`. The center ``""`` has those of numbers that nobody has."""

    centers: tuple[CenterId, ...]
    start: Instant = _BEFORE_ALL
    end: Instant = NEVER
    caller: str | None = None
    access_number: str | None = None
    reason: RejectReason | None = None


@value
class BookFilter:
    """Which lines of the books.

    Attributes:
        accounts: What may be seen; none: nothing.
        start: Of the range [start, end): of adjustments by their posting, of entries by the instant they count from.
        kinds: Values of :class:`~callcenter.billing.ledger.EntryKind`; None: all that the list has.
        operator: Who did it.
    """

    accounts: tuple[str, ...]
    start: Instant = _BEFORE_ALL
    end: Instant = NEVER
    kinds: tuple[str, ...] | None = None
    operator: str | None = None


# ---------------------------------------------------------------- totals


@value
class CallTotals:
    """What call records come to."""

    answered: int = 0
    missed: int = 0
    wait: Duration = Duration(0)
    talk: Duration = Duration(0)

    @property
    def lines(self) -> int:
        """How many there are."""
        return self.answered + self.missed


@value
class ChargeTotals:
    """What charge lines come to; ``calls`` counts those of calls, ``centers`` those that have a line."""

    lines: int = 0
    calls: int = 0
    centers: int = 0
    seconds: int = 0
    amount: Money = ZERO


@value
class PhoneSum:
    """What the calls of one phone at one access number come to."""

    access_number: str
    phone: str
    calls: int
    seconds: int
    amount: Money


@value
class SessionTotals:
    """What work sessions come to; agents and groups are counted once in each center."""

    lines: int = 0
    agents: int = 0
    groups: int = 0
    answered: int = 0
    missed: int = 0
    ready: Duration = Duration(0)
    not_ready: Duration = Duration(0)
    ringing: Duration = Duration(0)
    talking: Duration = Duration(0)
    wrap_up: Duration = Duration(0)


@value
class BookTotals:
    """What lines of the books come to: in and out, both positive."""

    lines: int = 0
    came: Money = ZERO
    went: Money = ZERO
