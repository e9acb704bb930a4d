"""The back office: jobs and operators over a store in which nobody is being served at this moment.

What a host does with live calls in hand (a top-up that lets a talk last longer) is the host's; everything here needs the
store alone, so many processes may do it at once: each posting has its natural key and its own transaction. Read
``settling`` for rents and minimums, ``rerating`` for corrections, ``inquiry`` for statements and checks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from callcenter.billing.accounts import CASH, Account, center_account, reseller_account
from callcenter.billing.alerts import Alert, Marks, alerts
from callcenter.billing.corrections import WhatIf, price_of
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
from callcenter.billing.plans import RatePlan
from callcenter.billing.reconcile import Reconciliation
from callcenter.billing.rent import nominal_run
from callcenter.billing.statement import Statement
from callcenter.center import books, inquiry, rerating, settling, shelf
from callcenter.center.archive import Archive, Read, plain_read
from callcenter.errors import UsageError
from callcenter.files.changes import carried, dated
from callcenter.files.shop import Shop
from callcenter.model.directory import CenterStatus
from callcenter.model.ids import CenterId, ResellerId
from callcenter.model.money import ZERO, Money
from callcenter.model.times import Instant, zone
from callcenter.model.value import changed, value
from callcenter.ports import EntryOrder, Store, Transaction

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


class Office:
    """Jobs over one store.

    Args:
        store: Where all is kept.
        read: How a shop is read, with the calendars and rankings that are registered.
    """

    def __init__(self, store: Store, read: Read = plain_read) -> None:
        self._store: Final = store
        self._read: Final = read
        self.archive: Final = Archive(read)

    # ---------------------------------------------------------------- the shop

    def load(self, data: Mapping[str, object], at: Instant) -> bool:
        """Write a shop into the store; an edited one is applied as changes of that moment, balances excepted.

        Args:
            data: Parsed TOML.
            at: The moment.

        Returns:
            Whether anything changed: the same shop again changes nothing.

        Raises:
            FileError: When it is no shop.
            UsageError: E512 for a change of a frozen center, E514 for the removal of one with talks.
        """
        shop = self._read(data, at)
        with self._store.transaction() as tx:
            latest = tx.shop.latest()
            if latest is None:
                whole, before = dated(data, shop), None
            else:
                before = self.archive.shop(tx)
                whole = carried(data, shop, before)
                if json.loads(latest.text) == json.loads(json.dumps(whole)):
                    return False
                _refuse_impossible(tx, before, self._read(whole, at))
            shelf.save(tx, whole, at)
            books.open_accounts(tx, self._read(whole, at), at, before)
        return True

    # ---------------------------------------------------------------- adjustments

    def top_up(self, payee: Payee, ref: str, amount: Money, act: Act, *, renewal: bool = False) -> Posting:
        """Pay in (充值, 续费): a center from its reseller or from cash, a reseller from cash.

        A closed center takes nothing, and a reseller gives no more than balance and credit limit; the ref of a refused
        top-up may be used again.
        """
        _refuse_nonsense(ref, amount)
        with self._store.transaction() as tx:
            shop = self._known(tx, payee)
            if payee.center is not None:
                return books.top_up(tx, shop, payee.center, ref, amount, act, renewal=renewal)
            return tx.ledger.post(top_up_entry(ref, payee.account, amount, act, CASH, renewal=renewal))

    def refund(self, payee: Payee, ref: str, amount: Money, act: Act, *, charge: str = "") -> Posting:
        """Give money back (话费返还); of a named charge as its reversal, which counts for the minimum of its month.

        Args:
            payee: Whose balance.
            ref: The operator's reference.
            amount: Above zero.
            act: Who, and when.
            charge: Key of the charge; empty: none.
        """
        _refuse_nonsense(ref, amount)
        with self._store.transaction() as tx:
            shop = self._known(tx, payee)
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

    def deduct(self, payee: Payee, ref: str, amount: Money, act: Act, *, charge: str = "") -> Posting:
        """Take money (其他扣费), also below zero; not from a frozen or closed center.

        Args:
            payee: Whose balance.
            ref: The operator's reference.
            amount: Above zero.
            act: Who, and when.
            charge: Key of the charge that it is about; empty: none.
        """
        _refuse_nonsense(ref, amount)
        with self._store.transaction() as tx:
            shop = self._known(tx, payee)
            entry = deduction_entry(ref, payee.account, amount, act, charge or None)
            if charge:
                original = tx.ledger.entry(charge)
                if original is None or not original.amount(payee.account):
                    return _without_original(tx, changed(entry, because=None), charge)
            stands = tx.ledger.entry(entry.key)
            if stands is None and payee.center is not None and shelf.frozen(shop.centers[payee.center]):
                return refused(entry, Refusal.ACCOUNT_FROZEN, payee.account)
            return tx.ledger.post(entry, _guards(shop, payee))

    # ---------------------------------------------------------------- questions

    def statement(self, account: Account, start: Instant, end: Instant, known_at: Instant | None = None) -> Statement:
        """Return what happened to a balance in [start, end), as it was known at an instant; None: as it is known now."""
        with self._store.transaction() as tx:
            return inquiry.statement_of(tx, account, start, end, known_at)

    def reconcile(self) -> Reconciliation:
        """Compare charge details, entries and balances of everything, to the hao."""
        with self._store.transaction() as tx:
            return inquiry.reconciliation(tx, self.archive)

    def audit(self) -> Reconciliation:
        """Reconcile, and look at rents, minimums and holds too."""
        with self._store.transaction() as tx:
            return inquiry.audit(tx, self.archive)

    def alerts(self, center: CenterId, marks: Marks, since: Instant | None = None) -> tuple[Alert, ...]:
        """Return each crossing of a center's balance: low, exhausted, restored; see :mod:`callcenter.billing.alerts`."""
        account = center_account(center)
        with self._store.transaction() as tx:
            posted = tx.ledger.entries(account, *inquiry.ALWAYS, EntryOrder.POSTED)
        return alerts(account, posted, marks, since=since)

    # ---------------------------------------------------------------- re-rating

    def what_if(self, plan: RatePlan, first: date, last: date, centers: Iterable[CenterId] = ()) -> WhatIf:
        """Return what the talks of some local dates would cost under a plan; nothing is touched."""
        with self._store.transaction() as tx:
            return rerating.imagine(tx, self.archive, plan, first, last, centers)

    def apply(self, imagined: WhatIf, batch: str, act: Act) -> tuple[Posting, ...]:
        """Post exactly the differences that were imagined, each once under the batch's name."""
        return rerating.apply(self._store, self.archive, imagined, batch, act)

    # ---------------------------------------------------------------- settlement and closing

    def settle(
        self,
        through: date,
        *,
        clock: Instant,
        now: Instant | None = None,
        since: date | None = None,
        dry_run: bool = False,
        progress: settling.Progress = settling.silent,
    ) -> settling.Settlement:
        """Post the rents of all dates through one, and the minimums that its run settles; see :mod:`.settling`.

        Args:
            through: The last date.
            clock: The machine's time: dates that have not come yet are not settled.
            now: The recorded time; None: 03:00 of the date in each center's zone.
            since: Only lines of this date and later, for a job that knows that earlier ones stand; None: all.
            dry_run: Only say what would be posted.
            progress: Hears how many lines of how many are done.
        """
        run = settling.Run(self._store, self.archive, through, now, since)
        return run.go(clock, dry_run=dry_run, progress=progress)

    def hand_back(self, center: CenterId, act: Act) -> Posting | None:
        """Give the remainder of a closed and settled center back to its reseller, or to cash (P3).

        Returns:
            The posting; None as long as the center is not settled, has talks, or has nothing left: a debt stays.
        """
        with self._store.transaction() as tx:
            shop = self._known(tx, Payee(center=center))
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
            if rest <= ZERO or tx.holds.open(center_account(center)) or not self._settled(tx, center, last):
                return None
            return tx.ledger.post(entry)

    def _settled(self, tx: Transaction, center: CenterId, last: date) -> bool:
        """Tell whether the last rent and the last minimum of a center stand."""
        stretches = self.archive.histories(tx)[center].tenancy().stretches
        if not stretches:
            return True
        day = stretches[-1].last or last
        owes_minimum = bool(stretches[-1].terms.minimum_month)
        minimum = not owes_minimum or books.settled_base(tx, center, month_end(day)) is not None
        return minimum and tx.ledger.entry(rent_key(center, day)) is not None

    def _known(self, tx: Transaction, payee: Payee) -> Shop:
        """Return the shop.

        Raises:
            UsageError: E531, for a center or reseller that it has not.
        """
        shop = self.archive.shop(tx)
        name, known = (payee.center, shop.centers) if payee.center is not None else (payee.reseller, shop.resellers)
        if name not in known:
            raise UsageError("E531", name=str(name)[:60], known=", ".join(map(str, known)) or "—")
        return shop


def _refuse_impossible(tx: Transaction, before: Shop, after: Shop) -> None:
    for center in before.centers.values():
        edited = after.centers.get(center.id)
        same = edited is not None and changed(edited, status=center.status, closed=center.closed) == center
        if shelf.frozen(center) and (not same or before.rents.get(center.id) != after.rents.get(center.id)):
            raise UsageError("E512", f"center.{center.id}", center=center.id)
        ends = edited is None or (edited.status is not center.status and edited.status is CenterStatus.CLOSED)
        if ends and tx.holds.open(center_account(center.id)):
            raise UsageError("E514", f"center.{center.id}", center=center.id)


def _refuse_nonsense(ref: str, amount: Money) -> None:
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
