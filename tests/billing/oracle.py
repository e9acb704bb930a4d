"""The plain model against which rating is held: fractions, datetimes, one increment after the other.

Written apart from the library on purpose: it asks the calendar anew for each increment and shares no code with
``callcenter.billing`` but the values of a plan.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from callcenter.billing.plans import CapPolicy, RatePlan, RateRule, Tags
from callcenter.model.money import Rounding

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def rule_at(plan: RatePlan, at: int, caller: str, called: str, tags: Tags) -> tuple[int, int, RateRule]:
    version = max(n for n, each in enumerate(plan.versions) if each.effective_from <= at)
    wall = (EPOCH + timedelta(microseconds=at)).astimezone(ZoneInfo(plan.zone.name)).replace(tzinfo=None)
    holding = [
        (rule.weight, len(rule.called_prefix), len(rule.caller_prefix), place)
        for place, rule in enumerate(plan.versions[version].rules)
        if called[: len(rule.called_prefix)] == rule.called_prefix
        and caller[: len(rule.caller_prefix)] == rule.caller_prefix
        and (rule.tag == ("", "") or rule.tag in set(tags))
        and holds(rule, wall)
    ]
    holding.sort()
    assert len(holding) == 1 or holding[-1][:3] != holding[-2][:3], "two rules win"
    place = holding[-1][3]
    return version, place, plan.versions[version].rules[place]


def holds(rule: RateRule, wall: datetime) -> bool:
    for began in (wall.date(), wall.date() - timedelta(days=1)):
        midnight = datetime(began.year, began.month, began.day)  # noqa: DTZ001 - wall times have no zone
        start = midnight + timedelta(minutes=rule.window.start)
        end = midnight + timedelta(minutes=rule.window.end)
        if end <= start:
            end += timedelta(days=1)
        if start <= wall < end and began.weekday() in rule.window.weekdays and on_holiday(rule, began):
            return True
    return False


def on_holiday(rule: RateRule, day: date) -> bool:
    if not rule.holidays.dates and not rule.holidays.yearly:
        return True
    return day in rule.holidays.dates or (day.month, day.day) in rule.holidays.yearly


def increments(
    plan: RatePlan, start: int, caller: str, called: str, tags: Tags
) -> Iterator[tuple[int, tuple[int, int, int], Fraction]]:
    billed = 0
    while True:
        version, place, rule = rule_at(plan, start + billed * 1_000_000, caller, called, tags)
        number = max(n for n, step in enumerate(rule.steps) if step.from_s <= billed)
        step = rule.steps[number]
        yield billed, (version, place, number), Fraction(step.price.num * step.increment_s, step.price.den * step.per_s)
        billed += step.increment_s


class Bill:
    """All that the oracle knows of a talk."""

    def __init__(
        self, plan: RatePlan, start: int, micros: int, caller: str = "", called: str = "", tags: Tags = ()
    ) -> None:
        self.seconds = math.ceil(Fraction(micros, 1_000_000))
        self.increments: list[tuple[int, tuple[int, int, int], Fraction]] = []
        self.billed = 0
        self.uncapped = Fraction(0)
        self.posted = 0
        if self.seconds == 0:
            return
        _, _, first = rule_at(plan, start, caller, called, tags)
        self.uncapped = Fraction(first.connect.hao)
        for billed, place, cost in increments(plan, start, caller, called, tags):
            self.increments.append((billed, place, cost))
            self.uncapped += cost
            self.billed = billed + plan.versions[place[0]].rules[place[1]].steps[place[2]].increment_s
            if self.billed >= max(self.seconds, first.min_seconds):
                break
        self.posted = post(self.uncapped, first, plan.rounding)


def post(uncapped: Fraction, first: RateRule, rounding: Rounding) -> int:
    charged = max(uncapped, Fraction(first.minimum.hao)) if first.minimum else uncapped
    if first.cap is not None:
        charged = min(charged, Fraction(first.cap.hao))
    if rounding is Rounding.CEIL:
        return math.ceil(charged)
    return math.floor(charged + Fraction(1, 2)) if rounding is Rounding.HALF_UP else math.floor(charged)


def longest(plan: RatePlan, start: int, available: int, horizon_s: int, caller: str, called: str, tags: Tags) -> int:
    """Return the longest talk that can be paid, ``horizon_s`` when it is that or more: increment after increment."""
    _, _, first = rule_at(plan, start, caller, called, tags)
    cut = first.cap if first.cap_policy is CapPolicy.DISCONNECT else None
    spent, end, found = Fraction(first.connect.hao), 0, 0
    for offset, place, cost in increments(plan, start, caller, called, tags):
        spent += cost
        end = offset + plan.versions[place[0]].rules[place[1]].steps[place[2]].increment_s
        too_dear = cut is not None and spent > cut.hao
        if post(spent, first, plan.rounding) > available or too_dear:
            return found
        if end >= first.min_seconds:
            found = end
        if end >= horizon_s:
            return horizon_s
    raise AssertionError
