"""The calendar cut into stretches in which one rule is in force, in whole integers.

A tariff is chosen by local wall time, a duration comes from UTC. So each UTC day is cut, once, at every instant at
which the wall clock passes a boundary of a rule or is set (daylight saving), and the rule of each stretch is noted;
after that a look-up is a division and a bisection. Between two cuts the wall clock runs steadily and passes no
boundary: one rule holds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from callcenter.billing.plans import RateRule
from callcenter.model.hours import DAY_MINUTES, Holidays, holds
from callcenter.model.times import DAY, MINUTE, NEVER, Instant, Zone, instant

EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
CALENDAR_BEGINS: Final = instant(datetime(2, 1, 1, tzinfo=UTC))
CALENDAR_ENDS: Final = instant(datetime(9998, 12, 31, tzinfo=UTC))
"""No talk lasts longer: what can be paid until then is unlimited."""

_DAYS_KEPT: Final = 4096


def offset(zone: Zone, at: int) -> int:
    """Return how far wall time is ahead of UTC, also for instants beyond the calendar."""
    return zone.offset(Instant(min(max(at, CALENDAR_BEGINS), CALENDAR_ENDS)))


def steady(zone: Zone, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Cut ``[begin, end)`` where the wall clock is set: (begin, end, offset) of each piece.

    Clocks are set at most twice within a span given here, never to return to the old offset before it ends.
    """
    while begin < end:
        ahead = offset(zone, begin)
        change = end if offset(zone, end - 1) == ahead else _change(zone, begin, end, ahead)
        yield begin, change, ahead
        begin = change


def _change(zone: Zone, low: int, high: int, ahead: int) -> int:
    while high - low > 1:
        middle = (low + high) // 2
        if offset(zone, middle) == ahead:
            low = middle
        else:
            high = middle
    return high


@lru_cache(maxsize=512)
def clock_changes(zone: Zone, year: int) -> tuple[int, ...]:
    """Return the instants of a UTC year at which the wall clock is set, found week by week."""
    begin, end = (instant(datetime(each, 1, 1, tzinfo=UTC)) for each in (year, year + 1))
    found: list[int] = []
    for week in range(begin, end, 7 * DAY):
        found += [start for start, _, _ in steady(zone, week - 1, min(week + 7 * DAY, end))][1:]
    return tuple(found)


@lru_cache(maxsize=64)
def last_change(zone: Zone) -> int:
    """Return the last instant at which the wall clock is set, :data:`NEVER` when it is set for ever.

    The time zone database ends in a rule that repeats every year; what was not set until 2100 is never set again.
    """
    for year in range(2100, 1900, -1):
        if found := clock_changes(zone, year):
            return NEVER if year == 2100 else found[-1]
    return CALENDAR_BEGINS


def last_date(holidays: Holidays) -> int:
    """Return an instant from which on no window that begins on one of some days holds, in any zone; NEVER for none."""
    if holidays.yearly or not holidays.dates:
        return NEVER
    return (max(holidays.dates).toordinal() - EPOCH_ORDINAL + 3) * DAY


class DayTable:
    """The rules of one version, for calls to which all of them apply, cut by day.

    Args:
        zone: The plan's zone.
        rules: Candidates, the winner of two that hold first; (its place in the version, the rule).
    """

    __slots__ = ("_always", "_days", "_minutes", "_rules", "_zone")

    def __init__(self, zone: Zone, rules: Sequence[tuple[int, RateRule]]) -> None:
        self._zone: Final = zone
        until_always = next((n + 1 for n, (_, rule) in enumerate(rules) if rule.is_always), len(rules))
        self._rules: Final = tuple(rules[:until_always])
        windows = [rule.window for _, rule in self._rules]
        edges = {0, *(w.start for w in windows), *(w.end % DAY_MINUTES for w in windows)}
        self._minutes: Final = tuple(sorted(edges))
        self._always: Final = self._rules[0][0] if self._rules and self._rules[0][1].is_always else None
        self._days: Final[dict[int, tuple[list[int], list[int]]]] = {}

    def at(self, at: int) -> tuple[int, int]:
        """Return the place of the rule in force (-1: none) and the instant until which that is known."""
        if self._always is not None:
            return self._always, NEVER
        if at >= CALENDAR_ENDS:
            return self.at(CALENDAR_ENDS - 1)[0], NEVER
        day = max(at, CALENDAR_BEGINS) // DAY
        table = self._days.get(day)
        if table is None:
            if len(self._days) >= _DAYS_KEPT:
                self._days.clear()
            table = self._days[day] = self._cut(day)
        starts, places = table
        found = bisect_right(starts, at) - 1
        return places[found], starts[found + 1]

    def _cut(self, day: int) -> tuple[list[int], list[int]]:
        starts: list[int] = []
        places: list[int] = []  # -1: no rule holds
        for begin, end, ahead in steady(self._zone, day * DAY, (day + 1) * DAY):
            for start in self._edges(begin, end, ahead):
                place = next((place for place, rule in self._rules if _holds(rule, start + ahead)), -1)
                if not places or places[-1] != place:
                    starts.append(start)
                    places.append(place)
        return [*starts, (day + 1) * DAY], places

    def _edges(self, begin: int, end: int, ahead: int) -> list[int]:
        midnights = range((begin + ahead) // DAY, (end + ahead) // DAY + 1)
        walls = [day * DAY + minute * MINUTE - ahead for day in midnights for minute in self._minutes]
        return [begin, *(wall for wall in walls if begin < wall < end)]


def rule_holds(rule: RateRule, zone: Zone, at: Instant) -> bool:
    """Tell whether a rule holds at an instant by its hours and dates (prefixes and tag apart)."""
    return _holds(rule, at + offset(zone, at))


def _holds(rule: RateRule, wall: int) -> bool:
    """Tell whether a rule holds at a wall time, given as microseconds of the local clock since 1970."""
    day, rest = divmod(wall, DAY)
    today = date.fromordinal(day + EPOCH_ORDINAL)
    minute = rest // MINUTE
    if not holds(rule.window, today, minute):
        return False
    return not rule.holidays or _begun_on(rule, day, minute) in rule.holidays


def _begun_on(rule: RateRule, day: int, minute: int) -> date:
    """Return the local date on which the window that holds now began."""
    over_midnight = rule.window.start >= rule.window.end and minute < rule.window.start
    return date.fromordinal(day - over_midnight + EPOCH_ORDINAL)
