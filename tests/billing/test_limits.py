"""How long a balance lasts, and what is held while a talk goes on."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from callcenter.billing import (
    CapPolicy,
    RatePlan,
    RateRule,
    RateVersion,
    Step,
    Usage,
    admission_cost,
    hold_needed,
    limits,
    max_usage,
    next_increment,
    price,
)
from callcenter.billing.spans import Track
from callcenter.model.hours import Holidays, Window
from callcenter.model.money import Money, Rounding, fen
from callcenter.model.times import SECOND, Instant, parse_instant, zone
from callcenter.testing.plans import rate_plans, usages

MONDAY = parse_instant("2008-12-29T10:00:00+08:00")
GUIDE = RatePlan.per_minute(fen(12))


def step(fen_text: str, per_s: int = 60, increment_s: int = 60, from_s: int = 0) -> Step:
    return Step(price=price(fen_text), per_s=per_s, increment_s=increment_s, from_s=from_s)


def plan(*rules: RateRule, **options: Any) -> RatePlan:
    return RatePlan(versions=(RateVersion(rules=rules),), **options)


def one(*steps: Step, **rule: Any) -> RatePlan:
    return plan(RateRule(steps=steps, **rule))


@pytest.mark.parametrize(
    ("balance", "seconds"), [("11.99", 0), ("12.00", 60), ("23.99", 60), ("100.00", 480), ("0", 0), ("-5", 0)]
)
def test_admission_of_the_guide(balance: str, seconds: int) -> None:
    """Below the price of a minute nothing, equality admits for 60 s, 100.00 fen last 480 s (C4)."""
    assert max_usage(fen(balance), MONDAY, GUIDE) == seconds
    assert (fen(balance) >= admission_cost(MONDAY, GUIDE)) is (seconds > 0)


@pytest.mark.parametrize(
    ("tariff", "balance", "seconds"),
    [
        (one(step("5", 60, 1), connect=fen(15)), "100", 17 * 60),
        (one(step("10.00")), "10.00", 60),
        (one(step("100.00")), "43749.18", 437 * 60),
        (one(step("1", 1, 1), cap=fen(62)), "61", 61),
        (one(step("1", 1, 1), cap=fen(62)), "62", None),
        (one(step("1", 1, 1), cap=fen(62), cap_policy=CapPolicy.DISCONNECT), "1000", 62),
        (one(step("1", 1, 1), cap=fen(62), cap_policy=CapPolicy.DISCONNECT), "61", 61),
        (one(step("12"), cap=fen(62), cap_policy=CapPolicy.DISCONNECT), "1000", 300),
        (one(step("12"), minimum=fen(20)), "19.99", 0),
        (one(step("12"), minimum=fen(20)), "20", 60),
        (one(step("12"), min_seconds=61), "23.99", 0),
        (one(step("12"), min_seconds=61), "24", 120),
        (one(step("12"), min_seconds=61, cap=fen(12), cap_policy=CapPolicy.DISCONNECT), "100", 0),
        (one(step("0")), "0", None),
        (one(step("0")), "-0.01", 0),
        (one(step("12"), step("0", from_s=120)), "24", None),
        (one(step("12"), step("0", from_s=120)), "23.99", 60),
        (one(step("0"), step("12", from_s=120)), "11.99", 120),
        (one(step("12", 60, 90), step("12", from_s=90)), "30", 150),
        (one(step("0.333", 7, 3), connect=fen(1)), "1.15", 3),
    ],
)
def test_how_long_a_balance_lasts(tariff: RatePlan, balance: str, seconds: int | None) -> None:
    """Connect fees, steps, minimums, both cap policies, free calls, and a debt where calls cost nothing."""
    assert max_usage(fen(balance), MONDAY, tariff) == seconds


@pytest.mark.parametrize(("rounding", "seconds"), [(Rounding.HALF_UP, 2), (Rounding.CEIL, 1), (Rounding.FLOOR, 3)])
def test_the_rounding_decides_the_last_second(rounding: Rounding, seconds: int) -> None:
    """At 0.6 hao a second, 0.01 fen last as long as the posted price stays 0.01."""
    tariff = plan(RateRule(steps=(step("0.006", 1, 1),)), rounding=rounding)
    assert max_usage(Money(1), MONDAY, tariff) == seconds


@pytest.mark.parametrize(("rounding", "seconds"), [(Rounding.HALF_UP, 2), (Rounding.CEIL, 2), (Rounding.FLOOR, 3)])
def test_half_a_hao_is_not_given_away(rounding: Rounding, seconds: int) -> None:
    """At exactly half a hao a second the price that is just between two hao decides."""
    tariff = plan(RateRule(steps=(step("0.005", 1, 1),)), rounding=rounding)
    assert max_usage(Money(1), MONDAY, tariff) == seconds


def test_a_cheaper_evening_is_reached() -> None:
    """The walk goes on under the next rule; free nights come again every day."""
    nights = plan(
        RateRule(steps=(step("12"),)),
        RateRule(steps=(step("0"),), window=Window(start=22 * 60, end=6 * 60), weight=1),
    )
    assert max_usage(fen(12), parse_instant("2008-12-29T21:00:00+08:00"), nights) == 60
    assert max_usage(fen(720), parse_instant("2008-12-29T21:00:00+08:00"), nights) == 9 * 3600
    assert max_usage(fen(0), parse_instant("2008-12-29T22:00:00+08:00"), nights) == 8 * 3600


WEEKENDS = plan(
    RateRule(steps=(step("0.6", 60, 30),)),
    RateRule(steps=(step("0", 60, 7),), window=Window(weekdays=(5, 6)), weight=1),
)
YEARLY = plan(
    RateRule(steps=(step("0", 1, 60),)),
    RateRule(steps=(step("1", 60, 60),), holidays=Holidays(yearly=frozenset([(2, 29)])), weight=1),
    RateRule(steps=(step("0", 1, 60),), window=Window(start=60, end=120), weight=2),
)
DST = plan(
    RateRule(steps=(step("1"),)),
    RateRule(steps=(step("0.5"),), window=Window(weekdays=(0, 1, 2), start=23 * 60, end=7 * 60), weight=1),
    zone=zone("Europe/Berlin"),
)
STRETCHED = plan(
    RateRule(steps=(step("1", 60, 7),)),
    RateRule(steps=(step("0.5", 60, 45),), window=Window(start=23 * 60, end=7 * 60), weight=1),
    zone=zone("Europe/Berlin"),
)
NEW_YEAR_NIGHT = plan(
    RateRule(steps=(step("0.1"),)),
    RateRule(steps=(step("0.2"),), window=Window(start=60, end=120), weight=1),
    RateRule(
        steps=(step("9"),),
        window=Window(start=22 * 60, end=18 * 60),
        holidays=Holidays(yearly=frozenset([(12, 31)])),
        weight=2,
    ),
    zone=zone("America/Phoenix"),
)
LATE_STEPS = plan(
    RateRule(steps=(step("0.1"), step("1", from_s=60 * 86_400))),
    RateRule(steps=(step("0.2"), step("3", from_s=90 * 86_400)), window=Window(start=60, end=120), weight=1),
)
VERSIONS = RatePlan(
    versions=tuple(
        RateVersion(
            rules=(
                RateRule(steps=(step(fen_text),)),
                RateRule(steps=(step("0.2"),), window=Window(start=60, end=120), weight=1),
            ),
            effective_from=parse_instant(f"{year}-07-01T00:00:00+08:00"),
        )
        for year, fen_text in ((2023, "0.1"), (2024, "0.3"), (2025, "0.05"), (2026, "1"))
    )
)
BALANCES = (
    (WEEKENDS, "300000"),
    (YEARLY, "2880"),
    (DST, "750000"),  # ends in a summer
    (STRETCHED, "3000000"),
    (NEW_YEAR_NIGHT, "500000"),
    (LATE_STEPS, "800000"),
    (VERSIONS, "800000"),
)


class Counted:
    """Counts the cells that are looked at."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cells = 0
        cell = Track.cell

        def counting(track: Track, start: Instant, billed: int) -> Any:
            self.cells += 1
            return cell(track, start, billed)

        monkeypatch.setattr(Track, "cell", counting)


def test_three_hours_cost_as_much_as_three_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """At one-second increments the walk is over spans: the number of steps does not grow with the balance."""
    tariff = one(step("1", 60, 1))
    looked = Counted(monkeypatch)
    assert max_usage(fen(3), MONDAY, tariff) == 180
    few, looked.cells = looked.cells, 0
    assert max_usage(fen(180), MONDAY, tariff) == 3 * 3600
    assert looked.cells == few
    looked.cells = 0
    assert max_usage(fen(10**12), MONDAY, tariff) == 60 * 10**12
    assert looked.cells == few


@pytest.mark.parametrize(("tariff", "balance"), BALANCES)
def test_years_are_skipped_not_walked(tariff: RatePlan, balance: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A balance for many years looks at few cells, and finds what a walk over every cell finds."""
    looked = Counted(monkeypatch)
    start = parse_instant("2024-01-15T23:30:00+01:00")  # in a night: weeks from here have another price in summer
    found = max_usage(fen(balance), start, tariff)
    few, looked.cells = looked.cells, 0
    monkeypatch.setattr(limits, "_LONG_S", sys.maxsize)
    assert max_usage(fen(balance), start, tariff) == found
    assert found is not None
    assert found > 300 * 86_400
    assert few < looked.cells if tariff is STRETCHED else few < looked.cells / 2


def test_what_is_free_in_every_week_is_unlimited() -> None:
    """Free for ever is found out, with windows, with a holiday that is over, and behind a priced first minute."""
    windows = RateRule(steps=(step("0"),), window=Window(start=60, end=120), weight=1)
    assert max_usage(fen(0), MONDAY, plan(RateRule(steps=(step("0"),)), windows)) is None
    first = RateRule(steps=(step("12"), step("0", from_s=60)), window=Window(start=60, end=120), weight=1)
    assert max_usage(fen(12), MONDAY, plan(RateRule(steps=(step("12"), step("0", from_s=60))), first)) is None
    over = Holidays(dates=frozenset([zone("Asia/Shanghai").day(MONDAY)]))
    holiday = RateRule(steps=(step("12"),), holidays=over, weight=1)
    assert max_usage(fen(12 * 60 * 14), MONDAY, plan(RateRule(steps=(step("0"),)), holiday)) is None
    assert max_usage(fen(11), MONDAY, plan(RateRule(steps=(step("0"),)), holiday)) == 0


def test_rules_for_other_calls_are_no_way_to_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Free for this number: what other numbers cost, on days that come every year under clocks that are set, is not asked."""
    free = RateRule(steps=(step("0"),), called_prefix="4000", weight=9)
    yearly = RateRule(steps=(step("6"),), holidays=Holidays(yearly=frozenset([(5, 1)])), weight=1)
    looked = Counted(monkeypatch)
    tariff = plan(free, yearly, RateRule(steps=(step("12"),)), zone=zone("Europe/Berlin"))
    assert max_usage(fen(0), MONDAY, tariff, called="4000000001") is None
    windows = RateRule(steps=(step("0"),), called_prefix="4000", weight=9, window=Window(start=540, end=1080))
    behind = RateRule(steps=(step("0"),), called_prefix="4000", weight=8)
    tariff = plan(windows, behind, yearly, RateRule(steps=(step("12"),)), zone=zone("Europe/Berlin"))
    assert max_usage(fen(0), MONDAY, tariff, called="4000000001") is None
    past = RateRule(steps=(step("12"),), holidays=Holidays(dates=frozenset([date(2008, 10, 1)])), weight=1)
    assert max_usage(fen(0), MONDAY, plan(past, RateRule(steps=(step("0"),)), zone=zone("Europe/Berlin"))) is None
    assert looked.cells < 300


@pytest.mark.deep
def test_what_is_never_reached_is_found_out_within_some_hundred_years(monkeypatch: pytest.MonkeyPatch) -> None:
    """A priced minute that increments of 90 s step over each night, whenever clocks are set, is free for ever."""
    minute = RateRule(steps=(step("12"),), window=Window(start=0, end=1), weight=1)
    tariff = plan(RateRule(steps=(step("0", 60, 90),)), minute, zone=zone("Europe/Berlin"))
    looked = Counted(monkeypatch)
    assert max_usage(fen(0), parse_instant("2099-12-31T23:59:30+01:00"), tariff) is None
    assert looked.cells < 100_000


def test_a_priced_day_of_the_year_is_found_however_far() -> None:
    """Free but for 29 February: the balance ends in the next leap year's, to the minute."""
    start = parse_instant("2096-03-01T00:00:00+08:00")  # 2100 has no such day: the next is in 2104
    found = max_usage(fen(90), start, YEARLY)
    end = parse_instant("2104-02-29T02:30:00+08:00")
    assert found == (end - start) // SECOND


def test_to_the_end_of_the_calendar_and_beyond() -> None:
    """An absurd balance under a calendar comes to an end all the same, exactly: the last rule holds on for ever."""
    found = max_usage(fen(10**15), MONDAY, WEEKENDS)
    assert found is not None
    assert found > 8000 * 365 * 86_400


@settings(max_examples=40)
@given(rate_plans(), usages(0), st.integers(10**5, 10**8))
def test_skipping_changes_nothing(plan: RatePlan, usage: Usage, hao: int) -> None:
    """With and without the skipping of weeks the same second is found."""
    assert usage.answered_at is not None
    numbers = (usage.answered_at, plan, usage.caller, usage.called, usage.tags)
    found = max_usage(Money(hao), *numbers)
    if found is None or found > 400 * 86_400:
        return
    before, limits._LONG_S = limits._LONG_S, sys.maxsize  # type: ignore[misc]
    try:
        assert max_usage(Money(hao), *numbers) == found
    finally:
        limits._LONG_S = before  # type: ignore[misc]


def test_holds_cover_begun_increments_and_one_more() -> None:
    """Before the answer one minute; from the answer on two; a third when the second has begun."""
    assert admission_cost(MONDAY, GUIDE) == fen(12)
    held = [
        (0, 24, 60),
        (1, 24, 60),
        (59_999_999, 24, 60),
        (60 * SECOND, 36, 120),
        (61 * SECOND, 36, 120),
    ]
    for elapsed, amount, until in held:
        now = Instant(MONDAY + elapsed)
        assert hold_needed(MONDAY, now, GUIDE) == fen(amount)
        assert next_increment(MONDAY, now, GUIDE) == MONDAY + until * SECOND


def test_a_hold_knows_the_tariff_of_the_increment_ahead() -> None:
    """Just before the cheap evening the next minute is cheap; minimum seconds are held from the start."""
    evening = plan(RateRule(steps=(step("12"),)), RateRule(steps=(step("6"),), window=Window(start=18 * 60), weight=1))
    start = parse_instant("2008-12-29T17:59:30+08:00")
    assert hold_needed(start, start, evening) == fen(18)
    long = one(step("12"), min_seconds=150)
    assert hold_needed(MONDAY, MONDAY, long) == fen(48)
    assert next_increment(MONDAY, MONDAY, long) == MONDAY + 180 * SECOND
