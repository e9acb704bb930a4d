"""Hypothesis strategies for rate plans and talks: random calendars, steps, caps, prefixes and versions, always valid.

``@given(rate_plans(), usages())`` is all that a test of billing rules needs. Moments lie near what matters: midnights,
evenings, holidays, days on which clocks are set.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from hypothesis import strategies as st

from callcenter.billing.plans import (
    ALWAYS,
    NO_TAG,
    CapPolicy,
    Price,
    RatePlan,
    RateRule,
    RateVersion,
    Step,
    price,
)
from callcenter.billing.spans import increment_price
from callcenter.billing.usage import Usage
from callcenter.model.hours import EVERY_DAY, NO_HOLIDAYS, Holidays, Window
from callcenter.model.money import Money, Rounding, ratio
from callcenter.model.times import SECOND, Instant, instant, zone

ZONES: Final = ("Asia/Shanghai", "Europe/Berlin", "UTC", "Australia/Lord_Howe", "America/St_Johns")
PREFIXES: Final = ("", "9", "95", "9599", "4000")
CALLERS: Final = ("013900001111", "02855500001", "anonymous", "")
CALLED: Final = ("95990001", "4000000001", "")
TAGS: Final = (("campaign", "spring"), ("kind", "test"))

_DAYS: Final = (
    date(1986, 5, 3),  # Asia/Shanghai set its clocks in the night after this day
    date(1991, 9, 14),
    date(2008, 2, 28),
    date(2008, 12, 29),
    date(2009, 4, 30),
    date(2012, 9, 30),
    date(2026, 3, 28),
    date(2026, 10, 24),
)
_MINUTES: Final = (0, 1, 60, 120, 150, 9 * 60, 18 * 60, 22 * 60, 23 * 60 + 59)


def moments() -> st.SearchStrategy[Instant]:
    """Return instants near midnights, tariff changes, holidays and set clocks, in 1986 to 2026."""
    return st.builds(
        _moment,
        st.sampled_from(_DAYS),
        st.integers(0, 3 * 1440),
        st.sampled_from([0, 0, 1, 500_000, 999_999]),
        st.integers(0, 59),
    )


def _moment(day: date, minutes: int, micros: int, seconds: int) -> Instant:
    midnight = instant(datetime.fromisoformat(f"{day}T00:00:00+00:00"))
    return Instant(midnight + (minutes * 60 + seconds) * SECOND + micros)


def prices() -> st.SearchStrategy[Price]:
    """Return prices from nothing to 12 fen, with up to three decimals."""
    return st.sampled_from(["0", "0.6", "1", "0.5", "0.333", "10", "12", "12.55", "5"]).map(price)


def holidays() -> st.SearchStrategy[Holidays]:
    """Return some dates of _DAYS and their morrows, once or yearly."""
    dates = st.frozensets(st.sampled_from([*_DAYS, date(2009, 5, 1), date(2012, 10, 1), date(2008, 2, 29)]), max_size=3)
    yearly = st.frozensets(st.sampled_from([(5, 1), (2, 29), (12, 30), (5, 4)]), max_size=2)
    return st.builds(Holidays, dates=dates, yearly=yearly)


def windows() -> st.SearchStrategy[Window]:
    """Return weekly windows, some over midnight."""
    weekdays = st.lists(st.sampled_from(EVERY_DAY), min_size=1, unique=True).map(lambda days: tuple(sorted(days)))
    ends = st.sampled_from([*_MINUTES[1:], 1440])
    pairs = st.tuples(st.sampled_from(_MINUTES), ends).filter(lambda pair: pair[0] != pair[1])
    return st.builds(lambda days, pair: Window(weekdays=days, start=pair[0], end=pair[1]), weekdays, pairs)


def steps() -> st.SearchStrategy[tuple[Step, ...]]:
    """Return one to three steps, ascending from 0."""
    starts = st.lists(st.sampled_from([30, 60, 90, 100, 600]), max_size=2, unique=True).map(lambda s: [0, *sorted(s)])
    return starts.flatmap(lambda found: st.tuples(*(_step(start) for start in found)))


def _step(start: int) -> st.SearchStrategy[Step]:
    per = st.sampled_from([1, 6, 7, 30, 60])
    increment = st.sampled_from([1, 6, 7, 30, 60, 90, 3600])
    return st.builds(Step, from_s=st.just(start), price=prices(), per_s=per, increment_s=increment)


@st.composite
def rules(draw: st.DrawFn, weight: int = 0, *, always: bool = True) -> RateRule:
    """Draw a rule: one that always holds for every call, or one with any hours, dates, prefixes and tag."""
    found = draw(steps())
    connect = Money(draw(st.sampled_from([0, 0, 100, 1500])))
    minimum = draw(st.none() | st.sampled_from([Money(1), Money(500), Money(3000)]))
    num, den = increment_price(found[0])
    floor = max(0 if minimum is None else minimum.hao, connect.hao + ratio(num, den, Rounding.CEIL))
    cap = draw(st.none() | st.sampled_from([0, 1, 6200, 100_000]).map(lambda more: Money(floor + more)))
    policy = None if cap is None else draw(st.none() | st.sampled_from(CapPolicy))
    return RateRule(
        steps=found,
        window=Window() if always else draw(st.just(Window()) | windows()),
        holidays=NO_HOLIDAYS if always else draw(st.just(NO_HOLIDAYS) | holidays()),
        called_prefix="" if always else draw(st.sampled_from(PREFIXES)),
        caller_prefix="" if always else draw(st.sampled_from(["", "", "0139", "028"])),
        tag=NO_TAG if always else draw(st.sampled_from([NO_TAG, NO_TAG, TAGS[0]])),
        weight=weight,
        connect=connect,
        minimum=minimum,
        min_seconds=draw(st.sampled_from([0, 0, 0, 1, 61, 200])),
        cap=cap,
        cap_policy=policy,
    )


@st.composite
def rate_plans(draw: st.DrawFn, *, versions: int = 3, rules_each: int = 3) -> RatePlan:
    """Draw a valid plan.

    Args:
        draw: Given by Hypothesis.
        versions: At most so many.
        rules_each: At most so many besides the one that always holds.
    """
    later = draw(st.lists(moments(), max_size=versions - 1, unique=True))
    made = []
    for since in (ALWAYS, *sorted(later)):
        others = draw(st.integers(0, rules_each))
        found = [draw(rules())] + [draw(rules(weight=n + 1, always=False)) for n in range(others)]
        made.append(RateVersion(effective_from=since, rules=tuple(draw(st.permutations(found)))))
    return RatePlan(
        name="drawn",
        zone=zone(draw(st.sampled_from(ZONES))),
        rounding=draw(st.sampled_from(Rounding)),
        versions=tuple(made),
    )


def durations(most_s: int = 4 * 86_400) -> st.SearchStrategy[int]:
    """Return microseconds of talk, mostly short, around whole seconds and minutes."""
    seconds = st.integers(0, min(200, most_s)) | st.integers(0, min(7200, most_s)) | st.integers(0, most_s)
    return st.builds(
        lambda whole, part: max(whole * SECOND + part, 0), seconds, st.sampled_from([0, 0, -1, 1, 400_000])
    )


def usages(most_s: int = 4 * 86_400) -> st.SearchStrategy[Usage]:
    """Return talks of up to ``most_s`` seconds."""
    return st.builds(
        lambda start, micros, caller, called, tags: Usage(
            answered_at=start, ended_at=Instant(start + micros), caller=caller, called=called, tags=tags
        ),
        moments(),
        durations(most_s),
        st.sampled_from(CALLERS),
        st.sampled_from(CALLED),
        st.sampled_from([(), TAGS[:1], TAGS]),
    )
