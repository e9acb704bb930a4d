"""Questions to the books: statements, the reconciliation of everything, the audit. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from callcenter.billing.accounts import Account, center_account
from callcenter.billing.entries import minimum_key, rent_key
from callcenter.billing.ledger import Entry, EntryKind
from callcenter.billing.minimum import minimum_line, month_range
from callcenter.billing.reconcile import Finding, Reconciliation, reconcile
from callcenter.billing.rent import nominal_run
from callcenter.billing.statement import Statement, statement
from callcenter.billing.tenancy import History
from callcenter.center import books
from callcenter.center.archive import Archive
from callcenter.center.recovery import rebuilt
from callcenter.center.surroundings import Surroundings
from callcenter.model.ids import CenterId
from callcenter.model.records import ChargeLine
from callcenter.model.times import NEVER, Instant
from callcenter.model.value import changed
from callcenter.ports import Transaction
from callcenter.ports_people import AuditRow, first_flaw

ALWAYS: Final = (Instant(-NEVER), NEVER)
_CHUNK: Final = 500


def statement_of(
    tx: Transaction, account: Account, start: Instant, end: Instant, known_at: Instant | None = None
) -> Statement:
    """Return the statement of an account over [start, end), as it was known at an instant; None: as it is known now."""
    if known_at is not None:
        return statement(account, tx.ledger.entries(account, ALWAYS[0], end), start, end, known_at=known_at)
    opening = tx.ledger.balance_before(account, start)
    return statement(account, tx.ledger.entries(account, start, end), start, end, opening=opening)


def reconciliation(tx: Transaction, archive: Archive) -> Reconciliation:
    """Compare charge details, entries and balances of the whole store; see :mod:`callcenter.billing.reconcile`."""
    entries = _entries(tx)
    balances = {account: tx.ledger.balance(account) for account in tx.ledger.accounts()}
    return reconcile(entries, list(_lines(tx, archive)), balances)


def audit(tx: Transaction, archive: Archive) -> Reconciliation:
    """Reconcile, and look at rents, minimums, holds and the trail too."""
    entries = _entries(tx)
    balances = {account: tx.ledger.balance(account) for account in tx.ledger.accounts()}
    found = reconcile(entries, list(_lines(tx, archive)), balances)
    histories = archive.histories(tx)
    more = (*_rents(entries, histories), *_minimums(tx, entries, histories), *_holds(tx, archive), *_trail(tx))
    return changed(found, findings=(*found.findings, *more))


def _entries(tx: Transaction) -> dict[str, Entry]:
    return {entry.key: entry for account in tx.ledger.accounts() for entry in tx.ledger.entries(account, *ALWAYS)}


def _lines(tx: Transaction, archive: Archive) -> Iterator[ChargeLine]:
    for center in archive.histories(tx):
        yield from tx.records.charges(center, *ALWAYS)


def trail_rows(tx: Transaction) -> Iterator[AuditRow]:
    """Yield every row of the audit trail in its order, some hundred in memory at a time."""
    last = 0
    while rows := tx.trail.since(last, _CHUNK):
        yield from rows
        last = rows[-1].seq


def _trail(tx: Transaction) -> Iterator[Finding]:
    """The trail is one chain: the first row that does not continue it is named, with what it says."""
    flaw = first_flaw(trail_rows(tx))
    if flaw is not None:
        yield Finding(
            check="trail", row=str(flaw.seq), found=f"{flaw.act.who} {flaw.act.what} {flaw.act.target}".strip()
        )


def _rents(entries: dict[str, Entry], histories: dict[CenterId, History]) -> Iterator[Finding]:
    """One rent per center and date: a key names the date on which its entry is effective."""
    accounts = {center_account(center): history for center, history in histories.items()}
    for entry in entries.values():
        if entry.kind is not EntryKind.RENT:
            continue
        history = accounts.get(entry.legs[0][0])
        if history is None:
            yield Finding(check="no_center", row=entry.key, found=entry.legs[0][0])
            continue
        day = history.zone.day(entry.effective_at)
        key = rent_key(history.now.id, day)
        if entry.key != key or entry.effective_at != nominal_run(history.zone, day):
            yield Finding(
                check="rent_date", row=entry.key, found=history.zone.isoformat(entry.effective_at), expected=key
            )


def _minimums(tx: Transaction, entries: dict[str, Entry], histories: dict[CenterId, History]) -> Iterator[Finding]:
    """Charges and minimum of each settled month are the larger of charges and base (L14)."""
    for center, history in histories.items():
        for month in _settled_months(entries, history):
            base = books.settled_base(tx, center, month)
            if base is None:
                yield Finding(check="no_base", row=minimum_key(center, month))
                continue
            start, end = month_range(history.zone, month)
            charges = tx.ledger.taken(center_account(center), EntryKind.CALL, start, end)
            taken = books.minimum_taken(tx, center, history.zone, month)
            due = minimum_line(base, charges)
            if taken != due:
                yield Finding(check="minimum", row=minimum_key(center, month), found=str(taken), expected=str(due))


def _settled_months(entries: dict[str, Entry], history: History) -> list[date]:
    account = center_account(history.now.id)
    return [
        history.zone.day(entry.effective_at)
        for entry in entries.values()
        if entry.kind is EntryKind.MINIMUM and entry.because is None and entry.legs[0][0] == account
    ]


def _holds(tx: Transaction, archive: Archive) -> Iterator[Finding]:
    """An open hold belongs to a live call, and to one only."""
    shop = archive.shop(tx)
    accounts = {center_account(center): center for center in shop.centers}
    live: dict[CenterId, set[str]] = {}
    for hold in tx.holds.open():
        center = accounts.get(hold.account)
        if center is None:
            yield Finding(check="hold", row=hold.id, found=str(hold.amount))
            continue
        if center not in live:
            desk = rebuilt(tx, shop, center, Surroundings())
            live[center] = {meter.hold for meter in desk.meters.values()}
        if hold.id not in live[center]:
            yield Finding(check="hold", row=hold.id, found=str(hold.amount))
