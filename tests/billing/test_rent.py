"""Rent of a day and minimum of a month: the golden figures, whose seats count, and what adds up (R1-R3, G2, G3, L13)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from callcenter.billing.minimum import (
    last_second,
    line_change,
    minimum_base,
    minimum_line,
    month_end,
    month_range,
    settles_on,
)
from callcenter.billing.rent import day_rent, nominal_run, owes_rent, seat_price, seats_on
from callcenter.billing.rent_terms import RentPlan, RentTerms
from callcenter.model.directory import (
    Agent,
    AgentGroup,
    AgentStatus,
    CallCenter,
    CenterStatus,
    Extension,
    GroupKind,
    Member,
)
from callcenter.model.ids import AgentId, CenterId, GroupId, ShortNumber, agent_key
from callcenter.model.money import ZERO, Money, fen
from callcenter.model.times import SECOND, instant, parse_date, parse_instant, zone
from callcenter.model.tree import HANGUP
from callcenter.model.value import changed

SHANGHAI = zone("Asia/Shanghai")


def terms(plan: RentPlan, seat: str = "30000", anchor: str = "2009-01-01", minimum: str = "0") -> RentTerms:
    return RentTerms(plan=plan, seat_month=fen(seat), minimum_month=fen(minimum), anchor=parse_date(anchor))


def days(first: str, last: str) -> list[date]:
    start, end = parse_date(first), parse_date(last)
    return [start + timedelta(days=offset) for offset in range((end - start).days + 1)]


def prices(plan: RentTerms, first: str, last: str) -> Counter[str]:
    return Counter(str(seat_price(plan, day)) for day in days(first, last))


# ---------------------------------------------------------------- the price of a day


def test_300_yuan_are_986_30_a_day_and_half_a_fen_short_a_year() -> None:
    """FIXED_DAILY divides by 365 in every year; 50 seats are 50 rounded prices."""
    fixed = terms(RentPlan.FIXED_DAILY)
    assert prices(fixed, "2009-01-01", "2009-12-31") == {"986.30": 365}
    assert prices(fixed, "2008-02-28", "2008-03-01") == {"986.30": 3}
    assert fen("986.30") * 365 == fen("359999.50")
    assert day_rent(fixed, parse_date("2008-12-29"), 50) == fen("49315.00")
    assert day_rent(fixed, parse_date("2008-12-29"), 0) == ZERO


@pytest.mark.parametrize(
    ("plan", "first", "last", "expected", "total"),
    [
        (RentPlan.EXACT_YEAR, "2009-01-01", "2009-12-31", {"986.30": 315, "986.31": 50}, "360000.00"),
        (RentPlan.EXACT_YEAR, "2012-01-01", "2012-12-31", {"983.60": 126, "983.61": 240}, "360000.00"),
        (RentPlan.EXACT_MONTH, "2009-01-01", "2009-01-31", {"967.74": 25, "967.75": 6}, "30000.00"),
        (RentPlan.EXACT_MONTH, "2009-04-01", "2009-04-30", {"1000.00": 30}, "30000.00"),
        (RentPlan.EXACT_MONTH, "2009-02-01", "2009-02-28", {"1071.42": 4, "1071.43": 24}, "30000.00"),
        (RentPlan.EXACT_MONTH, "2008-02-01", "2008-02-29", {"1034.48": 21, "1034.49": 8}, "30000.00"),
    ],
)
def test_exact_plans_add_up_to_the_fee(
    plan: RentPlan, first: str, last: str, expected: dict[str, int], total: str
) -> None:
    """Golden figures of ordinary and leap years, and of months of each length."""
    found = prices(terms(plan), first, last)
    assert found == expected
    assert sum((fen(price) * count for price, count in found.items()), ZERO) == fen(total)


def test_calendar_months_count_whatever_the_anchor() -> None:
    """EXACT_MONTH has no use for an anchor."""
    plans = [terms(RentPlan.EXACT_MONTH, anchor=anchor) for anchor in ("2009-01-01", "2008-12-17")]
    assert seat_price(plans[0], parse_date("2009-01-05")) == seat_price(plans[1], parse_date("2009-01-05"))


def test_years_from_29_february_begin_on_the_28th_in_common_years() -> None:
    """29 February is a day like any other: each year of rent adds up, and the next begins on its own day."""
    leap = terms(RentPlan.EXACT_YEAR, anchor="2008-02-29")
    for first, last, length in (
        ("2008-02-29", "2009-02-27", 365),
        ("2009-02-28", "2010-02-27", 365),
        ("2011-02-28", "2012-02-28", 366),
        ("2012-02-29", "2013-02-27", 365),
    ):
        assert len(days(first, last)) == length
        assert sum((seat_price(leap, day) for day in days(first, last)), ZERO) == fen(360_000)


def test_dates_before_the_anchor_count_backwards_from_it() -> None:
    """The year before begins one year before."""
    plan = terms(RentPlan.EXACT_YEAR, anchor="2009-07-01")
    assert sum((seat_price(plan, day) for day in days("2007-07-01", "2008-06-30")), ZERO) == fen(360_000)
    assert sum((seat_price(plan, day) for day in days("2008-07-01", "2009-06-30")), ZERO) == fen(360_000)


@given(
    fee=st.integers(0, 10**8),
    anchor=st.dates(date(1999, 1, 1), date(2030, 12, 31)),
    year=st.integers(-4, 8),
    length=st.integers(1, 366),
)
def test_every_part_of_a_year_is_within_half_a_hao_of_its_share(fee: int, anchor: date, year: int, length: int) -> None:
    """L13, against fractions: the whole is exact, each prefix within half a hao, in any order of the days."""
    plan = RentTerms(plan=RentPlan.EXACT_YEAR, seat_month=Money(fee), anchor=anchor)
    start, end = (_anniversary(anchor, anchor.year + year + step) for step in (0, 1))
    dates = [start + timedelta(days=offset) for offset in range((end - start).days)]
    costs = {day: seat_price(plan, day).hao for day in reversed(dates)}
    assert sum(costs.values()) == fee * 12
    part = sum(costs[day] for day in dates[:length])
    assert abs(part - Fraction(fee * 12 * min(length, len(dates)), len(dates))) <= Fraction(1, 2)


@given(fee=st.integers(0, 10**8), day=st.dates(date(1999, 1, 1), date(2030, 12, 31)))
def test_every_part_of_a_month_is_within_half_a_hao_of_its_share(fee: int, day: date) -> None:
    """L13 for EXACT_MONTH: from the first of the month to any day of it."""
    plan = RentTerms(plan=RentPlan.EXACT_MONTH, seat_month=Money(fee), anchor=day)
    dates = [day.replace(day=number) for number in range(1, month_end(day).day + 1)]
    costs = [seat_price(plan, one).hao for one in dates]
    assert sum(costs) == fee
    assert abs(sum(costs[: day.day]) - Fraction(fee * day.day, len(dates))) <= Fraction(1, 2)


def _anniversary(anchor: date, year: int) -> date:
    try:
        return anchor.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def test_rent_is_taken_nominally_at_three_local() -> None:
    """Whatever the zone."""
    assert nominal_run(SHANGHAI, parse_date("2008-12-29")) == parse_instant("2008-12-29T03:00:00+08:00")
    assert nominal_run(zone("UTC"), parse_date("2008-12-29")) == parse_instant("2008-12-29T03:00:00+00:00")


# ---------------------------------------------------------------- seats


def center(*agents: Agent, groups: tuple[AgentGroup, ...] | None = None, created: str = "2008-12-01") -> CallCenter:
    everyone = tuple(Member(agent=agent.id) for agent in agents)
    login = (AgentGroup(id=GroupId("1"), kind=GroupKind.LOGIN, members=everyone),) if groups is None else groups
    return CallCenter(
        id=CenterId("demo"),
        access_number="95990001",
        ivr=HANGUP,
        created=parse_date(created),
        agents={agent_key(agent.id): agent for agent in agents},
        groups={group.id: group for group in login},
    )


def agent(id: str = "CC1001") -> Agent:
    return Agent(id=AgentId(id), phone="013900000001")


DAY = parse_date("2008-12-29")


@pytest.mark.parametrize(
    ("fields", "seat"),
    [
        ({}, True),
        ({"status": AgentStatus.SUSPENDED}, True),
        ({"status": AgentStatus.CLOSED}, False),
        ({"status": AgentStatus.CLOSED, "closed": DAY}, True),
        ({"closed": DAY - timedelta(days=1)}, False),
        ({"closed": DAY + timedelta(days=1)}, True),
        ({"created": DAY}, True),
        ({"created": DAY + timedelta(days=1)}, False),
    ],
)
def test_a_seat_is_an_agent_in_being_on_the_date(fields: dict[str, object], seat: bool) -> None:
    """Suspended agents pay, closed ones to their last day, new ones from their first."""
    assert seats_on(DAY, [center(changed(agent(), **fields))]) == int(seat)


def test_agents_in_no_login_group_and_extensions_are_no_seats() -> None:
    """Two agents of one group, one of them in a second; one in an extension group; one nowhere."""
    people = [agent(f"CC{number}") for number in (1, 2, 3)]
    groups = (
        AgentGroup(id=GroupId("1"), kind=GroupKind.LOGIN, members=(Member(agent=AgentId("cc1")),)),
        AgentGroup(
            id=GroupId("2"),
            kind=GroupKind.LOGIN,
            members=(Member(agent=AgentId("CC1")), Member(agent=AgentId("CC2"))),
        ),
        AgentGroup(
            id=GroupId("8"),
            kind=GroupKind.EXTENSION,
            extensions=(Extension(short=ShortNumber("801"), long="02855500011"),),
        ),
    )
    assert seats_on(DAY, [center(*people, groups=groups)]) == 2
    assert seats_on(DAY, [center(*people, groups=())]) == 0


def test_an_agent_who_was_there_at_any_moment_before_three_is_a_seat() -> None:
    """Changes between midnight and 03:00: added and removed ones both count, once each."""
    before, after = center(agent("A"), agent("B")), center(agent("b"), agent("C"))
    assert seats_on(DAY, [before, after]) == 3
    assert seats_on(DAY, []) == 0


def test_an_agent_without_a_first_day_has_the_centers() -> None:
    """Before it nobody is a seat."""
    new = center(agent(), created="2008-12-29")
    assert seats_on(DAY, [new]) == 1
    assert seats_on(DAY - timedelta(days=1), [new]) == 0


@pytest.mark.parametrize("status", [status for status in CenterStatus if status is not CenterStatus.CLOSED])
def test_stopped_centers_keep_their_seats_and_pay(status: CenterStatus) -> None:
    """Suspended, locked and frozen owe rent from their first day on."""
    one = changed(center(), status=status)
    assert owes_rent(one, one.created or DAY)
    assert not owes_rent(one, parse_date("2008-11-30"))


def test_a_closed_center_pays_to_its_last_day() -> None:
    """And not from the day after."""
    closed = changed(center(), status=CenterStatus.CLOSED, closed=DAY)
    assert owes_rent(closed, DAY)
    assert not owes_rent(closed, DAY + timedelta(days=1))
    assert not owes_rent(changed(closed, closed=None), DAY)


# ---------------------------------------------------------------- the minimum


def test_the_first_month_is_pro_rata() -> None:
    """G3: created on 16 January, 200 yuan, charges 444.00: base 10 322.58, line 9 878.58."""
    base = minimum_base(fen(20_000), 16, parse_date("2009-01-16"))
    assert base == fen("10322.58")
    assert minimum_line(base, fen(444)) == fen("9878.58")
    assert minimum_line(base, fen("10322.59")) == ZERO


@given(
    base=st.integers(0, 10**7).map(Money),
    steps=st.lists(st.integers(-(10**6), 10**6), max_size=8),
)
def test_charges_and_minimum_are_the_greater_of_the_two_whatever_comes_late(base: Money, steps: list[int]) -> None:
    """L14: after each late call and each refund the corrections keep charges + line = max(charges, base)."""
    charges = Money(10**6)
    taken = minimum_line(base, charges)
    for step in steps:
        charges = max(ZERO, charges + Money(step))
        taken += line_change(base, charges, taken)
        assert taken >= ZERO
        assert charges + taken == max(charges, base)


@pytest.mark.parametrize(
    ("month", "grace", "run"),
    [("2008-12-15", 1, "2009-01-02"), ("2008-12-15", 0, "2009-01-01"), ("2008-02-01", 3, "2008-03-04")],
)
def test_a_month_is_settled_after_its_end_and_the_days_of_grace(month: str, grace: int, run: str) -> None:
    """R3: with one day of grace by the run through the 2nd."""
    assert settles_on(parse_date(month), changed(terms(RentPlan.FIXED_DAILY), grace_days=grace)) == parse_date(run)


def test_a_month_is_local() -> None:
    """From its first midnight to the next month's; the minimum is effective in its last second."""
    start, end = month_range(SHANGHAI, parse_date("2008-12-29"))
    assert (start, end) == (parse_instant("2008-12-01T00:00:00+08:00"), parse_instant("2009-01-01T00:00:00+08:00"))
    assert last_second(SHANGHAI, parse_date("2008-12-29")) == end - SECOND
    assert SHANGHAI.day(last_second(SHANGHAI, parse_date("2008-02-01"))) == parse_date("2008-02-29")
    assert instant(SHANGHAI.local(end)) == end
