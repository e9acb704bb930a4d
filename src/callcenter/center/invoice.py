"""The bill of a center for a range of local dates, out of its books: every line with what it takes to work it out again.

A line is explained by what was configured then: the rate plan in force at its answer, the seats and prices of its date,
the base by which its month was settled. Where that does not come to what was posted, because a plan was changed
afterwards, the line stands without a working rather than with a wrong one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from callcenter.billing.accounts import center_account
from callcenter.billing.entries import minimum_key
from callcenter.billing.minimum import minimum_line, month_days
from callcenter.billing.plans import RatePlan, Tags
from callcenter.billing.rent import seat_price
from callcenter.billing.tenancy import History
from callcenter.center import books
from callcenter.center.archive import Archive
from callcenter.center.rerating import call_of, tags_of
from callcenter.model.ids import CallId, CenterId
from callcenter.model.money import ZERO
from callcenter.model.records import ChargeKind, ChargeLine
from callcenter.model.times import Instant
from callcenter.model.value import changed
from callcenter.ports import Transaction
from callcenter.reports.bill import Bill, BillLine, MinimumShare, SeatPrice, worked


def bill_of(tx: Transaction, archive: Archive, center: CenterId, first: date, last: date) -> Bill:
    """Return the bill of a center.

    Args:
        tx: Where the books are.
        archive: How the shop stood.
        center: Whose.
        first: First local date.
        last: Last one, included.
    """
    history = archive.histories(tx)[center]
    place, account = history.zone, center_account(center)
    start, end = place.at(first), place.at(last + timedelta(days=1))
    charges = tx.records.charges(center, start, end)
    tags = _tags(tx, archive, center, charges)
    lines = tuple(_explained(tx, archive, history, line, tags) for line in charges)
    before, after = tx.ledger.balance_before(account, start), tx.ledger.balance_before(account, end)
    total = sum((item.line.amount for item in lines), ZERO)
    name = history.now.name or center
    return Bill(name=name, zone=place, first=first, last=last, before=before, paid=after - before + total, lines=lines)


def explained(tx: Transaction, archive: Archive, center: CenterId, line: ChargeLine) -> BillLine:
    """Return a charge line of a center with what it takes to work it out again."""
    return _explained(tx, archive, archive.histories(tx)[center], line, _tags(tx, archive, center, (line,)))


def _tags(tx: Transaction, archive: Archive, center: CenterId, lines: Sequence[ChargeLine]) -> Mapping[CallId, Tags]:
    """Return the tags of calls where a plan asks for any."""
    if not any(plan.asks_for_tags for plan in archive.shop(tx).rates.values()):
        return {}
    return tags_of(tx, center, (call_of(line) for line in lines if line.kind is ChargeKind.CALL))


def _explained(
    tx: Transaction, archive: Archive, history: History, line: ChargeLine, tags: Mapping[CallId, Tags]
) -> BillLine:
    day = history.zone.day(line.ended_at)
    match line.kind:
        case ChargeKind.RENT:
            found = worked(line, None, _seats(history, day))
            rent = found.rent
            return found if rent is None or rent.price * rent.seats == line.amount else changed(found, rent=None)
        case ChargeKind.MINIMUM:
            return BillLine(line=line, minimum=_share(tx, history, line, day))
        case ChargeKind.CALL:
            found = worked(line, _plan(tx, archive, history, line), tags=tags.get(call_of(line), ()))
            fits = found.working is None or found.working.posted == line.amount
            return found if fits else BillLine(line=line)


def _plan(tx: Transaction, archive: Archive, history: History, line: ChargeLine) -> RatePlan | None:
    """Return the rate plan in force at the answer of a talk; None when it had none, or none that is in force yet."""
    shop = archive.shop_at(tx, line.answered_at or line.ended_at)
    center = shop.centers.get(history.now.id)
    plan = None if center is None or center.rate is None else shop.rates[center.rate]
    since = plan.versions[0].effective_from if plan else Instant(0)
    return plan if plan is not None and since <= (line.answered_at or line.ended_at) else None


def _seats(history: History, day: date) -> SeatPrice | None:
    for stretch in history.tenancy().stretches:
        if stretch.first <= day <= (stretch.last or day):
            return SeatPrice(seats=history.seats(day), price=seat_price(stretch.terms, day))
    return None


def _share(tx: Transaction, history: History, line: ChargeLine, day: date) -> MinimumShare | None:
    """Return how the minimum of a month came about; None for a correction, which its key explains."""
    base = books.settled_base(tx, history.now.id, day)
    stretches = [
        stretch
        for stretch in history.tenancy().stretches
        if stretch.first <= day and (stretch.last or day) >= day.replace(day=1)
    ]
    if base is None or not stretches or line.key != minimum_key(history.now.id, day):
        return None
    days = sum(
        (min(stretch.last or day, day) - max(stretch.first, day.replace(day=1))).days + 1 for stretch in stretches
    )
    charges = base - line.amount if line.amount else books.call_charges(tx, history, day)
    share = MinimumShare(
        whole=stretches[-1].terms.minimum_month, days=days, month_days=month_days(day), base=base, calls=charges
    )
    return share if minimum_line(base, charges) == line.amount else None
