"""A plan checked as a whole, before it rates anything.

At each instant a rule without prefixes must hold, and no two rules may both win: so that rating is total and never
has to choose. Every problem names the place as it is written: ``versions[0].rules[2].steps[1].increment_s``.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Final, TypeAlias

from callcenter.billing.choice import precedence
from callcenter.billing.plans import ALWAYS, CapPolicy, RatePlan, RateRule, RateVersion, Step
from callcenter.billing.spans import increment_price
from callcenter.errors import UsageError
from callcenter.model.hours import DAY_MINUTES, WEEKDAYS, Window, begins
from callcenter.model.times import Zone
from callcenter.model.value import value

Path: TypeAlias = tuple[str | int, ...]

_YEARS: Final = 41
"""Every date of a year, 29 February too, falls on every weekday within forty years (unless a century interferes)."""
_LAST_DATE: Final = date(9998, 12, 31)
_SOME_MONDAY: Final = date(2001, 1, 1)


@value
class Problem:
    """Something wrong with a plan.

    Attributes:
        code: Key of the catalogue, E454 to E468.
        path: From the plan on: ``("versions", 0, "rules", 1, "cap_fen")``.
        fields: What the sentence names.
    """

    code: str
    path: Path = ()
    fields: tuple[tuple[str, str], ...] = ()


def checked(plan: RatePlan) -> RatePlan:
    """Return a plan that has no problem.

    Raises:
        UsageError: For its first problem, with the path.
    """
    for problem in problems(plan):
        raise UsageError(problem.code, written(("rate", plan.name, *problem.path)), **dict(problem.fields))
    return plan


def written(path: Path) -> str:
    """Return a path as it is written in a file."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def problems(plan: RatePlan) -> Iterator[Problem]:
    """Yield what is wrong with a plan, in the order of its text; coverage and overlaps after the single values."""
    if not plan.versions:
        yield Problem(code="E454", path=("versions",))
    for number, (one, next_one) in enumerate(pairwise(plan.versions), 1):
        if one.effective_from >= next_one.effective_from:
            yield Problem(code="E455", path=("versions", number, "effective_from"))
    for number, version in enumerate(plan.versions):
        path: Path = ("versions", number)
        single = [found for place, rule in enumerate(version.rules) for found in _rule((*path, "rules", place), rule)]
        yield from single
        if not single:
            yield from _coverage(path, version)
            yield from _overlaps(path, version, _dates(plan, number))


def _rule(path: Path, rule: RateRule) -> Iterator[Problem]:
    if rule.window.start == rule.window.end or not rule.window.weekdays:
        yield Problem(code="E456", path=(*path, "to" if rule.window.weekdays else "weekdays"))
    for key, amount in (("connect_fen", rule.connect), ("min_charge_fen", rule.minimum), ("cap_fen", rule.cap)):
        if amount is not None and amount.hao < 0:
            yield _low(path, key, 0)
    if rule.min_seconds < 0:
        yield _low(path, "min_seconds", 0)
    if not rule.steps:
        yield Problem(code="E457", path=(*path, "steps"))
    elif rule.steps[0].from_s != 0:
        yield Problem(code="E458", path=(*path, "steps", 0, "from_s"))
    for place, (one, next_one) in enumerate(pairwise(rule.steps), 1):
        if one.from_s >= next_one.from_s:
            yield Problem(code="E458", path=(*path, "steps", place, "from_s"))
    broken = [found for place, step in enumerate(rule.steps) for found in _step((*path, "steps", place), step)]
    yield from broken
    if not broken and rule.steps:
        yield from _cap(path, rule)


def _step(path: Path, step: Step) -> Iterator[Problem]:
    if step.price.num < 0 or step.price.den < 1:
        yield _low(path, "price_fen", 0)
    if step.per_s < 1:
        yield _low(path, "per_s", 1)
    if step.increment_s < 1:
        yield _low(path, "increment_s", 1)


def _cap(path: Path, rule: RateRule) -> Iterator[Problem]:
    if rule.cap is None:
        if rule.cap_policy is not None:
            yield Problem(code="E459", path=(*path, "cap_policy"))
        return
    if rule.minimum is not None and rule.minimum > rule.cap:
        fields = (("minimum", str(rule.minimum)), ("cap", str(rule.cap)))
        yield Problem(code="E460", path=(*path, "min_charge_fen"), fields=fields)
    num, den = increment_price(rule.steps[0])
    if rule.cap_policy is CapPolicy.DISCONNECT and rule.cap.hao * den < rule.connect.hao * den + num:
        yield Problem(code="E461", path=(*path, "cap_fen"), fields=(("cap", str(rule.cap)),))


def _low(path: Path, key: str, low: int) -> Problem:
    return Problem(code="E462", path=(*path, key), fields=(("low", str(low)),))


def _coverage(path: Path, version: RateVersion) -> Iterator[Problem]:
    """Find a weekday and minute at which no open rule holds on an ordinary date.

    Rules with holidays do not count: they hold on no other date.
    """
    windows = [rule.window for rule in version.rules if rule.is_open and not rule.holidays]
    edges = sorted({0, *(w.start for w in windows), *(w.end % DAY_MINUTES for w in windows)})
    for weekday, name in enumerate(WEEKDAYS):
        for minute in edges:
            if not any(_covers(window, weekday, minute) for window in windows):
                clock = f"{minute // 60:02}:{minute % 60:02}"
                yield Problem(code="E463", path=(*path, "rules"), fields=(("weekday", name), ("clock", clock)))
                return


def _covers(window: Window, weekday: int, minute: int) -> bool:
    day = _SOME_MONDAY + timedelta(days=weekday)
    first = begins(window.start, window.end, day, minute)
    return first is not None and first.weekday() in window.weekdays


def _overlaps(path: Path, version: RateVersion, within: tuple[date, date]) -> Iterator[Problem]:
    """Find two rules of equal weight and equal prefixes that hold at one time."""
    for (place, one), (other_place, other) in combinations(enumerate(version.rules), 2):
        same = (one.called_prefix, one.caller_prefix) == (other.called_prefix, other.caller_prefix)
        if same and precedence(one) == precedence(other) and _meet(one, other, within):
            fields = (("other", written((*path, "rules", place))),)
            yield Problem(code="E464", path=(*path, "rules", other_place), fields=fields)


def _meet(one: RateRule, other: RateRule, within: tuple[date, date]) -> bool:
    """Tell whether two rules hold at one wall time, heads and tails (after midnight) of their windows considered."""
    head = max(one.window.start, other.window.start) < min(_head_end(one.window), _head_end(other.window))
    if head and _share_date(one, other, 0, within):
        return True
    if other.window.start < _tail_end(one.window) and _share_date(one, other, 1, within):
        return True
    return one.window.start < _tail_end(other.window) and _share_date(other, one, 1, within)


def _head_end(window: Window) -> int:
    return window.end if window.start < window.end else DAY_MINUTES


def _tail_end(window: Window) -> int:
    """Return the minute to which a window reaches on the day after it began; 0 when it does not."""
    return 0 if window.start < window.end else window.end


def _share_date(one: RateRule, other: RateRule, later: int, within: tuple[date, date]) -> bool:
    """Tell whether ``one`` may begin on a date and ``other`` begin ``later`` days after it."""
    if not one.holidays and not other.holidays:
        return any((weekday + later) % 7 in other.window.weekdays for weekday in one.window.weekdays)
    days = {*_days(one, within), *(day - timedelta(days=later) for day in _days(other, within))}
    return any(_begins_on(one, day) and _begins_on(other, day + timedelta(days=later)) for day in days)


def _begins_on(rule: RateRule, day: date) -> bool:
    return day.weekday() in rule.window.weekdays and (not rule.holidays or day in rule.holidays)


def _days(rule: RateRule, within: tuple[date, date]) -> Iterator[date]:
    """Yield the holidays of a rule that can matter, yearly ones for as long as brings all weekdays."""
    low, high = within
    yield from (day for day in rule.holidays.dates if low <= day <= high)
    for month, day in rule.holidays.yearly:
        for year in range(low.year, min(high.year, low.year + _YEARS) + 1):
            if (month, day) != (2, 29) or isleap(year):
                found = date(year, month, day)
                if low <= found <= high:
                    yield found


def _dates(plan: RatePlan, number: int) -> tuple[date, date]:
    """Return the local dates between which windows of a version can begin and matter."""
    low = _date(plan.zone, plan.versions[number], date(2, 1, 2)) - timedelta(days=1)
    later = plan.versions[number + 1 : number + 2]
    return low, min((_date(plan.zone, version, _LAST_DATE) for version in later), default=_LAST_DATE)


def _date(zone: Zone, version: RateVersion, otherwise: date) -> date:
    return otherwise if version.effective_from == ALWAYS else zone.day(version.effective_from)
