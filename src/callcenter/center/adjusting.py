"""What operators do to balances, inside a transaction: paying in, giving back, taking, and the end of an account.

A job opens the transaction; the office in a store without live calls, a host beside them. Each posting has its natural
key, and answers how it stands when it is tried again.
"""

from __future__ import annotations

from typing import Final

from callcenter.billing.accounts import CASH, Account, center_account, reseller_account
from callcenter.billing.corrections import price_of
from callcenter.billing.entries import (
    Act,
    charge_refund_entry,
    closing_entry,
    deduction_entry,
    refund_entry,
    rent_key,
    source_of,
    top_up_entry,
)
from callcenter.billing.ledger import Entry, EntryKind, Guard, Outcome, Posting, Refusal, found, refused
from callcenter.billing.minimum import month_end, next_month, settles_on
from callcenter.billing.rent import nominal_run
from callcenter.center import books, shelf
from callcenter.center.archive import Archive
from callcenter.errors import UsageError
from callcenter.files.shop import Shop
from callcenter.model.directory import CenterStatus
from callcenter.model.ids import CenterId, ResellerId
from callcenter.model.money import ZERO, Money
from callcenter.model.times import zone
from callcenter.model.value import changed, value
from callcenter.ports import Transaction

_REF_LENGTH: Final = 200
_CHARGES: Final = frozenset({EntryKind.CALL, EntryKind.RENT, EntryKind.MINIMUM})


@value
class Payee:
    """Whose balance an operator changes: a center's or a reseller's."""

    center: CenterId | None = None
    reseller: ResellerId | None = None

    @property
    def account(self) -> Account:
        """Its prepaid account."""
        if self.center is not None:
            return center_account(self.center)
        return reseller_account(self.reseller or ResellerId(""))


def known_shop(tx: Transaction, archive: Archive, payee: Payee) -> Shop:
    """Return the shop.

    Raises:
        UsageError: E531, for a center or reseller that it has not.
    """
    shop = archive.shop(tx)
    name, known = (payee.center, shop.centers) if payee.center is not None else (payee.reseller, shop.resellers)
    if name not in known:
        raise UsageError("E531", name=str(name)[:60], known=", ".join(map(str, known)) or "—")
    return shop


def top_up(
    tx: Transaction, shop: Shop, payee: Payee, ref: str, amount: Money, act: Act, *, renewal: bool = False
) -> Posting:
    """Pay in: a center from its reseller or from cash, a reseller from cash."""
    refuse_nonsense(ref, amount)
    if payee.center is not None:
        return books.top_up(tx, shop, payee.center, ref, amount, act, renewal=renewal)
    return tx.ledger.post(top_up_entry(ref, payee.account, amount, act, CASH, renewal=renewal))


def refund(
    tx: Transaction, shop: Shop, payee: Payee, ref: str, amount: Money, act: Act, *, charge: str = ""
) -> Posting:
    """Give money back; of a named charge as its reversal, which counts for the minimum of its month."""
    refuse_nonsense(ref, amount)
    guards = _guards(shop, payee)
    if not charge:
        return tx.ledger.post(refund_entry(ref, payee.account, amount, act), guards)
    original = tx.ledger.entry(charge)
    if original is None or original.kind not in _CHARGES or not _takes(original, payee.account):
        return _without_original(tx, refund_entry(ref, payee.account, amount, act), charge)
    back = _given_back(tx, original, ref, payee)
    entry = charge_refund_entry(ref, original, payee.account, amount, act, back)
    price = price_of(original, tx.ledger.corrections(charge), payee.account)
    if tx.ledger.entry(entry.key) is None and back + amount > price:  # it may have been re-rated since
        return refused(entry, Refusal.OVER_REFUNDED, charge)
    posting = tx.ledger.post(entry, guards)
    if posting.outcome is Outcome.CREATED and payee.center is not None and original.kind is EntryKind.CALL:
        center = books.standing(shop.centers[payee.center])
        books.correct_minimum(tx, center, original.effective_at, entry.key, act)
    return posting


def deduct(
    tx: Transaction, shop: Shop, payee: Payee, ref: str, amount: Money, act: Act, *, charge: str = ""
) -> Posting:
    """Take money, also below zero; not from a frozen or closed center."""
    refuse_nonsense(ref, amount)
    entry = deduction_entry(ref, payee.account, amount, act, charge or None)
    if charge:
        original = tx.ledger.entry(charge)
        if original is None or not original.amount(payee.account):
            return _without_original(tx, changed(entry, because=None), charge)
    stands = tx.ledger.entry(entry.key)
    if stands is None and payee.center is not None and shelf.frozen(shop.centers[payee.center]):
        return refused(entry, Refusal.ACCOUNT_FROZEN, payee.account)
    return tx.ledger.post(entry, _guards(shop, payee))


def hand_back(tx: Transaction, archive: Archive, shop: Shop, center: CenterId, act: Act) -> Posting | None:
    """Give the remainder of a closed and settled center back to its reseller, or to cash; None while it cannot be."""
    table = shop.centers[center]
    last = table.closed
    if table.status is not CenterStatus.CLOSED or last is None:
        return None
    reseller = shop.reseller_of(center)
    source, place = source_of(reseller.id if reseller else None), zone(table.timezone)
    terms = shop.rents.get(center)
    at = nominal_run(place, settles_on(last, terms) if terms else next_month(last))
    rest = tx.ledger.balance(center_account(center))
    entry = closing_entry(center, last, rest, source, at, act)
    stands = tx.ledger.entry(entry.key)
    if stands is not None:
        return found(stands, stands)
    if rest <= ZERO or tx.holds.open(center_account(center)) or not settled(tx, archive, shop, center):
        return None
    return tx.ledger.post(entry)


def settled(tx: Transaction, archive: Archive, shop: Shop, center: CenterId) -> bool:
    """Tell whether the last rent and the last minimum of a closed center stand (P3)."""
    last = shop.centers[center].closed
    if shop.centers[center].status is not CenterStatus.CLOSED or last is None:
        return False
    stretches = archive.histories(tx)[center].tenancy().stretches
    if not stretches:
        return True
    day = stretches[-1].last or last
    owes_minimum = bool(stretches[-1].terms.minimum_month)
    minimum = not owes_minimum or books.settled_base(tx, center, month_end(day)) is not None
    return minimum and tx.ledger.entry(rent_key(center, day)) is not None


def refuse_nonsense(ref: str, amount: Money) -> None:
    """Refuse a reference that is none, and an amount that is not above zero.

    Raises:
        UsageError: E534, E532.
    """
    if not ref.strip() or len(ref) > _REF_LENGTH or not ref.isprintable():
        raise UsageError("E534", ref=repr(ref[:40]))
    if amount <= ZERO:
        raise UsageError("E532", amount=str(amount))


def _guards(shop: Shop, payee: Payee) -> dict[Account, Guard]:
    if payee.center is None:
        return {}
    return {payee.account: Guard(closed=shop.centers[payee.center].status is CenterStatus.CLOSED)}


def _takes(charge: Entry, account: Account) -> bool:
    """Tell whether an entry is a charge of this account: a line of nothing is one as well."""
    return any(name == account and amount <= ZERO for name, amount in charge.legs)


def _given_back(tx: Transaction, charge: Entry, ref: str, payee: Payee) -> Money:
    """Return what refunds gave back of a charge before this one, so that a repeated refund is split as it was."""
    before = ZERO
    for earlier in tx.ledger.corrections(charge.key):
        if earlier.key == f"refund:{ref}":
            break
        if earlier.kind is EntryKind.REFUND:
            before += earlier.amount(payee.account)
    return before


def _without_original(tx: Transaction, entry: Entry, charge: str) -> Posting:
    """Refuse an adjustment that names no charge of this account; a ref that is taken is told first."""
    stands = tx.ledger.entry(entry.key)
    if stands is not None:
        return found(stands, changed(entry, because=charge))
    return refused(entry, Refusal.NO_ORIGINAL, charge)
