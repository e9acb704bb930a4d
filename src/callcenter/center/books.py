"""What operators and jobs post: opening balances, top-ups, the rent of a date, the minimum of a month.

Each posting has its natural key and stands once, however often it is tried (R4).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from callcenter.billing.accounts import Account, reseller_account
from callcenter.billing.entries import Act, opening_entry, source_of, top_up_entry
from callcenter.billing.ledger import Guard, Outcome, Posting
from callcenter.billing.minimum import month_range
from callcenter.billing.rent import day_rent, nominal_run, owes_rent, seats_on
from callcenter.billing.settlement import Due, Stretch, Tenancy, due_charge, due_entry, minimums
from callcenter.center.desk import Desk, Terms
from callcenter.files.shop import Shop
from callcenter.model.directory import CallCenter, CenterStatus
from callcenter.model.facts import Posted
from callcenter.model.ids import CenterId
from callcenter.model.money import Money
from callcenter.model.records import ChargeKind
from callcenter.model.times import Instant, zone
from callcenter.ports import Transaction


def open_accounts(tx: Transaction, shop: Shop, at: Instant, known: frozenset[CenterId] = frozenset()) -> None:
    """Post the balances with which resellers and centers start; a center that is known keeps its own.

    A center's is effective at 00:00 of its first day, a reseller's at that of its first center.
    """
    first: dict[Account, Instant] = {}
    for center in shop.centers.values():
        begins = zone(center.timezone).at(center.created) if center.created else at
        reseller = shop.reseller_of(center.id)
        if reseller is not None:
            account = reseller_account(reseller.id)
            first[account] = min(begins, first.get(account, begins))
        if center.id not in known and center.opening:
            tx.ledger.post(opening_entry(Account(f"center:{center.id}"), center.opening, begins, Act(at=at)))
    for reseller in shop.resellers.values():
        account = reseller_account(reseller.id)
        if reseller.opening and tx.ledger.entry(f"open:{account}") is None:
            tx.ledger.post(opening_entry(account, reseller.opening, first.get(account, at), Act(at=at)))


def top_up(tx: Transaction, shop: Shop, desk: Desk, ref: str, amount: Money, act: Act) -> Posting:
    """Move money to a center from its reseller, or from cash when it stands alone; a closed center takes none."""
    reseller = shop.reseller_of(desk.id)
    source = source_of(None if reseller is None else reseller.id)
    guards = {desk.account: Guard(closed=desk.center.status is CenterStatus.CLOSED)}
    if reseller is not None:
        guards[source] = Guard(floor=-reseller.credit_limit)
    return tx.ledger.post(top_up_entry(ref, desk.account, amount, act, source), guards)


def due_on(tx: Transaction, desk: Desk, day: date) -> Iterator[Due]:
    """Yield what the run of a local date posts for a center: that date's rent, the minimums that R3 then allows.

    A month in which a talk that still lasts was answered waits for a later run.
    """
    terms = _terms_on(desk, day)
    if terms.rent is None:
        return
    if owes_rent(terms.center, day):
        amount = day_rent(terms.rent, day, seats_on(day, _states(desk, day)))
        run = nominal_run(desk.zone, day)
        yield Due(kind=ChargeKind.RENT, center=desk.id, day=day, at=run, amount=amount)
    stretch = Stretch(first=terms.center.created or day, last=terms.center.closed, terms=terms.rent)
    tenancy = Tenancy(center=desk.id, access_number=desk.center.access_number, zone=desk.zone, stretches=(stretch,))
    for line in minimums(tenancy, day, lambda _center, month: _charges(tx, desk, month)):
        if not _open_in(desk, line.day):
            yield line


def post(tx: Transaction, desk: Desk, line: Due, now: Instant) -> Posted | None:
    """Post a line that is due; None when it stands already."""
    posting = tx.ledger.post(due_entry(line, Act(at=now)))
    if posting.outcome is not Outcome.CREATED:
        return None
    tx.records.add_charge(due_charge(line, desk.center.access_number))
    desk.dirty = True
    return Posted(at=now, key=line.key, kind=line.kind.value, amount=line.amount)


def _terms_on(desk: Desk, day: date) -> Terms:
    """Return how a center stood when a date began: changes of the plan count from the next local date (R1)."""
    begins = desk.zone.at(day)
    before = [terms for terms in desk.history if terms.since < begins]
    return before[-1] if before else desk.history[0]


def _states(desk: Desk, day: date) -> list[CallCenter]:
    """Return the center as it was at the moments of a date before its nominal run."""
    begins, ends = desk.zone.at(day), nominal_run(desk.zone, day)
    during = [terms.center for terms in desk.history if begins <= terms.since < ends]
    return [_terms_on(desk, day).center, *during]


def _charges(tx: Transaction, desk: Desk, month: date) -> Money:
    start, end = month_range(desk.zone, month)
    return tx.records.charged(desk.id, ChargeKind.CALL, start, end).amount


def _open_in(desk: Desk, month: date) -> bool:
    start, end = month_range(desk.zone, month)
    return any(start <= (meter.answered_at or 0) < end for meter in desk.talks())
