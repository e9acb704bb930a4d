"""When: weekly windows and holidays by local wall time, as a group, a schedule node and a rate rule say them.

Windows are half-open ``[start, end)``; one that goes over midnight belongs to the weekday, or the holiday, on which it
begins.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from callcenter.model.times import Instant, Zone
from callcenter.model.value import value

DAY_MINUTES: Final = 24 * 60
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY: Final = (0, 1, 2, 3, 4, 5, 6)
_FRIDAY: Final = 4


@value
class Holidays:
    """Local dates that count as holidays.

    Attributes:
        dates: Single dates.
        yearly: (month, day) pairs that come every year.
        workdays: Weekend dates on which work is made up: they count as any of Monday to Friday.
    """

    dates: frozenset[date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()
    workdays: frozenset[date] = frozenset()

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and (day in self.dates or (day.month, day.day) in self.yearly)

    def __bool__(self) -> bool:
        return bool(self.dates) or bool(self.yearly)


NO_HOLIDAYS: Final = Holidays()


@value
class Window:
    """A weekly window of local wall time.

    Attributes:
        weekdays: 0 is Monday.
        start: Minutes from midnight, 0–1439.
        end: Minutes from midnight, 1–1440; at or before ``start`` the window goes over midnight.
    """

    weekdays: tuple[int, ...] = EVERY_DAY
    start: int = 0
    end: int = DAY_MINUTES


def day_and_minute(zone: Zone, at: Instant) -> tuple[date, int]:
    """Return the local date and the minute of its wall clock at an instant."""
    local = zone.local(at)
    return local.date(), local.hour * 60 + local.minute


def begins(start: int, end: int, day: date, minute: int) -> date | None:
    """Return the date on which the window that holds at a wall time began, or None when it does not hold then."""
    if start < end:
        return day if start <= minute < end else None
    if minute >= start:
        return day
    return day - timedelta(days=1) if minute < end else None


def holds(window: Window, day: date, minute: int, workdays: frozenset[date] = frozenset()) -> bool:
    """Tell whether a window holds at a local wall time.

    A window over midnight belongs to the weekday on which it begins; one of ``workdays`` counts as Monday to Friday,
    whatever weekday it is.
    """
    first = begins(window.start, window.end, day, minute)
    if first is None:
        return False
    if first in workdays:
        return min(window.weekdays, default=7) <= _FRIDAY
    return first.weekday() in window.weekdays
