"""On which dates rent and minimum are owed, under which terms, for how many seats, whatever happened to a center (R1)."""

from __future__ import annotations

from datetime import date

import pytest

from callcenter.billing.rent_terms import RentTerms
from callcenter.billing.tenancy import History, Terms, histories
from callcenter.model.directory import Agent, AgentGroup, CallCenter, CenterStatus, GroupKind, Member
from callcenter.model.ids import AgentId, CenterId, GroupId
from callcenter.model.money import fen
from callcenter.model.times import Instant, parse_date, parse_instant, zone
from callcenter.model.tree import HANGUP
from callcenter.model.value import changed

OLD = RentTerms(seat_month=fen(30_000), minimum_month=fen(20_000), anchor=parse_date("2009-01-10"))
NEW = changed(OLD, seat_month=fen(10_000))
Spans = list[tuple[str, str | None, RentTerms]]


def at(text: str) -> Instant:
    return parse_instant(f"2009-{text}:00+08:00")


def day(text: str) -> date:
    return parse_date(f"2009-{text}")


def center(
    status: CenterStatus = CenterStatus.ACTIVE, closed: str = "", agents: tuple[Agent, ...] = (), created: str = "01-10"
) -> CallCenter:
    members = tuple(Member(agent=agent.id) for agent in agents)
    return CallCenter(
        id=CenterId("demo"),
        access_number="95990001",
        ivr=HANGUP,
        status=status,
        created=day(created),
        closed=day(closed) if closed else None,
        agents={agent.id: agent for agent in agents},
        groups={GroupId("1"): AgentGroup(id=GroupId("1"), kind=GroupKind.LOGIN, members=members)},
    )


def agent(name: str, created: str = "", closed: str = "") -> Agent:
    return Agent(
        id=AgentId(name),
        phone="013900000001",
        created=day(created) if created else None,
        closed=day(closed) if closed else None,
    )


def spans(*terms: tuple[str, CallCenter, RentTerms | None]) -> Spans:
    """Return the stretches of a history; the first terms stand from any time, here the instant of loading."""
    history = History([Terms(since=at(since), center=state, rent=rent) for since, state, rent in terms])
    return [
        (f"{stretch.first:%m-%d}", None if stretch.last is None else f"{stretch.last:%m-%d}", stretch.terms)
        for stretch in history.tenancy().stretches
    ]


OPEN, SHUT = center(), center(CenterStatus.CLOSED, "03-10")
CASES: dict[str, tuple[list[tuple[str, CallCenter, RentTerms | None]], Spans]] = {
    "loaded long after it began": ([("09-01T12:00", OPEN, OLD)], [("01-10", None, OLD)]),
    "loaded before it begins": ([("01-01T12:00", OPEN, OLD)], [("01-10", None, OLD)]),
    "suspended, locked and frozen go on": (
        [
            ("01-01T12:00", OPEN, OLD),
            ("02-01T12:00", center(CenterStatus.SUSPENDED), OLD),
            ("02-02T12:00", center(CenterStatus.FROZEN), OLD),
        ],
        [("01-10", None, OLD)],
    ),
    "closed, its last day included": (
        [("01-01T12:00", OPEN, OLD), ("03-10T09:00", SHUT, OLD)],
        [("01-10", "03-10", OLD)],
    ),
    "closed ahead of its last day": (
        [("01-01T12:00", OPEN, OLD), ("02-10T09:00", SHUT, OLD)],
        [("01-10", "03-10", OLD)],
    ),
    "closed, told afterwards": ([("01-01T12:00", OPEN, OLD), ("03-20T09:00", SHUT, OLD)], [("01-10", "03-10", OLD)]),
    "closed, and edited later": (
        [("01-01T12:00", OPEN, OLD), ("03-10T09:00", SHUT, OLD), ("04-01T09:00", changed(SHUT, note="!"), OLD)],
        [("01-10", "03-10", OLD)],
    ),
    "reopened: the date of it counts": (
        [("01-01T12:00", OPEN, OLD), ("03-10T09:00", SHUT, OLD), ("03-22T15:00", OPEN, OLD)],
        [("01-10", "03-10", OLD), ("03-22", None, OLD)],
    ),
    "reopened on its last day": (
        [("01-01T12:00", OPEN, OLD), ("03-10T09:00", SHUT, OLD), ("03-10T15:00", OPEN, OLD)],
        [("01-10", None, OLD)],
    ),
    "a plan that changes counts from the next date": (
        [("01-01T12:00", OPEN, OLD), ("02-10T00:00", OPEN, NEW)],
        [("01-10", "02-10", OLD), ("02-11", None, NEW)],
    ),
    "a plan that comes later": ([("01-01T12:00", OPEN, None), ("02-10T23:59", OPEN, OLD)], [("02-11", None, OLD)]),
    "a plan that goes": ([("01-01T12:00", OPEN, OLD), ("02-10T01:00", OPEN, None)], [("01-10", "02-10", OLD)]),
    "two changes on one date: the last counts": (
        [("01-01T12:00", OPEN, OLD), ("02-10T01:00", OPEN, None), ("02-10T02:00", OPEN, NEW)],
        [("01-10", "02-10", OLD), ("02-11", None, NEW)],
    ),
    "without a plan": ([("01-01T12:00", OPEN, None)], []),
    "a plan that changes while it is closed": (
        [
            ("01-01T12:00", OPEN, OLD),
            ("03-10T09:00", SHUT, OLD),
            ("03-15T09:00", SHUT, NEW),
            ("03-22T15:00", OPEN, NEW),
        ],
        [("01-10", "03-10", OLD), ("03-22", None, NEW)],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_on_which_dates_it_is_owed(name: str) -> None:
    """Each date once, under the terms in force when it began."""
    terms, expected = CASES[name]
    assert spans(*terms) == expected


def test_a_center_that_leaves_the_shop_is_closed_and_may_come_back() -> None:
    """Its last date is that of the change; coming back opens it from that date on."""
    versions = [
        (at("01-01T12:00"), [(OPEN, OLD)]),
        (at("03-10T09:00"), []),
        (at("03-11T09:00"), []),
        (at("03-22T09:00"), [(OPEN, OLD)]),
    ]
    history = histories(versions)[OPEN.id]
    assert [(f"{s.first:%m-%d}", s.last and f"{s.last:%m-%d}") for s in history.tenancy().stretches] == [
        ("01-10", "03-10"),
        ("03-22", None),
    ]
    assert history.now.status is CenterStatus.ACTIVE


def test_what_does_not_change_makes_no_terms() -> None:
    """A version of the shop in which a center stands as before leaves its history alone."""
    versions = [(at(f"01-0{n}T12:00"), [(OPEN, OLD)]) for n in (1, 2, 3)]
    assert len(histories(versions)[OPEN.id].terms) == 1


A, B = agent("A"), agent("B")


@pytest.mark.parametrize(
    ("changes", "seats"),
    [
        ([], 1),
        ([("02-10T02:59", (A, B))], 2),
        ([("02-10T03:00", (A, B))], 1),
        ([("02-10T00:00", ())], 0),
        ([("02-10T00:01", ())], 1),
        ([("02-10T01:00", (B,)), ("02-10T02:00", ())], 2),
        ([("02-10T01:00", (A, agent("B", created="02-11")))], 1),
        ([("02-10T01:00", (A, agent("B", closed="02-10")))], 2),
        ([("02-09T01:00", (A, agent("B", closed="02-09")))], 1),
    ],
)
def test_seats_are_those_in_being_before_three(changes: list[tuple[str, tuple[Agent, ...]]], seats: int) -> None:
    """At any moment of the date from 00:00 on: who came or went meanwhile is one, who came at three is not."""
    first = Terms(since=at("01-01T00:00"), center=center(agents=(A,)), rent=OLD)
    later = [Terms(since=at(since), center=center(agents=agents), rent=OLD) for since, agents in changes]
    assert History([first, *later]).seats(day("02-10")) == seats


@pytest.mark.parametrize(("hour", "seats"), [("02:00", 1), ("10:00", 0)])
def test_a_center_reopened_after_three_has_no_seats_on_that_date(hour: str, seats: int) -> None:
    """It was closed until then, and the seats of a closed center are not kept."""
    states = [
        ("01-01T00:00", center(agents=(A,))),
        ("02-01T10:00", center(CenterStatus.CLOSED, "02-01", (A,))),
        (f"02-10T{hour}", center(agents=(A,))),
    ]
    history = History([Terms(since=at(since), center=state, rent=OLD) for since, state in states])
    assert history.seats(day("02-10")) == seats
    assert [history.seats(day(text)) for text in ("02-01", "02-02", "02-11")] == [1, 0, 1]


def test_seats_and_dates_follow_the_center_s_own_zone() -> None:
    """A change at 02:59 in New York is one of that date there, whatever the date is elsewhere."""
    first = changed(center(agents=(A,)), timezone="America/New_York")
    second = changed(center(agents=(A, B)), timezone="America/New_York")
    moment = parse_instant("2009-02-10T02:59:00-05:00")
    history = History(
        [Terms(since=at("01-01T00:00"), center=first, rent=OLD), Terms(since=moment, center=second, rent=NEW)]
    )
    assert history.zone == zone("America/New_York")
    assert [history.seats(day(text)) for text in ("02-09", "02-10")] == [1, 2]
    assert [stretch.first for stretch in history.tenancy().stretches] == [day("01-10"), day("02-11")]
