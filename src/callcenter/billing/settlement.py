"""What is due through a date: a pure list of lines, made before anything is posted.

Rent has one line per center and date, the minimum one per center and settled month, both also of 0.00. Planning asks
for seats and charges through callables and posts nothing; whoever posts does so line by line under the natural keys,
so that a run may be repeated, run beside another, or come 400 days late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from callcenter.billing.entries import Act, minimum_entry, minimum_key, rent_entry, rent_key
from callcenter.billing.ledger import Entry
from callcenter.billing.minimum import last_second, minimum_base, minimum_line, month_end, next_month, settles_on
from callcenter.billing.rent import day_rent, nominal_run
from callcenter.billing.rent_terms import RentTerms
from callcenter.model.ids import CenterId
from callcenter.model.money import ZERO, Money
from callcenter.model.records import ChargeKind, ChargeLine
from callcenter.model.times import Instant, Zone
from callcenter.model.value import changed, value

SeatsOn = Callable[[CenterId, date], int]
"""Seats of a center on a local date."""
ChargesOf = Callable[[CenterId, date], Money]
"""Call charges of a center in the local month of a date, less refunds of such charges."""


@value
class Stretch:
    """Local dates, both included, on which a center was open and the same terms counted.

    Attributes:
        last: None while it lasts.
    """

    first: date
    last: date | None = None
    terms: RentTerms


@value
class Tenancy:
    """A center as settlement sees it: stretches ascend and do not overlap; between them nothing is due."""

    center: CenterId
    access_number: str
    zone: Zone
    stretches: tuple[Stretch, ...]


@value
class Due:
    """One line that is due.

    Attributes:
        day: The date of the rent; the last date of the month of a minimum.
        at: When it is effective: 03:00 of the date, or the month's last second.
        amount: What is taken; may be 0.
        base: Of a minimum: the month's minimum pro rata, which the call charges are topped up to.
    """

    kind: ChargeKind
    center: CenterId
    day: date
    at: Instant
    amount: Money
    base: Money = ZERO

    @property
    def key(self) -> str:
        """The natural key."""
        if self.kind is ChargeKind.RENT:
            return rent_key(self.center, self.day)
        return minimum_key(self.center, self.day)


def settlement(tenancies: Iterable[Tenancy], through: date, seats: SeatsOn, charges: ChargesOf) -> tuple[Due, ...]:
    """Return all that is due through a date, by date, then center, rent before minimum.

    Args:
        tenancies: The centers with a rent agreement.
        through: The last date whose rent is due; minimums of the months that a run of this date settles.
        seats: Asked once for each date.
        charges: Asked once for each month that is settled.
    """
    lines = [
        line
        for tenancy in tenancies
        for line in (*rents(tenancy, through, seats), *minimums(tenancy, through, charges))
    ]
    return tuple(sorted(lines, key=lambda line: (line.day, line.center, line.kind is ChargeKind.MINIMUM)))


def rents(tenancy: Tenancy, through: date, seats: SeatsOn, *, since: date = date.min) -> Iterator[Due]:
    """Yield the rent of each date from ``since`` through the last one, ascending."""
    for stretch in tenancy.stretches:
        first, end = max(stretch.first, since), through if stretch.last is None else min(stretch.last, through)
        for offset in range((end - first).days + 1):
            day = first + timedelta(days=offset)
            yield Due(
                kind=ChargeKind.RENT,
                center=tenancy.center,
                day=day,
                at=nominal_run(tenancy.zone, day),
                amount=day_rent(stretch.terms, day, seats(tenancy.center, day)),
            )


def minimums(tenancy: Tenancy, through: date, charges: ChargesOf) -> Iterator[Due]:
    """Yield the minimum of each month that a run of ``through`` settles, ascending.

    The minimum in force on the month's last day of tenancy counts, for all dates of the month on which the center was
    open and a plan counted. A month whose minimum is 0 has no line.
    """
    for line in bases(tenancy, through):
        yield topped_up(line, charges(tenancy.center, line.day.replace(day=1)))


def topped_up(line: Due, charges: Money) -> Due:
    """Return the line of a minimum whose month has these call charges."""
    return changed(line, amount=minimum_line(line.base, charges))


def bases(tenancy: Tenancy, through: date) -> Iterator[Due]:
    """Yield the minimums that a run of ``through`` settles as if there were no call charges, ascending."""
    if not tenancy.stretches:
        return
    month = tenancy.stretches[0].first.replace(day=1)
    while month <= through:
        parts = tuple(_days_in(tenancy.stretches, month))
        if parts:
            terms = parts[-1][0]
            if terms.minimum_month and settles_on(month, terms) <= through:
                base = minimum_base(terms.minimum_month, sum(days for _terms, days in parts), month)
                yield Due(
                    kind=ChargeKind.MINIMUM,
                    center=tenancy.center,
                    day=month_end(month),
                    at=last_second(tenancy.zone, month),
                    amount=base,
                    base=base,
                )
        month = next_month(month)


def due_entry(line: Due, act: Act) -> Entry:
    """Return the ledger entry of a line."""
    if line.kind is ChargeKind.RENT:
        return rent_entry(line.center, line.day, line.amount, line.at, act)
    return minimum_entry(line.center, line.day, line.amount, line.at, act)


def due_charge(line: Due, access_number: str) -> ChargeLine:
    """Return the line of the charge detail: the access number stands in the phone's place (C3)."""
    return ChargeLine(
        key=line.key,
        kind=line.kind,
        center=line.center,
        caller="",
        access_number=access_number,
        agent_phone=access_number,
        ring_at=None,
        answered_at=None,
        ended_at=line.at,
        seconds=0,
        amount=line.amount,
    )


def _days_in(stretches: Iterable[Stretch], month: date) -> Iterator[tuple[RentTerms, int]]:
    first, last = month.replace(day=1), month_end(month)
    for stretch in stretches:
        end = last if stretch.last is None else min(stretch.last, last)
        days = (end - max(stretch.first, first)).days + 1
        if days > 0:
            yield stretch.terms, days
