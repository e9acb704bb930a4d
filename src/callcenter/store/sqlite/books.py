"""The books in SQLite: ledger and holds.

Everything here runs inside a transaction that began IMMEDIATE: between a balance that is read and the row that is
written by it, no other process can write. So a guard is a plain comparison here; the balances themselves are moved by
the triggers of the schema.
"""

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
from callcenter.ports import EntryOrder
from callcenter.store.rows import Row, decoded, entry_of, hold_of
from callcenter.store.sqlite.session import Session, refuse_nul

_ENTRY = "SELECT seq, key, kind, effective_at, recorded_at, actor, reason, because FROM entry"
_RANGE = (
    "seq IN (SELECT leg.entry FROM leg JOIN account ON account.number = leg.account"
    " WHERE account.id = ? AND leg.effective_at >= ? AND leg.effective_at < ?)"
)
_OF_ACCOUNT = {
    EntryOrder.EFFECTIVE: f"{_ENTRY} WHERE {_RANGE} ORDER BY effective_at, key",
    EntryOrder.POSTED: f"{_ENTRY} WHERE {_RANGE} ORDER BY seq",
}
_CHARGED = (
    " FROM account JOIN leg ON leg.account = account.number AND leg.effective_at >= ?2 AND leg.effective_at < ?3"
    " JOIN entry ON entry.seq = leg.entry AND entry.kind = ?4"
)
_GIVEN_BACK = (
    " JOIN entry AS refund ON refund.because = entry.key AND refund.kind = 'refund'"
    " JOIN leg AS back ON back.entry = refund.seq AND back.account = leg.account"
)
_TAKEN = (
    f"SELECT coalesce(sum(leg.hao), 0){_CHARGED} WHERE account.id = ?1",
    f"SELECT coalesce(sum(back.hao), 0){_CHARGED}{_GIVEN_BACK} WHERE account.id = ?1",
)
_ADD_LEG = "INSERT INTO leg (entry, place, account, effective_at, hao) VALUES (?, ?, ?, ?, ?)"
_ADD_ENTRY = (
    "INSERT INTO entry (seq, key, kind, effective_at, recorded_at, actor, reason, because)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_AT_ONCE = 500
"""So many keys are looked for with one statement."""
_HOLD = "SELECT id, account, hao, placed_at, expires_at, state, captured_hao FROM hold"
_NO_GUARDS: Mapping[Account, Guard] = {}


class SqliteLedger:
    """Entries and legs; account numbers are remembered, for they never change."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._numbers: dict[Account, int] = {}
        self._last_seq = 0

    def forget(self, *, accounts: bool = False) -> None:
        """Forget what another process, or a roll-back, may have made untrue."""
        self._last_seq = 0
        if accounts:
            self._numbers.clear()

    def post(self, entry: Entry, guards: Mapping[Account, Guard] | None = None) -> Posting:
        """Write an entry, or say why not."""
        stands = self.entry(entry.key)
        if stands is not None:
            return found(stands, entry)
        if entry.because is not None or guards:
            why = self._refusal(entry, guards or _NO_GUARDS)
            if why is not None:
                return refused(entry, *why)
        self._write(entry)
        return created(entry)

    def post_all(self, entries: Sequence[Entry]) -> tuple[Posting, ...]:
        """Write entries; new ones that answer no other in one go."""
        keys = [entry.key for entry in entries]
        if len(set(keys)) < len(keys) or any(entry.because is not None for entry in entries):
            return tuple(map(self.post, entries))
        stand: set[str] = set()
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            stand.update(key for (key,) in self._session.read(f"SELECT key FROM entry WHERE key IN ({marks})", some))  # noqa: S608
        self._write_all([entry for entry in entries if entry.key not in stand] if stand else entries)
        return tuple([self.post(entry) if entry.key in stand else created(entry) for entry in entries])

    def _write_all(self, entries: Sequence[Entry]) -> None:
        """Write entries that are known to be new."""
        for entry in entries:
            refuse_nul((entry.key, entry.actor, entry.reason))  # what else cannot be kept SQLite finds itself
        last = self._last()
        legs, made = [], []
        for seq, entry in enumerate(entries, last + 1):
            at = entry.effective_at
            for place, (account, amount) in enumerate(entry.legs):
                legs.append((seq, place, self._numbers.get(account) or self._number(account), at, amount.hao))
            made.append((seq, entry.key, entry.kind.value, at, entry.recorded_at, entry.actor, entry.reason, None))
        self._session.write_many(_ADD_LEG, legs)
        self._session.write_many(_ADD_ENTRY, made)
        self._last_seq = last + len(made)

    def _last(self) -> int:
        """Return the number of the last entry."""
        if not self._last_seq:
            self._last_seq = self._session.read("SELECT coalesce(max(seq), 0) FROM entry")[0][0]
        return self._last_seq

    def _refusal(self, entry: Entry, guards: Mapping[Account, Guard]) -> tuple[Refusal, str] | None:
        if entry.because is not None:
            original = self.entry(entry.because)
            if original is None:
                return Refusal.NO_ORIGINAL, entry.because
            refunds = (other for other in self.corrections(entry.because) if other.kind is EntryKind.REFUND)
            if entry.kind is EntryKind.REFUND and over_refunded(entry, original, refunds):
                return Refusal.OVER_REFUNDED, entry.because
        closed = closed_account(entry, guards.items())
        if closed is not None:
            return Refusal.ACCOUNT_CLOSED, closed
        for account, floor in floors(entry, guards.items()):
            if self.balance(account).hao + entry.amount(account).hao < floor:
                return Refusal.INSUFFICIENT_FUNDS, account
        return None

    def _write(self, entry: Entry) -> None:
        seq, at = self._last() + 1, entry.effective_at
        self._session.write_many(
            _ADD_LEG,
            [
                (seq, place, self._numbers.get(account) or self._number(account), at, amount.hao)
                for place, (account, amount) in enumerate(entry.legs)
            ],
        )
        self._session.write(
            _ADD_ENTRY,
            (seq, entry.key, entry.kind.value, at, entry.recorded_at, entry.actor, entry.reason, entry.because),
        )
        self._last_seq = seq

    def _number(self, account: Account) -> int:
        self._session.write("INSERT INTO account (id) VALUES (?) ON CONFLICT (id) DO NOTHING", (account,))
        number: int = self._session.read("SELECT number FROM account WHERE id = ?", (account,))[0][0]
        self._numbers[account] = number
        return number

    def entry(self, key: str) -> Entry | None:
        """Return an entry."""
        rows = self._session.read(f"{_ENTRY} WHERE key = ?", (key,))
        return self._entries(rows)[0] if rows else None

    def balance(self, account: Account) -> Money:
        """Return a balance."""
        rows = self._session.read("SELECT hao FROM account WHERE id = ?", (account,))
        return Money(rows[0][0]) if rows else ZERO

    def balance_before(self, account: Account, at: Instant) -> Money:
        """Return the sum of what is effective before an instant."""
        rows = self._session.read(
            "SELECT coalesce(sum(leg.hao), 0) FROM leg JOIN account ON account.number = leg.account"
            " WHERE account.id = ? AND effective_at < ?",
            (account, at),
        )
        return Money(rows[0][0])

    def entries(
        self, account: Account, start: Instant, end: Instant, order: EntryOrder = EntryOrder.EFFECTIVE
    ) -> tuple[Entry, ...]:
        """Return the entries of an account."""
        return self._entries(self._session.read(_OF_ACCOUNT[order], (account, start, end)))

    def corrections(self, key: str) -> tuple[Entry, ...]:
        """Return the entries made because of another."""
        return self._entries(self._session.read(f"{_ENTRY} WHERE because = ? ORDER BY seq", (key,)))

    def taken(self, account: Account, kind: EntryKind, start: Instant, end: Instant) -> Money:
        """Return what entries of a kind took, less their refunds."""
        values = (account, start, end, kind.value)
        return Money(-sum(self._session.read(sql, values)[0][0] for sql in _TAKEN))

    def accounts(self) -> tuple[Account, ...]:
        """Return the accounts."""
        return tuple(account for account, _balance in self.balances())

    def rows(self) -> tuple[Entry, ...]:
        """Return all entries as posted."""
        return self._entries(self._session.read(f"{_ENTRY} ORDER BY seq"))

    def numbered(self, numbers: Sequence[int]) -> dict[int, Entry]:
        """Return entries by their numbers."""
        marks = ", ".join("?" * len(numbers))
        found = self._session.read(f"{_ENTRY} WHERE seq IN ({marks})", numbers)
        return dict(zip((row[0] for row in found), self._entries(found), strict=True))

    def balances(self) -> tuple[tuple[Account, Money], ...]:
        """Return the cached balances."""
        rows = self._session.read("SELECT id, hao FROM account ORDER BY id")
        return tuple((Account(account), Money(hao)) for account, hao in rows)

    def _entries(self, found: Sequence[Row]) -> tuple[Entry, ...]:
        return decoded(lambda row: entry_of(row[1:], self._legs(row[0])), found)

    def _legs(self, seq: int) -> tuple[tuple[Account, Money], ...]:
        rows = self._session.read(
            "SELECT account.id, leg.hao FROM leg JOIN account ON account.number = leg.account"
            " WHERE leg.entry = ? ORDER BY leg.place",
            (seq,),
        )
        return tuple((Account(account), Money(hao)) for account, hao in rows)


class SqliteHolds:
    """Holds; the open ones have an index that covers what is asked of them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def place(self, id: str, account: Account, amount: Money, at: Instant, expires_at: Instant, limit: Money) -> bool:
        """Reserve an amount."""
        stands = self.hold(id)
        if stands is not None:
            return stands.live(at) and stands.account == account and stands.amount == amount
        if self._free(account, at, limit) < amount:
            return False
        self._session.write(
            "INSERT INTO hold (id, account, hao, placed_at, expires_at, state, captured_hao)"
            " VALUES (?, ?, ?, ?, ?, 'open', 0)",
            (id, account, amount.hao, at, expires_at),
        )
        return True

    def extend(self, id: str, amount: Money, at: Instant, expires_at: Instant, limit: Money) -> bool:
        """Enlarge and prolong a hold."""
        stands = self.hold(id)
        if stands is None or stands.state is not HoldState.OPEN:
            return False
        own = stands.amount if stands.live(at) else ZERO
        wanted = max(amount, stands.amount)
        if wanted > own and self._free(stands.account, at, limit) + own < wanted:
            return False
        self._session.write(
            "UPDATE hold SET hao = ?, expires_at = ? WHERE id = ?",
            (wanted.hao, max(expires_at, stands.expires_at), id),
        )
        return True

    def capture(self, id: str, amount: Money) -> Hold | None:
        """Close a hold with what the talk cost."""
        return self._close(id, HoldState.CAPTURED, amount)

    def void(self, id: str) -> None:
        """Close a hold without a charge."""
        self._close(id, HoldState.VOID, ZERO)

    def _close(self, id: str, state: HoldState, amount: Money) -> Hold | None:
        sql = "UPDATE hold SET state = ?, captured_hao = ? WHERE id = ? AND state = 'open'"
        return self.hold(id) if self._session.write(sql, (state.value, amount.hao, id)) else None

    def _free(self, account: Account, at: Instant, limit: Money) -> Money:
        rows = self._session.read("SELECT hao FROM account WHERE id = ?", (account,))
        balance = Money(rows[0][0]) if rows else ZERO
        return balance + limit - self.held(account, at)

    def hold(self, id: str) -> Hold | None:
        """Return a hold."""
        rows = self._session.read(f"{_HOLD} WHERE id = ?", (id,))
        return decoded(hold_of, rows)[0] if rows else None

    def held(self, account: Account, now: Instant) -> Money:
        """Return what is reserved of an account."""
        sql = "SELECT coalesce(sum(hao), 0) FROM hold WHERE account = ? AND state = 'open' AND expires_at > ?"
        return Money(self._session.read(sql, (account, now))[0][0])

    def open(self, account: Account | None = None) -> tuple[Hold, ...]:
        """Return the open holds."""
        sql = f"{_HOLD} WHERE state = 'open' AND (?1 IS NULL OR account = ?1) ORDER BY placed_at, id"
        return decoded(hold_of, self._session.read(sql, (account,)))

    def rows(self) -> tuple[Hold, ...]:
        """Return all holds, by id."""
        return decoded(hold_of, self._session.read(f"{_HOLD} ORDER BY id"))
