"""How long a balance lasts: the exact inverse of rating, and what must be held while a talk goes on.

``cost(max_usage) <= available < cost(max_usage + 1 s)``. The way leads over cells (increments in a row that one step
prices), so three hours of one-second increments cost as little as three minutes.

Theory of operation of very long talks. After two weeks, what comes looks like what was, except at special instants: a
new version, a holiday, the clocks. Between two of these the future depends on the place in the week alone. So as soon
as a place in the week comes again, the way from the one to the other is a cycle with a known length and price, and as
many cycles as fit before the next special instant and into the balance are skipped at once. Each skip leads to within
one cycle of a special instant, or of the end of the balance; places in the week are finitely many, so are special
instants until the calendar ends, and from there on (:data:`CALENDAR_ENDS`) one rule holds for ever: the walk ends.
A cycle that costs nothing with no special instant ahead, or nothing but free steps ahead, is no limit at all.
"""

from __future__ import annotations

from calendar import isleap
from datetime import UTC, date, datetime, timedelta
from typing import Final

from callcenter.billing.calendars import (
    CALENDAR_BEGINS,
    CALENDAR_ENDS,
    EPOCH_ORDINAL,
    clock_changes,
    last_change,
    last_date,
)
from callcenter.billing.plans import CapPolicy, RatePlan, Tags
from callcenter.billing.rating import cost, priced
from callcenter.billing.spans import CountedRule, Track, compiled
from callcenter.model.hours import Holidays
from callcenter.model.money import Money, Rounding
from callcenter.model.times import DAY, NEVER, SECOND, Instant, Zone, instant, utc

WEEK_S: Final = 7 * 86_400
LEAP_DAY: Final = (2, 29)
_LONG_S: Final = 2 * WEEK_S
"""Shorter talks are walked through; looking for cycles would cost more than it saves."""
_AGE_S: Final = 146_097 * 86_400
"""400 years: so many days are whole weeks, and then every date has its weekday again."""
_ZONES_SETTLED: Final = instant(datetime(2100, 1, 1, tzinfo=UTC))
"""From here on clocks are set every year by one rule (:func:`last_change`)."""
_LONGEST_GAP_YEARS: Final = 9
"""A 29 February comes at least every eight years."""


def max_usage(
    available: Money, start: Instant, plan: RatePlan, caller: str = "", called: str = "", tags: Tags = ()
) -> int | None:
    """Return for how many whole seconds a talk can be paid.

    Args:
        available: Balance and credit limit less what is held otherwise; may be negative.
        start: The answer.
        plan: The plan.
        caller: For rules with a caller prefix.
        called: The number dialled, for rules with a called prefix.
        tags: For rules with a tag.

    Returns:
        The most seconds whose posted price is covered (and, under a ``disconnect`` cap, whose exact uncapped price is
        within the cap); 0 when not even one second is covered; None when there is no limit.

    Raises:
        UsageError: E451, when no version is in force at ``start``.
    """
    if available < admission_cost(start, plan, caller, called, tags):
        return 0
    track = compiled(plan).track(caller, called, tags)
    first, _ = track.rule(start)
    limit = _limit(available.hao, first, plan.rounding)
    if limit is None:
        return None
    longest = _Walk(track, start, plan, limit, first.connect).longest()
    return 0 if longest is not None and longest < first.rule.min_seconds else longest


def admission_cost(start: Instant, plan: RatePlan, caller: str = "", called: str = "", tags: Tags = ()) -> Money:
    """Return the posted price of one second: what a balance must cover for a call to be admitted (C4)."""
    return cost(1, start, plan, caller, called, tags)


def hold_needed(
    start: Instant, now: Instant, plan: RatePlan, caller: str = "", called: str = "", tags: Tags = ()
) -> Money:
    """Return what must be held for a talk that goes on at ``now``: the increments that have begun and one more.

    Before the answer, hold :func:`admission_cost`. The increment that begins at ``now`` has begun.
    """
    return cost(_begun(start, now, plan, caller, called, tags) + 1, start, plan, caller, called, tags)


def next_increment(
    start: Instant, now: Instant, plan: RatePlan, caller: str = "", called: str = "", tags: Tags = ()
) -> Instant:
    """Return when the next increment begins after ``now``: when :func:`hold_needed` must be asked again."""
    return Instant(start + _begun(start, now, plan, caller, called, tags) * SECOND)


def _begun(start: Instant, now: Instant, plan: RatePlan, caller: str, called: str, tags: Tags) -> int:
    """Return the billed seconds of the increments that begin at or before ``now``."""
    seconds = max(now - start, 0) // SECOND + 1
    return priced(compiled(plan).track(caller, called, tags), start, seconds, plan)[0]


class _Limit:
    """An upper bound of an exact price, in half hao: reached, or (strict) only approached."""

    __slots__ = ("halves", "strict")

    def __init__(self, halves: int, *, strict: bool) -> None:
        self.halves: Final = halves
        self.strict: Final = strict

    def fits(self, spent: int, each: int, scale: int) -> int:
        """Return how many times ``each`` > 0 may be added to ``spent`` (units of hao times scale); at least 0."""
        room = self.halves * scale - 2 * spent
        return max((room - 1) // (2 * each) if self.strict else room // (2 * each), 0)


def _limit(available: int, first: CountedRule, rounding: Rounding) -> _Limit | None:
    """Return the bound of the exact uncapped price, None when there is none."""
    if first.rule.cap is not None and first.rule.cap.hao <= available:
        if first.rule.cap_policy is not CapPolicy.DISCONNECT:
            return None
        return _Limit(2 * first.rule.cap.hao, strict=False)
    match rounding:
        case Rounding.HALF_UP:
            return _Limit(2 * available + 1, strict=True)
        case Rounding.CEIL:
            return _Limit(2 * available, strict=False)
        case Rounding.FLOOR:
            return _Limit(2 * available + 2, strict=True)


class _Walk:
    """The walk of one talk over its cells, until the limit."""

    __slots__ = (
        "_ages",
        "_billed",
        "_limit",
        "_plan",
        "_regular_until",
        "_scale",
        "_seen",
        "_spent",
        "_start",
        "_track",
    )

    def __init__(self, track: Track, start: Instant, plan: RatePlan, limit: _Limit, connect: int) -> None:
        self._track: Final = track
        self._start: Final = start
        self._plan: Final = plan
        self._limit: Final = limit
        self._scale: Final = compiled(plan).scale
        self._billed = 0
        self._spent = connect
        self._regular_until: int = CALENDAR_BEGINS
        self._seen: dict[int, tuple[int, int]] = {}
        self._ages: dict[int, tuple[int, int]] = {}

    def longest(self) -> int | None:
        """Return the end of the last increment within the limit, None when there is no last."""
        while True:
            step, count = self._track.cell(self._start, self._billed)
            if step.units:
                fit = self._limit.fits(self._spent, step.units, self._scale)
                if count is None or fit < count:
                    return self._billed + fit * step.increment_s
            elif count is None:
                return None
            self._billed += count * step.increment_s
            self._spent += count * step.units
            if self._billed > _LONG_S and self._billed >= self._track.last_step_s and self._skip():
                return None

    def _skip(self) -> bool:
        """Skip whole cycles; tell whether all that may come is free."""
        at = self._start + self._billed * SECOND
        if at >= CALENDAR_ENDS:
            return False
        if at >= self._regular_until:
            if self._track.free_from(at, self._billed):
                return True
            self._seen.clear()
            if at >= max(_ZONES_SETTLED, _last_date(self._plan)):
                self._cycle(self._ages, _AGE_S, CALENDAR_ENDS)
                at = self._start + self._billed * SECOND
            self._regular_until = regular_until(self._plan, self._track, at)
        spent = self._cycle(self._seen, WEEK_S, min(self._regular_until, CALENDAR_ENDS))
        return spent == 0 and self._regular_until == NEVER

    def _cycle(self, seen: dict[int, tuple[int, int]], period_s: int, until: int) -> int | None:
        """Skip as many cycles as fit before an instant and into the balance.

        Returns:
            What one cycle costs; None where there was none to skip yet.
        """
        place = self._billed % period_s
        if place not in seen:
            seen[place] = (self._billed, self._spent)
            return None
        billed, spent = seen[place]
        seen.clear()
        length, price = self._billed - billed, self._spent - spent
        cycles = (until - self._start - self._billed * SECOND) // (length * SECOND)
        if price:
            cycles = min(cycles, self._limit.fits(self._spent, price, self._scale))
        self._billed += max(cycles, 0) * length
        self._spent += max(cycles, 0) * price
        return price


def regular_until(plan: RatePlan, track: Track, at: int) -> int:
    """Return until when, from ``at`` on, only the place in the week decides; ``at`` itself when it does not now.

    Holidays are given a day before and two after, so that no zone and no window over midnight reaches out of that.
    """
    calendars = [rule.holidays for version in plan.versions for rule in version.rules if rule.holidays]
    near = [track.next_version(at), _next_clock_change(plan.zone, at), _next_holiday(calendars, at)]
    return max(min(near), at)


def _last_date(plan: RatePlan) -> int:
    """Return an instant after which no version begins and no holiday comes but those of every year."""
    ends = [last_date(Holidays(dates=rule.holidays.dates)) for version in plan.versions for rule in version.rules]
    return max(plan.versions[-1].effective_from, *(end for end in ends if end < NEVER), CALENDAR_BEGINS)


def _next_clock_change(zone: Zone, at: int) -> int:
    if at >= last_change(zone):
        return NEVER
    for year in range(utc(Instant(at)).year, utc(CALENDAR_ENDS).year + 1):
        for change in clock_changes(zone, year):
            if change > at:
                return change
    return NEVER


def _next_holiday(calendars: list[Holidays], at: int) -> int:
    """Return a day before the next holiday whose effects are not over at ``at``; :data:`NEVER` without one."""
    today = utc(Instant(at)).date()
    since = today - timedelta(days=3)
    days = [day for calendar in calendars for day in calendar.dates if day >= since]
    yearly = {each for calendar in calendars for each in calendar.yearly}
    for year in range(since.year, min(since.year + _LONGEST_GAP_YEARS, 9999)):
        found = [date(year, *each) for each in yearly if each != LEAP_DAY or isleap(year)]
        if found := [day for day in found if day >= since]:
            days += found
            break
    return min(((day.toordinal() - EPOCH_ORDINAL - 1) * DAY for day in days), default=NEVER)
