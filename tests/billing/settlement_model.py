"""Settlement a second time, day by day and in the plainest way: naive local times, dicts, fractions, no cleverness.

It shares no code with the library. A case says what was configured when, who called when and for how much, and what was
given back; :func:`rents` and :func:`bases` say what is owed.
"""

from __future__ import annotations

import calendar
import math
import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction

DAY = timedelta(days=1)
HOURS = [time(0), time(0, 30), time(1, 30), time(3), time(3, 1), time(12), time(23, 59)]


@dataclass
class Rent:
    plan: str
    seat: int
    minimum: int
    anchor: date
    grace: int


@dataclass
class State:
    created: date
    status: str
    closed: date | None
    rent: Rent | None
    agents: dict[str, tuple[date | None, date | None]]
    members: frozenset[str]


@dataclass
class Case:
    zone: str
    versions: list[tuple[datetime, State]]
    calls: list[tuple[datetime, int, int]]  # answer, cost, before which run it becomes known
    refunds: list[tuple[int, int, int]]  # which call, how much, before which run
    runs: list[date] = field(default_factory=list)


def half_up(amount: Fraction) -> int:
    return math.floor(amount + Fraction(1, 2))


def price(rent: Rent, day: date) -> int:
    """What a seat costs on a date, in hao."""
    if rent.plan == "FIXED_DAILY":
        return half_up(Fraction(rent.seat * 12, 365))
    if rent.plan == "EXACT_MONTH":
        first, whole = day.replace(day=1), Fraction(rent.seat)
        days = calendar.monthrange(day.year, day.month)[1]
    else:
        years = [anniversary(rent.anchor, year) for year in (day.year - 1, day.year, day.year + 1)]
        first, following = next((a, b) for a, b in ((years[1], years[2]), (years[0], years[1])) if a <= day)
        days, whole = (following - first).days, Fraction(rent.seat * 12)
    passed = (day - first).days
    return half_up(whole * (passed + 1) / days) - half_up(whole * passed / days)


def anniversary(anchor: date, year: int) -> date:
    if anchor.month == 2 and anchor.day == 29 and not calendar.isleap(year):
        return date(year, 2, 28)
    return date(year, anchor.month, anchor.day)


def states_within(case: Case, start: datetime, end: datetime) -> list[State]:
    """The states in force at any moment of [start, end); the first one also before it was loaded."""
    found = []
    for place, (since, state) in enumerate(case.versions):
        last = place == len(case.versions) - 1
        begins_before = place == 0 or since < end
        ends_after = last or case.versions[place + 1][0] > start
        if begins_before and ends_after:
            found.append(state)
    return found


def shut(state: State, day: date) -> bool:
    return day < state.created or (state.closed is not None and day > state.closed)


def is_open(case: Case, day: date) -> bool:
    """Whether the center was open at any moment of a date, as far as was ever told."""
    start = datetime.combine(day, time())
    for place, (since, state) in enumerate(case.versions):
        last = place == len(case.versions) - 1
        in_force = (place == 0 or since < start + DAY) and (last or case.versions[place + 1][0] > start)
        if not in_force or shut(state, day):
            continue
        later = case.versions[place + 1 :]
        taken_back = any(other.closed is not None and other.closed < day <= told.date() for told, other in later)
        if not taken_back:
            return True
    return False


def rent_of(case: Case, day: date) -> Rent | None:
    """The agreement in force when a date begins; a change of that very date does not count yet."""
    found = case.versions[0][1].rent
    for since, state in case.versions[1:]:
        if since.date() < day:
            found = state.rent
    return found


def seats(case: Case, day: date) -> int:
    start = datetime.combine(day, time())
    there = set()
    for state in states_within(case, start, start + timedelta(hours=3)):
        if shut(state, day):
            continue
        for name in state.members:
            created, closed = state.agents[name]
            if day >= (created or state.created) and (closed is None or day <= closed):
                there.add(name)
    return len(there)


def days_of(case: Case, through: date) -> list[date]:
    first = min(state.created for _since, state in case.versions)
    return [first + DAY * n for n in range(max(0, (through - first).days + 1))]


def rents(case: Case, through: date) -> dict[date, int]:
    found = {}
    for day in days_of(case, through):
        rent = rent_of(case, day)
        if rent is not None and is_open(case, day):
            found[day] = price(rent, day) * seats(case, day)
    return found


def bases(case: Case, through: date) -> dict[tuple[int, int], int]:
    """The minimum pro rata of each month that a run through a date settles."""
    owed: dict[tuple[int, int], list[date]] = {}
    horizon = (through.replace(day=1) + 31 * DAY).replace(day=1) - DAY
    for day in days_of(case, horizon):
        if rent_of(case, day) is not None and is_open(case, day):
            owed.setdefault((day.year, day.month), []).append(day)
    found = {}
    for (year, month), days in owed.items():
        rent = rent_of(case, days[-1])
        assert rent is not None
        length = calendar.monthrange(year, month)[1]
        settled_by = date(year, month, length) + DAY * (1 + rent.grace)
        if rent.minimum and settled_by <= through:
            found[year, month] = half_up(Fraction(rent.minimum * len(days), length))
    return found


def minimums(case: Case, through: date) -> dict[tuple[int, int], int]:
    """What is taken for each settled month on top of its calls, less what was given back of them."""
    found = {}
    for (year, month), base in bases(case, through).items():
        charges = sum(
            cost - sum(back for call, back, _run in case.refunds if call == number)
            for number, (answer, cost, _run) in enumerate(case.calls)
            if (answer.year, answer.month) == (year, month)
        )
        found[year, month] = max(0, base - charges)
    return found


def drawn(dice: random.Random) -> Case:
    """Return a case: mostly a short life around the end of a month, with a few changes; sometimes a long one."""
    created, length, after = date(2007, 1, 1) + DAY * dice.randrange(1200), dice.choice([20, 30, 40, 70]), 40
    if dice.random() < 0.85:
        month_end = (created.replace(day=1) + 31 * DAY).replace(day=1) - DAY
        created, length, after = month_end - DAY * dice.randrange(-1, 7), dice.choice([1, 3, 5, 8, 12]), 8
    state = State(
        created=created,
        status="active",
        closed=created + DAY * dice.randrange(length) if dice.random() < 0.1 else None,
        rent=drawn_rent(dice, created) if dice.random() < 0.9 else None,
        agents={name: drawn_life(dice, created, length) for name in "ABC"[: dice.randrange(4)]},
        members=frozenset(),
    )
    state.members = frozenset(name for name in state.agents if dice.random() < 0.8)
    versions = [(datetime.combine(created + DAY * dice.randrange(-5, length), dice.choice(HOURS)), state)]
    for _ in range(dice.choice([0, 0, 1, 2, 4])):
        last = versions[-1][0]
        at = last + dice.choice([timedelta(hours=1), DAY, DAY * dice.randrange(1, 20)])
        at = datetime.combine(at.date(), dice.choice(HOURS))
        if at > last:
            state = changed(dice, state, at.date(), length)
            versions.append((at, state))
    answers = [
        datetime.combine(created + DAY * dice.randrange(length + 10), time(dice.randrange(24), dice.randrange(60)))
        for _ in range(dice.randrange(6))
    ]
    runs = [created + DAY * dice.randrange(-3, length + after) for _ in range(dice.randrange(1, 4))]
    calls = [
        (answer, dice.choice([0, 1, 1200, 30_000, 500_000]), dice.randrange(len(runs) + 1))
        for answer in answers
        if (answer.hour, answer.minute) != (2, 0)
    ]
    refunds = [
        (number, dice.choice([1, cost // 2 + 1, cost]), dice.randrange(known, len(runs) + 1))
        for number, (_answer, cost, known) in enumerate(calls)
        if cost and versions[-1][1].status != "closed" and dice.random() < 0.3  # closed accounts take no refunds
    ]
    zone = dice.choice(["Asia/Shanghai", "Europe/Berlin", "America/New_York"])
    if zone != "Asia/Shanghai":  # local times that a set clock leaves out are the zone's own affair
        calls = [(answer.replace(hour=12) if answer.hour == 2 else answer, cost, run) for answer, cost, run in calls]
    return Case(zone=zone, versions=versions, calls=calls, refunds=refunds, runs=runs)


def drawn_rent(dice: random.Random, created: date) -> Rent:
    return Rent(
        plan=dice.choice(["FIXED_DAILY", "EXACT_YEAR", "EXACT_MONTH"]),
        seat=dice.choice([0, 1, 3_000_000, dice.randrange(10**7)]),
        minimum=dice.choice([0, 2_000_000, dice.randrange(10**6)]),
        anchor=dice.choice([created, date(2008, 2, 29), created + DAY * dice.randrange(-400, 400)]),
        grace=dice.choice([0, 1, 1, 7]),
    )


def drawn_life(dice: random.Random, created: date, length: int) -> tuple[date | None, date | None]:
    if dice.random() < 0.5:
        return None, None
    first = created + DAY * dice.randrange(length)
    return (first if dice.random() < 0.5 else None), first + DAY * dice.randrange(length)


def changed(dice: random.Random, state: State, today: date, length: int) -> State:
    """Return the state after an edit: agents come and go, the plan changes, the center closes and opens again."""
    after = State(
        created=state.created,
        status=state.status,
        closed=state.closed,
        rent=state.rent,
        agents=dict(state.agents),
        members=state.members,
    )
    what = dice.choice(["agents", "members", "rent", "no rent", "close", "open", "suspend"])
    if what == "agents":
        after.agents[dice.choice("ABCD")] = drawn_life(dice, state.created, length)
    elif what == "rent":
        after.rent = drawn_rent(dice, state.created)
    elif what == "no rent":
        after.rent = None
    elif what == "close":
        after.status = "closed"
        after.closed = max(state.created, dice.choice([today, today, today - 5 * DAY, today + 5 * DAY]))
    elif what == "open":
        after.status, after.closed = "active", None
    elif what == "suspend" and state.status != "closed":
        after.status = "suspended"
    after.members = frozenset(name for name in after.agents if name in state.members or dice.random() < 0.5)
    return after
