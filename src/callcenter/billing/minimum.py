"""What a month owes at least (R2, R3, G3): the call charges of a local month are topped up to a prorated minimum.

``charges + line = max(charges, base)`` holds always: a call that comes to light after the settlement, or a refund of a
charge, changes the line by a correcting entry and never the line itself.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from callcenter.billing.rent_terms import RentTerms
from callcenter.model.money import ZERO, Money, ratio
from callcenter.model.times import SECOND, Instant, Zone


def minimum_base(minimum: Money, days: int, month: date) -> Money:
    """Return a month's minimum pro rata: minimum x days / days of the month, half up.

    Args:
        minimum: That of a whole month, in force on the month's last day (or the last day of a closed center).
        days: Dates of the month on which the center was open and its plan counted.
        month: Any date of the month.
    """
    return Money(ratio(minimum.hao * days, month_days(month)))


def minimum_line(base: Money, charges: Money) -> Money:
    """Return what is taken on top of the call charges of the month; never below zero."""
    return max(ZERO, base - charges)


def line_change(base: Money, charges: Money, taken: Money) -> Money:
    """Return by how much the minimum taken so far must change: positive takes more, negative gives back.

    Args:
        base: The month's minimum pro rata.
        charges: The month's call charges as they are known now, less their refunds.
        taken: The line and all its corrections so far.
    """
    return minimum_line(base, charges) - taken


def settles_on(month: date, terms: RentTerms) -> date:
    """Return the first date whose run settles a month: its end plus the days of grace (R3).

    With one day of grace, December is settled by the run of 2 January.
    """
    return month_end(month) + timedelta(days=1 + terms.grace_days)


def month_days(month: date) -> int:
    """Return the number of days of the month of a date."""
    return monthrange(month.year, month.month)[1]


def month_end(month: date) -> date:
    """Return the last date of the month of a date."""
    return month.replace(day=month_days(month))


def next_month(month: date) -> date:
    """Return the first date of the month after that of a date."""
    return month_end(month) + timedelta(days=1)


def month_range(zone: Zone, month: date) -> tuple[Instant, Instant]:
    """Return the instants [start, end) of the local month of a date."""
    return zone.at(month.replace(day=1)), zone.at(next_month(month))


def last_second(zone: Zone, month: date) -> Instant:
    """Return the instant at which a month's minimum is effective: its last second."""
    return Instant(zone.at(next_month(month)) - SECOND)
