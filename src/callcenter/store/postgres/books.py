"""The books in PostgreSQL: ledger and holds.

What a decision rests on is locked before it is read: the guarded accounts in order of their ids, the original of a
refund, the account of a hold. A session that is alone needs no locks, for nobody else writes. A key that another node
posts at the same moment is waited for by the statement that writes, and found by the one that follows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

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
from callcenter.store.postgres.session import Session
from callcenter.store.rows import Row, decoded, entry_of, hold_of

_ENTRY = "SELECT seq, key, kind, effective_at, recorded_at, actor, reason, because FROM entry"
_RANGE = "seq IN (SELECT entry FROM leg WHERE account = %s AND effective_at >= %s AND effective_at < %s)"
_OF_ACCOUNT = {
    EntryOrder.EFFECTIVE: f"{_ENTRY} WHERE {_RANGE} ORDER BY effective_at, key",
    EntryOrder.POSTED: f"{_ENTRY} WHERE {_RANGE} ORDER BY seq",
}
_WRITE = (
    "WITH written AS ("
    " INSERT INTO entry (key, kind, effective_at, recorded_at, actor, reason, because)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (key) DO NOTHING RETURNING seq, effective_at"
    ") INSERT INTO leg (entry, place, account, effective_at, hao)"
    " SELECT seq, place - 1, account, effective_at, hao"
    " FROM written, unnest(%s::text[], %s::bigint[]) WITH ORDINALITY AS given (account, hao, place)"
)
_CHARGED = (
    " FROM leg JOIN entry ON entry.seq = leg.entry AND entry.kind = %s{}"
    " WHERE leg.account = %s AND leg.effective_at >= %s AND leg.effective_at < %s"
)
_GIVEN_BACK = (
    " JOIN entry AS refund ON refund.because = entry.key AND refund.kind = 'refund'"
    " JOIN leg AS back ON back.entry = refund.seq AND back.account = leg.account"
)
_TAKEN = (
    f"SELECT coalesce(sum(leg.hao), 0)::bigint{_CHARGED.format('')}",
    f"SELECT coalesce(sum(back.hao), 0)::bigint{_CHARGED.format(_GIVEN_BACK)}",
)
_HOLD = "SELECT id, account, hao, placed_at, expires_at, state, captured_hao FROM hold"
_NO_GUARDS: Mapping[Account, Guard] = {}


def lock(session: Session, accounts: Iterable[Account]) -> None:
    """Hold accounts until the end of the transaction, also those that have no leg yet."""
    wanted = sorted(set(accounts))
    if session.alone or not wanted:
        return
    sql = "SELECT id FROM account WHERE id = ANY(%s) AND slot = 0 ORDER BY id FOR NO KEY UPDATE"
    if len(session.returning(sql, (wanted,))) < len(wanted):
        session.write(
            "INSERT INTO account (id) SELECT * FROM unnest(%s::text[]) ON CONFLICT (id, slot) DO NOTHING", (wanted,)
        )
        session.returning(sql, (wanted,))


class PostgresLedger:
    """Entries, legs and balances."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def post(self, entry: Entry, guards: Mapping[Account, Guard] | None = None) -> Posting:
        """Write an entry, or say why not."""
        if entry.because is not None or guards:
            lock(self._session, (account for account, _floor in floors(entry, (guards or _NO_GUARDS).items())))
            stands = self.entry(entry.key)
            if stands is not None:
                return found(stands, entry)
            why = self._refusal(entry, guards or _NO_GUARDS)
            if why is not None:
                return refused(entry, *why)
        if self._write(entry):
            return created(entry)
        stands = self.entry(entry.key)
        assert stands is not None
        return found(stands, entry)

    def post_all(self, entries: Sequence[Entry]) -> tuple[Posting, ...]:
        """Write entries one after the other."""
        return tuple(map(self.post, entries))

    def _refusal(self, entry: Entry, guards: Mapping[Account, Guard]) -> tuple[Refusal, str] | None:
        if entry.because is not None:
            if not self._session.alone:
                self._session.returning("SELECT FROM entry WHERE key = %s FOR NO KEY UPDATE", (entry.because,))
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

    def _write(self, entry: Entry) -> int:
        accounts, amounts = zip(*entry.legs, strict=True)
        values = (entry.key, entry.kind.value, entry.effective_at, entry.recorded_at, entry.actor, entry.reason)
        legs = (list(accounts), [amount.hao for amount in amounts])
        return self._session.write(_WRITE, (*values, entry.because, *legs))

    def entry(self, key: str) -> Entry | None:
        """Return an entry."""
        rows = self._session.read(f"{_ENTRY} WHERE key = %s", (key,))
        return self._entries(rows)[0] if rows else None

    def balance(self, account: Account) -> Money:
        """Return a balance."""
        sql = "SELECT coalesce(sum(hao), 0)::bigint FROM account WHERE id = %s"
        return Money(self._session.read(sql, (account,))[0][0])

    def balance_before(self, account: Account, at: Instant) -> Money:
        """Return the sum of what is effective before an instant."""
        sql = "SELECT coalesce(sum(hao), 0)::bigint FROM leg WHERE account = %s AND effective_at < %s"
        return Money(self._session.read(sql, (account, at))[0][0])

    def entries(
        self, account: Account, start: Instant, end: Instant, order: EntryOrder = EntryOrder.EFFECTIVE
    ) -> tuple[Entry, ...]:
        """Return the entries of an account."""
        return self._entries(self._session.read(_OF_ACCOUNT[order], (account, start, end)))

    def corrections(self, key: str) -> tuple[Entry, ...]:
        """Return the entries made because of another."""
        return self._entries(self._session.read(f"{_ENTRY} WHERE because = %s ORDER BY seq", (key,)))

    def taken(self, account: Account, kind: EntryKind, start: Instant, end: Instant) -> Money:
        """Return what entries of a kind took, less their refunds."""
        values = (kind.value, account, start, end)
        return Money(-sum(self._session.read(sql, values)[0][0] for sql in _TAKEN))

    def accounts(self) -> tuple[Account, ...]:
        """Return the accounts."""
        return tuple(account for account, _balance in self.balances())

    def rows(self) -> tuple[Entry, ...]:
        """Return all entries as posted."""
        return self._entries(self._session.read(f"{_ENTRY} ORDER BY seq"))

    def numbered(self, numbers: Sequence[int]) -> dict[int, Entry]:
        """Return entries by their numbers."""
        found = self._session.read(f"{_ENTRY} WHERE seq = ANY(%s)", (list(numbers),))
        return dict(zip((row[0] for row in found), self._entries(found), strict=True))

    def balances(self) -> tuple[tuple[Account, Money], ...]:
        """Return the cached balances."""
        sql = "SELECT id, sum(hao)::bigint FROM account GROUP BY id HAVING sum(legs) > 0 ORDER BY id"
        return tuple((Account(account), Money(hao)) for account, hao in self._session.read(sql))

    def _entries(self, rows: Sequence[Row]) -> tuple[Entry, ...]:
        legs: dict[int, list[tuple[Account, Money]]] = {row[0]: [] for row in rows}
        if rows:
            sql = "SELECT entry, account, hao FROM leg WHERE entry = ANY(%s) ORDER BY entry, place"
            for seq, account, hao in self._session.read(sql, (list(legs),)):
                legs[seq].append((Account(account), Money(hao)))
        return decoded(lambda row: entry_of(row[1:], tuple(legs[row[0]])), rows)


class PostgresHolds:
    """Holds; the open ones have an index that covers what is asked of them."""

    def __init__(self, session: Session, ledger: PostgresLedger) -> None:
        self._session = session
        self._ledger = ledger

    def place(self, id: str, account: Account, amount: Money, at: Instant, expires_at: Instant, limit: Money) -> bool:
        """Reserve an amount."""
        lock(self._session, (account,))
        stands = self.hold(id)
        if stands is None and self._free(account, at, limit) < amount:
            return False
        if stands is None and self._insert(id, account, amount, at, expires_at):
            return True
        stands = stands or self.hold(id)
        return stands is not None and stands.live(at) and stands.account == account and stands.amount == amount

    def _insert(self, id: str, account: Account, amount: Money, at: Instant, expires_at: Instant) -> bool:
        sql = (
            "INSERT INTO hold (id, account, hao, placed_at, expires_at, state, captured_hao)"
            " VALUES (%s, %s, %s, %s, %s, 'open', 0) ON CONFLICT (id) DO NOTHING"
        )
        return self._session.write(sql, (id, account, amount.hao, at, expires_at)) == 1

    def extend(self, id: str, amount: Money, at: Instant, expires_at: Instant, limit: Money) -> bool:
        """Enlarge and prolong a hold."""
        stands = self.hold(id)
        if stands is not None and not self._session.alone:
            lock(self._session, (stands.account,))
            stands = self.hold(id)
        if stands is None or stands.state is not HoldState.OPEN:
            return False
        own = stands.amount if stands.live(at) else ZERO
        wanted = max(amount, stands.amount)
        if wanted > own and self._free(stands.account, at, limit) + own < wanted:
            return False
        sql = "UPDATE hold SET hao = %s, expires_at = %s WHERE id = %s AND state = 'open'"
        return self._session.write(sql, (wanted.hao, max(expires_at, stands.expires_at), id)) == 1

    def capture(self, id: str, amount: Money) -> Hold | None:
        """Close a hold with what the talk cost."""
        return self._close(id, HoldState.CAPTURED, amount)

    def void(self, id: str) -> None:
        """Close a hold without a charge."""
        self._close(id, HoldState.VOID, ZERO)

    def _close(self, id: str, state: HoldState, amount: Money) -> Hold | None:
        rows = self._session.returning(
            "UPDATE hold SET state = %s, captured_hao = %s WHERE id = %s AND state = 'open'"
            " RETURNING id, account, hao, placed_at, expires_at, state, captured_hao",
            (state.value, amount.hao, id),
        )
        return decoded(hold_of, rows)[0] if rows else None

    def _free(self, account: Account, at: Instant, limit: Money) -> Money:
        return self._ledger.balance(account) + limit - self.held(account, at)

    def hold(self, id: str) -> Hold | None:
        """Return a hold."""
        rows = self._session.read(f"{_HOLD} WHERE id = %s", (id,))
        return decoded(hold_of, rows)[0] if rows else None

    def held(self, account: Account, now: Instant) -> Money:
        """Return what is reserved of an account."""
        sql = "SELECT coalesce(sum(hao), 0)::bigint FROM hold WHERE account = %s AND state = 'open' AND expires_at > %s"
        return Money(self._session.read(sql, (account, now))[0][0])

    def open(self, account: Account | None = None) -> tuple[Hold, ...]:
        """Return the open holds."""
        sql = f"{_HOLD} WHERE state = 'open' AND (%s::text IS NULL OR account = %s) ORDER BY placed_at, id"
        return decoded(hold_of, self._session.read(sql, (account, account)))

    def rows(self) -> tuple[Hold, ...]:
        """Return all holds, by id."""
        return decoded(hold_of, self._session.read(f"{_HOLD} ORDER BY id"))
