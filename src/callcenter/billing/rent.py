"""What the seats of a center cost on a local date (R1, G2).

Theory of operation. The price of a day is a pure function of plan, anchor and date: a run may be repeated, done in any
order, or weeks late, and each date gets its own price. The exact plans round cumulatively, half up: with Y for the
period's price and n for its days, day i costs R(i·Y/n) - R((i-1)·Y/n). So every period adds up to Y exactly, and every
part of it from its start is within half a hao of the exact share. The price is found per seat, then multiplied.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Final

from dateutil.relativedelta import relativedelta

from callcenter.billing.rent_terms import RentPlan, RentTerms
from callcenter.model.directory import Agent, AgentStatus, CallCenter, CenterStatus, GroupKind
from callcenter.model.ids import AgentId, agent_key
from callcenter.model.money import Money, ratio
from callcenter.model.times import Instant, Zone

RUN_HOUR: Final = 3
"""Rent is taken at 03:00 local, nominally, whenever the job really runs."""
_MONTHS: Final = 12
_YEAR_DAYS: Final = 365


def seat_price(terms: RentTerms, day: date) -> Money:
    """Return what one seat costs on a local date."""
    month = terms.seat_month.hao
    match terms.plan:
        case RentPlan.FIXED_DAILY:
            return Money(ratio(month * _MONTHS, _YEAR_DAYS))
        case RentPlan.EXACT_YEAR:
            start = _year_start(terms.anchor, day)
            days = (_anniversary(terms.anchor, start.year + 1) - start).days
            return _share(month * _MONTHS, (day - start).days, days)
        case RentPlan.EXACT_MONTH:
            return _share(month, day.day - 1, monthrange(day.year, day.month)[1])


def day_rent(terms: RentTerms, day: date, seats: int) -> Money:
    """Return the rent of a local date: the price per seat, rounded, times the seats."""
    return seat_price(terms, day) * seats


@lru_cache(maxsize=4096)
def nominal_run(zone: Zone, day: date) -> Instant:
    """Return the instant at which the rent of a date is taken: 03:00 local."""
    return zone.at(day, RUN_HOUR)


def seats_on(day: date, states: Iterable[CallCenter]) -> int:
    """Return the number of seats that a center pays for on a local date.

    A seat is an agent of at least one login group who was in being at any moment of the date before 03:00 local.
    A suspended agent stays a seat, a closed one is none after the last day.

    Args:
        day: The local date.
        states: The center as it was configured at the moments from 00:00 to before 03:00 of that date: one value
            when nothing changed, one more for each change in between.
    """
    found: set[AgentId] = set()
    for center in states:
        members = {
            agent_key(member.agent)
            for group in center.groups.values()
            if group.kind is GroupKind.LOGIN
            for member in group.members
        }
        found.update(
            key
            for agent in center.agents.values()
            if (key := agent_key(agent.id)) in members and _in_being(agent, center, day)
        )
    return len(found)


def owes_rent(center: CallCenter, day: date) -> bool:
    """Return whether a center was in being on a local date; suspended, locked and frozen centers are."""
    begun = center.created is None or center.created <= day
    if center.closed is not None:
        return begun and day <= center.closed
    return begun and center.status is not CenterStatus.CLOSED


def _in_being(agent: Agent, center: CallCenter, day: date) -> bool:
    created = agent.created or center.created
    if created is not None and day < created:
        return False
    if agent.closed is not None:
        return day <= agent.closed
    return agent.status is not AgentStatus.CLOSED


def _share(total: int, before: int, parts: int) -> Money:
    return Money(ratio((before + 1) * total, parts) - ratio(before * total, parts))


@lru_cache(maxsize=1024)
def _anniversary(anchor: date, year: int) -> date:
    """Return the anchor's day in a year; 29 February is the 28th in common years."""
    return anchor + relativedelta(year=year)


def _year_start(anchor: date, day: date) -> date:
    start = _anniversary(anchor, day.year)
    return start if start <= day else _anniversary(anchor, day.year - 1)
