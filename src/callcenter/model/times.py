"""Time inside: whole microseconds UTC. Calendars and zones at the border.

An :data:`Instant` is an int of microseconds since 1970-01-01T00:00Z, so that durations come from UTC, equal moments
are equal, and an aware ``datetime`` (whose resolution is the microsecond) goes in and comes out unchanged. Naive
datetimes are refused. Local dates and wall times belong to a zone and are found through :class:`Zone`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, NewType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from callcenter.compat import override
from callcenter.errors import ValueRefused

Instant = NewType("Instant", int)
"""Microseconds since 1970-01-01T00:00Z."""
Duration = NewType("Duration", int)
"""Microseconds; never negative unless said."""

MILLISECOND: Final = 1_000
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 3600 * SECOND
DAY: Final = 86_400 * SECOND
NEVER: Final = Instant(1 << 62)
"""Later than every instant that can be."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ONE: Final = timedelta(microseconds=1)
_FRACTION: Final = re.compile(r"([.,][0-9]{6})[0-9]+")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def instant(when: datetime) -> Instant:
    """Return the instant of an aware datetime, exactly.

    Raises:
        ValueRefused: E703, for a naive datetime.
    """
    if when.tzinfo is None or when.utcoffset() is None:
        raise ValueRefused("E703", text=when.isoformat())
    return Instant((when - _EPOCH) // _ONE)


def parse_instant(text: str) -> Instant:
    """Return the instant of ISO 8601 text with an offset; digits beyond the microsecond are cut off.

    Raises:
        ValueRefused: E703, for text without an offset or that is no time at all.
    """
    try:
        return instant(datetime.fromisoformat(_FRACTION.sub(r"\1", text)))
    except (ValueError, OverflowError) as error:
        raise ValueRefused("E703", text=text[:40]) from error


def parse_date(text: str) -> date:
    """Return the local date of ``YYYY-MM-DD``.

    Raises:
        ValueRefused: E705.
    """
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueRefused("E705", text=text[:40])


def seconds(count: float) -> Duration:
    """Return a duration from seconds, to the nearest microsecond."""
    return Duration(round(count * SECOND))


def utc(at: Instant) -> datetime:
    """Return the aware UTC datetime of an instant."""
    return _EPOCH + timedelta(microseconds=at)


class Zone:
    """A time zone of the IANA list: instants to local dates and wall times, and back.

    Args:
        name: For example ``"Asia/Shanghai"``.

    Raises:
        ValueRefused: E704, for a name that the list does not have.
    """

    __slots__ = ("_info", "name")

    def __init__(self, name: str) -> None:
        try:
            self._info = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueRefused("E704", text=name[:60]) from error
        self.name: Final = name

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Zone) and self.name == other.name

    @override
    def __hash__(self) -> int:
        return hash((Zone, self.name))

    @override
    def __repr__(self) -> str:
        return f"Zone({self.name!r})"

    def local(self, at: Instant) -> datetime:
        """Return the aware local datetime of an instant."""
        return utc(at).astimezone(self._info)

    def day(self, at: Instant) -> date:
        """Return the local date of an instant."""
        return self.local(at).date()

    def offset(self, at: Instant) -> Duration:
        """Return how far local wall time is ahead of UTC at an instant."""
        return Duration((self.local(at).utcoffset() or timedelta()) // _ONE)

    def at(self, day: date, hour: int = 0, minute: int = 0) -> Instant:
        """Return the instant of a wall time of a local date.

        A wall time that a jump leaves out is the instant of the jump; of one that comes twice the first counts.
        """
        wall = datetime(day.year, day.month, day.day, hour, minute, tzinfo=self._info)
        found = wall.astimezone(UTC)
        if found.astimezone(self._info).replace(tzinfo=None) != wall.replace(tzinfo=None):
            return self._jump(instant(found))
        return instant(found)

    def _jump(self, near: Instant) -> Instant:
        """Return the instant of the change of offset in the day around ``near``, by halving."""
        low, high = near - DAY, near + DAY
        before = self.offset(Instant(low))
        while high - low > 1:
            middle = (low + high) // 2
            if self.offset(Instant(middle)) == before:
                low = middle
            else:
                high = middle
        return Instant(high)

    def isoformat(self, at: Instant) -> str:
        """Return local time with offset, as short as it is exact: ``2008-12-29T17:39:27+08:00``."""
        return self.local(at).isoformat()


@lru_cache(maxsize=256)
def zone(name: str) -> Zone:
    """Return the zone of a name; the same object for the same name."""
    return Zone(name)
