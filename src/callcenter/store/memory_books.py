"""The books of the memory store: ledger and holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callcenter.billing.accounts import Account
from callcenter.billing.holds import Hold, HoldState
from callcenter.billing.ledger import (
    Entry,
    EntryKind,
    Guard,
    Posting,
    Refusal,
    closed_account,
    created,
    floors,
    found,
    over_refunded,
    refused,
)
from callcenter.model.money import ZERO, Money
from callcenter.model.times import Instant
from callcenter.model.value import changed
from callcenter.ports import EntryOrder
from callcenter.store.keepable import refuse_unkeepable
from callcenter.store.undo import UndoLog

_NO_GUARDS: Mapping[Account, Guard] = {}


class MemoryLedger:
    """Entries by key, in the order posted; balances beside them."""

    def __init__(self, undo: UndoLog) -> None:
        self._undo = undo
        self._entries: dict[str, Entry] = {}
        self._balances: dict[Account, int] = {}
        self._of_account: dict[Account, list[Entry]] = {}
        self._because: dict[str, list[Entry]] = {}

    def post(self, entry: Entry, guards: Mapping[Account, Guard] | None = None) -> Posting:
        """Write an entry, or say why not."""
        stands = self._entries.get(entry.key)
        if stands is not None:
            return found(stands, entry)
        why = self._refusal(entry, guards or _NO_GUARDS)
        if why is not None:
            return refused(entry, *why)
        self._write(entry)
        return created(entry)

    def post_all(self, entries: Sequence[Entry]) -> tuple[Posting, ...]:
        """Write entries one after the other."""
        return tuple(map(self.post, entries))

    def _refusal(self, entry: Entry, guards: Mapping[Account, Guard]) -> tuple[Refusal, str] | None:
        if entry.because is not None:
            original = self._entries.get(entry.because)
            if original is None:
                return Refusal.NO_ORIGINAL, entry.because
            refunds = (other for other in self.corrections(entry.because) if other.kind is EntryKind.REFUND)
            if entry.kind is EntryKind.REFUND and over_refunded(entry, original, refunds):
                return Refusal.OVER_REFUNDED, entry.because
        closed = closed_account(entry, guards.items())
        if closed is not None:
            return Refusal.ACCOUNT_CLOSED, closed
        for account, floor in floors(entry, guards.items()):
            if self._balances.get(account, 0) + entry.amount(account).hao < floor:
                return Refusal.INSUFFICIENT_FUNDS, account
        return None

    def _write(self, entry: Entry) -> None:
        refuse_unkeepable((entry.key, entry.actor, entry.reason, entry.effective_at, entry.recorded_at))
        refuse_unkeepable(account for account, _amount in entry.legs)
        self._undo.set(self._entries, entry.key, entry)
        for account, amount in entry.legs:
            self._undo.set(self._balances, account, self._balances.get(account, 0) + amount.hao)
            self._add(self._of_account.setdefault(account, []), entry)
        if entry.because is not None:
            self._add(self._because.setdefault(entry.because, []), entry)

    def _add(self, rows: list[Entry], entry: Entry) -> None:
        self._undo.note(rows.pop)
        rows.append(entry)

    def entry(self, key: str) -> Entry | None:
        """Return an entry."""
        return self._entries.get(key)

    def balance(self, account: Account) -> Money:
        """Return a balance."""
        return Money(self._balances.get(account, 0))

    def balance_before(self, account: Account, at: Instant) -> Money:
        """Return the sum of what is effective before an instant."""
        rows = self._of_account.get(account, ())
        return Money(sum(entry.amount(account).hao for entry in rows if entry.effective_at < at))

    def entries(
        self, account: Account, start: Instant, end: Instant, order: EntryOrder = EntryOrder.EFFECTIVE
    ) -> tuple[Entry, ...]:
        """Return the entries of an account."""
        rows = [entry for entry in self._of_account.get(account, ()) if start <= entry.effective_at < end]
        if order is EntryOrder.EFFECTIVE:
            rows.sort(key=lambda entry: (entry.effective_at, entry.key))
        return tuple(rows)

    def corrections(self, key: str) -> tuple[Entry, ...]:
        """Return the entries made because of another."""
        return tuple(self._because.get(key, ()))

    def taken(self, account: Account, kind: EntryKind, start: Instant, end: Instant) -> Money:
        """Return what entries of a kind took, less their refunds."""
        hao = 0
        for entry in self._of_account.get(account, ()):
            if entry.kind is kind and start <= entry.effective_at < end:
                refunds = (other for other in self.corrections(entry.key) if other.kind is EntryKind.REFUND)
                hao -= entry.amount(account).hao + sum(refund.amount(account).hao for refund in refunds)
        return Money(hao)

    def accounts(self) -> tuple[Account, ...]:
        """Return the accounts."""
        return tuple(sorted(self._balances))

    def of_account(self, account: Account) -> Sequence[Entry]:
        """Return the entries of an account as posted."""
        return self._of_account.get(account, ())

    def rows(self) -> tuple[Entry, ...]:
        """Return all entries as posted."""
        return tuple(self._entries.values())

    def balances(self) -> tuple[tuple[Account, Money], ...]:
        """Return the cached balances."""
        return tuple((account, Money(hao)) for account, hao in sorted(self._balances.items()))


class MemoryHolds:
    """Holds by id; the open ones again by account, so that a long history costs nothing."""

    def __init__(self, undo: UndoLog, ledger: MemoryLedger) -> None:
        self._undo = undo
        self._ledger = ledger
        self._holds: dict[str, Hold] = {}
        self._open: dict[Account, dict[str, Hold]] = {}

    def place(self, id: str, account: Account, amount: Money, at: Instant, expires_at: Instant, limit: Money) -> bool:
        """Reserve an amount."""
        stands = self._holds.get(id)
        if stands is not None:
            return stands.live(at) and stands.account == account and stands.amount == amount
        if self._free(account, at, limit) < amount:
            return False
        refuse_unkeepable((id, account, at, expires_at))
        self._set(Hold(id=id, account=account, amount=amount, placed_at=at, expires_at=expires_at))
        return True

    def extend(self, id: str, amount: Money, at: Instant, expires_at: Instant, limit: Money) -> bool:
        """Enlarge and prolong a hold."""
        stands = self._holds.get(id)
        if stands is None or stands.state is not HoldState.OPEN:
            return False
        live = stands.live(at)
        own = stands.amount if live else ZERO
        wanted = max(amount, stands.amount)
        if wanted > own and self._free(stands.account, at, limit) + own < wanted:
            return False
        self._set(changed(stands, amount=wanted, expires_at=max(expires_at, stands.expires_at)))
        return True

    def capture(self, id: str, amount: Money) -> Hold | None:
        """Close a hold with what the talk cost."""
        return self._close(id, HoldState.CAPTURED, amount)

    def void(self, id: str) -> None:
        """Close a hold without a charge."""
        self._close(id, HoldState.VOID, ZERO)

    def _close(self, id: str, state: HoldState, amount: Money) -> Hold | None:
        stands = self._holds.get(id)
        if stands is None or stands.state is not HoldState.OPEN:
            return None
        closed = changed(stands, state=state, captured=amount)
        self._set(closed)
        return closed

    def _set(self, hold: Hold) -> None:
        self._undo.set(self._holds, hold.id, hold)
        rows = self._open.setdefault(hold.account, {})
        if hold.state is HoldState.OPEN:
            self._undo.set(rows, hold.id, hold)
        else:
            before = rows[hold.id]
            self._undo.note(lambda: rows.__setitem__(hold.id, before))
            del rows[hold.id]

    def _free(self, account: Account, at: Instant, limit: Money) -> Money:
        return self._ledger.balance(account) + limit - self.held(account, at)

    def hold(self, id: str) -> Hold | None:
        """Return a hold."""
        return self._holds.get(id)

    def held(self, account: Account, now: Instant) -> Money:
        """Return what is reserved of an account."""
        rows = self._open.get(account)
        return Money(sum(hold.amount.hao for hold in rows.values() if hold.live(now))) if rows else ZERO

    def open(self, account: Account | None = None) -> tuple[Hold, ...]:
        """Return the open holds."""
        rows = self._open.values() if account is None else (self._open.get(account, {}),)
        holds = (hold for of_account in rows for hold in of_account.values())
        return tuple(sorted(holds, key=lambda hold: (hold.placed_at, hold.id)))

    def rows(self) -> tuple[Hold, ...]:
        """Return all holds, by id."""
        return tuple(hold for _id, hold in sorted(self._holds.items()))
