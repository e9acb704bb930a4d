"""Lists of records: which dates are meant, which centers, and how a part of a store's list becomes a page.

What a principal may see at all is the centers of ``turn.shop``. A filter can only take centers away from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final, Generic, TypeVar

from callcenter.admin.pages import Page
from callcenter.admin.turn import Turn
from callcenter.errors import UsageError
from callcenter.files.shop import Shop
from callcenter.model.ids import AgentId, CenterId, agent_key
from callcenter.model.listing import Direction, Found, Slice, each
from callcenter.model.numbers import matched
from callcenter.model.times import NEVER, Instant, Zone, zone
from callcenter.model.value import changed, value
from callcenter.ports import Transaction

T = TypeVar("T")
U = TypeVar("U")
F = TypeVar("F")

_BEFORE_ALL: Final = Instant(-NEVER)


@value
class Period:
    """From when to when; what is None is open.

    Attributes:
        first: First local date of the centers.
        last: Last one, included.
        start: First instant; not together with ``first``.
        end: First instant that is not meant any more; not together with ``last``.
    """

    first: date | None = None
    last: date | None = None
    start: Instant | None = None
    end: Instant | None = None


ALWAYS: Final = Period()


@value
class Listed(Generic[T, U]):
    """A page of records, and what the whole list comes to."""

    page: Page[T]
    totals: U


def instants(shop: Shop, centers: Iterable[CenterId], period: Period) -> tuple[Instant, Instant]:
    """Return a period as instants [start, end).

    Raises:
        UsageError: E581, for dates of centers that are in several time zones; E589, for dates and instants at once.
    """
    if (period.first and period.start is not None) or (period.last and period.end is not None):
        raise UsageError("E589", name="period", wanted="first | start, last | end")
    start = _BEFORE_ALL if period.start is None else period.start
    end = NEVER if period.end is None else period.end
    if period.first is None and period.last is None:
        return start, end
    names = sorted({shop.centers[center].timezone for center in centers})
    if len(names) > 1:
        raise UsageError("E581", known=", ".join(names))
    place = zone(names[0]) if names else zone("UTC")
    try:
        if period.first is not None:
            start = place.at(period.first)
        if period.last is not None:
            end = place.at(period.last + timedelta(days=1))
    except (OverflowError, ValueError):
        raise UsageError("E589", name="period", wanted="1970 … 9998") from None
    return start, end


def chosen(shop: Shop, center: CenterId | None = None, access_number: str = "") -> tuple[CenterId, ...]:
    """Return the centers of a list: those that are seen, or of them the one that is asked for."""
    return tuple(
        id
        for id, seen in shop.centers.items()
        if center in {None, id} and access_number in {"", seen.access_number, seen.login}
    )


def as_written(shop: Shop, centers: Iterable[CenterId], agent: AgentId | None) -> AgentId | None:
    """Return the id of an agent as the first of some centers that has it writes it: people type it in any case."""
    if agent is None:
        return None
    key = agent_key(agent)
    known = (id for center in centers for id in shop.centers[center].agents if agent_key(id) == key)
    return next(known, agent)


def of_caller(wanted: F, caller: str, count: Callable[[F], int]) -> F:
    """Return a filter for the calls of a number: as it was typed, or as K7 writes it when nothing came so.

    Args:
        wanted: The filter, which has a key ``caller``.
        caller: As typed; callers are kept as they came.
        count: Tells how much a filter finds.
    """
    if not caller:
        return wanted
    typed: F = changed(wanted, caller=caller)
    normal = matched(caller)
    return typed if normal == caller or count(typed) else changed(wanted, caller=normal)


def zones_of(shop: Shop) -> dict[CenterId, Zone]:
    """Return the zone of each center."""
    return {id: zone(center.timezone) for id, center in shop.centers.items()}


def direction(*, newest_first: bool) -> Direction:
    """Return which end of a list comes first."""
    return Direction.NEWEST_FIRST if newest_first else Direction.OLDEST_FIRST


def every(turn: Turn, read: Callable[[Transaction, Slice[Any]], Found[T]]) -> Iterator[T]:
    """Return the lines of a whole list, oldest first, read part by part when they are asked for.

    The use case is over by then: each part is read in a transaction of its own, so calls go on beside an export.
    """
    reading = turn.services.reading
    assert reading is not None, "a console gives it to every use case"

    def part(asked: Slice[Any]) -> Found[T]:
        with reading() as tx:
            return read(tx, asked)

    return each(part)
