"""What operators and jobs post: opening balances, top-ups, the rent of a date, the minimum of a month.

Each posting has its natural key and stands once, however often it is tried (R4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from callcenter.billing.accounts import Account, center_account, reseller_account
from callcenter.billing.entries import (
    Act,
    minimum_correction,
    minimum_key,
    opening_entry,
    source_of,
    top_up_entry,
)
from callcenter.billing.ledger import EntryKind, Guard, Outcome, Posting
from callcenter.billing.minimum import last_second, line_change, month_end, month_range
from callcenter.billing.settlement import Due, bases, due_charge, due_entry, rents, topped_up
from callcenter.billing.tenancy import History
from callcenter.files.shop import Shop
from callcenter.model.directory import CallCenter, CenterStatus
from callcenter.model.ids import CenterId
from callcenter.model.money import ZERO, Money
from callcenter.model.records import ChargeKind, ChargeLine
from callcenter.model.times import Instant, Zone, zone
from callcenter.model.value import changed, value
from callcenter.ports import Transaction


@value
class Standing:
    """What a correction needs to know of a center."""

    id: CenterId
    zone: Zone
    access_number: str


def standing(center: CallCenter) -> Standing:
    """Return what a correction needs to know of a center."""
    return Standing(id=center.id, zone=zone(center.timezone), access_number=center.access_number)


def open_accounts(tx: Transaction, shop: Shop, at: Instant, before: Shop | None = None) -> None:
    """Post the balances with which resellers and centers start; who was there before keeps the balance it has.

    A center's is effective at 00:00 of its first day, a reseller's at that of its first center.
    """
    known = Shop() if before is None else before
    first: dict[Account, Instant] = {}
    for center in shop.centers.values():
        begins = zone(center.timezone).at(center.created) if center.created else at
        reseller = shop.reseller_of(center.id)
        if reseller is not None:
            account = reseller_account(reseller.id)
            first[account] = min(begins, first.get(account, begins))
        if center.id not in known.centers and center.opening:
            tx.ledger.post(opening_entry(center_account(center.id), center.opening, begins, Act(at=at)))
    for reseller in shop.resellers.values():
        account = reseller_account(reseller.id)
        if reseller.id not in known.resellers and reseller.opening and tx.ledger.entry(f"open:{account}") is None:
            tx.ledger.post(opening_entry(account, reseller.opening, first.get(account, at), Act(at=at)))


def top_up(
    tx: Transaction, shop: Shop, center: CenterId, ref: str, amount: Money, act: Act, *, renewal: bool = False
) -> Posting:
    """Move money to a center from its reseller, or from cash when it stands alone; a closed center takes none."""
    account, reseller = center_account(center), shop.reseller_of(center)
    source = source_of(None if reseller is None else reseller.id)
    guards = {account: Guard(closed=shop.centers[center].status is CenterStatus.CLOSED)}
    if reseller is not None:
        guards[source] = Guard(floor=-reseller.credit_limit)
    return tx.ledger.post(top_up_entry(ref, account, amount, act, source, renewal=renewal), guards)


def due_on(tx: Transaction, history: History, day: date, answered: tuple[Instant, ...]) -> Iterator[Due]:
    """Yield what the run of a local date posts for a center: that date's rent, the minimums that R3 then allows.

    Args:
        tx: Where the charges stand.
        history: How the center stood over time.
        day: The local date.
        answered: Answers of the talks that go on: the month of one waits for a later run.
    """
    tenancy = history.tenancy()
    for stretch in tenancy.stretches:
        if stretch.first <= day <= (stretch.last or day):
            only = changed(tenancy, stretches=(changed(stretch, first=day, last=day),))
            yield from rents(only, day, lambda _center, asked: history.seats(asked))
    for line in bases(tenancy, day):
        if tx.ledger.entry(line.key) is None and not open_in(history.zone, line.day, answered):
            yield topped_up(line, call_charges(tx, history, line.day))


def post(tx: Transaction, center: CenterId, access_number: str, line: Due, act: Act) -> bool:
    """Post a line that is due; False when it stands already, whatever its amount: what is settled stays."""
    return post_all(tx, ((line, access_number, act),))[0]


def post_all(tx: Transaction, lines: Sequence[tuple[Due, str, Act]]) -> list[bool]:
    """Post lines that are due, each with its center's access number and who posts; tell of each whether it is new."""
    postings = tx.ledger.post_all([due_entry(line, act) for line, _number, act in lines])
    new = [posting.outcome is Outcome.CREATED for posting in postings]
    made = [(line, number) for (line, number, _act), is_new in zip(lines, new, strict=True) if is_new]
    tx.records.add_charges([due_charge(line, number) for line, number in made])
    for line, _number in made:
        if line.kind is ChargeKind.MINIMUM:
            tx.notes.put(_base_note(line.center, line.day), str(line.base.hao))
    return new


def correct_minimum(tx: Transaction, desk: Standing, charged_at: Instant, because: str, act: Act) -> ChargeLine | None:
    """Let charges and minimum of a settled month be what they must be after a late call, a refund or a re-rating.

    Args:
        tx: Where the books are.
        desk: The center: its id, zone and access number.
        charged_at: The answer of the call that is new or given back.
        because: Key of the entry that makes a correction necessary.
        act: Who posts, and when.

    Returns:
        The line of the correction, negative where money is given back; None when nothing has to change, because the
        month is not settled yet or the minimum was not touched.
    """
    month = desk.zone.day(charged_at).replace(day=1)
    base = settled_base(tx, desk.id, month)
    if base is None:
        return None
    start, end = month_range(desk.zone, month)
    charges = tx.ledger.taken(center_account(desk.id), EntryKind.CALL, start, end)
    change = line_change(base, charges, minimum_taken(tx, desk.id, desk.zone, month))
    if not change:
        return None
    at = last_second(desk.zone, month)
    entry = minimum_correction(desk.id, month, change, at, act, because)
    if tx.ledger.post(entry).outcome is not Outcome.CREATED:
        return None
    due = Due(kind=ChargeKind.MINIMUM, center=desk.id, day=month_end(month), at=at, amount=change)
    line = changed(due_charge(due, desk.access_number), key=entry.key)
    tx.records.add_charge(line)
    return line


def settled_base(tx: Transaction, center: CenterId, month: date) -> Money | None:
    """Return the minimum pro rata by which a month was settled; None when it is not settled."""
    noted = tx.notes.get(_base_note(center, month))
    return None if noted is None else Money(int(noted))


def minimum_taken(tx: Transaction, center: CenterId, place: Zone, month: date) -> Money:
    """Return the minimum line of a month with all its corrections."""
    account, at, key = center_account(center), last_second(place, month), minimum_key(center, month)
    entries = tx.ledger.entries(account, at, Instant(at + 1))
    lines = (entry for entry in entries if entry.kind is EntryKind.MINIMUM and f"{entry.key}:".startswith(f"{key}:"))
    return -sum((entry.amount(account) for entry in lines), ZERO)


def call_charges(tx: Transaction, history: History, month: date) -> Money:
    """Return the call charges of a local month, less refunds of them."""
    start, end = month_range(history.zone, month)
    return tx.ledger.taken(center_account(history.now.id), EntryKind.CALL, start, end)


def open_in(place: Zone, month: date, answered: Iterable[Instant]) -> bool:
    """Tell whether one of the talks that go on was answered in the local month of a date."""
    start, end = month_range(place, month)
    return any(start <= at < end for at in answered)


def _base_note(center: CenterId, month: date) -> str:
    return f"base:{minimum_key(center, month)}"
