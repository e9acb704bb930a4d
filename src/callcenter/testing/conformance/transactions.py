"""What a store promises of its transactions and dumps."""

from __future__ import annotations

from contextlib import suppress

from callcenter.errors import UsageError
from callcenter.model.facts import RejectReason
from callcenter.model.ids import CallId
from callcenter.model.money import fen
from callcenter.model.times import Instant
from callcenter.ports import RejectedCall, ShopVersion, Snapshot, Store, Transaction
from callcenter.ports_people import AuditAct, ConsoleSession, LogIn, LogInId, Role, TokenHash
from callcenter.testing.conformance.base import (
    ACCOUNT,
    CENTER,
    OTHER,
    Change,
    Suite,
    charge,
    charged,
    leave,
    paid_in,
    record,
    session,
    voicemail,
)


def fill_some(parts: Transaction) -> None:
    """Write something of everything."""
    parts.ledger.post(paid_in(fen(100)))
    parts.ledger.post(charged())
    for number in (1, 2, 3):
        parts.holds.place(f"h{number}", ACCOUNT, fen(12), Instant(number), Instant(99), fen(0))
    parts.holds.capture("h2", fen(13))
    parts.holds.void("h3")
    parts.journal.append(OTHER, "k1", Instant(1), "CallOffered", "{}")
    parts.journal.append(CENTER, "k1", Instant(1), "CallOffered", '{"caller": "无"}')
    parts.outbox.put("z", CENTER, "first")
    parts.outbox.put("a", OTHER, "second")
    parts.records.add_call(record())
    parts.records.add_call(record("c2", answered=False))
    parts.records.add_session(session())
    parts.records.add_charge(charge())
    refused = RejectReason.BLACKLISTED
    parts.records.add_rejected(
        RejectedCall(center=CENTER, call=CallId("c3"), at=Instant(5), caller="", dialled="1", reason=refused)
    )
    parts.records.add_voicemail(voicemail())
    parts.snapshots.save(Snapshot(center=CENTER, seq=1, version="0.1", blob="{}"))
    parts.shop.save(ShopVersion(version=1, text="schema = 1", at=Instant(0)))
    parts.notes.put("run", "1")
    login = LogInId("anna")
    at = Instant(1)
    parts.people.add(
        LogIn(id=login, name="Anna", role=Role.PLATFORM, tenant="platform", secret="", created_at=at, created_by="")
    )
    parts.people.open(ConsoleSession(token=TokenHash("t"), login=login, created_at=at, seen_at=at))
    parts.trail.append(AuditAct(at=at, who="anna", role="platform", tenant="platform", what="login"))


class TransactionConformance(Suite):
    """All or nothing, one at a time, and dumps that are equal for equal content."""

    def test_what_a_transaction_wrote_is_there_afterwards(self) -> None:
        """Leaving commits."""
        with self.store() as store:
            with store.transaction() as parts:
                parts.notes.put("run", "1")
            with store.transaction() as parts:
                assert parts.notes.get("run") == "1"

    def test_a_transaction_sees_its_own_writes(self) -> None:
        """Reads inside see what was written before."""
        with self.parts() as parts:
            fill_some(parts)
            assert parts.ledger.balance(ACCOUNT) == fen(88)
            assert parts.journal.last(CENTER) == 1
            assert parts.records.calls(CENTER, Instant(0), Instant(1)) == (record(), record("c2", answered=False))

    def test_an_exception_takes_everything_back_and_goes_on(self) -> None:
        """All parts of the store are rolled back, and the exception leaves."""
        with self.store() as store:
            empty = store.dump()
            self._leave(store)
            assert store.dump() == empty
            with store.transaction() as parts:
                fill_some(parts)
            kept = store.dump()
            self._leave_after_changes(store)
            assert store.dump() == kept

    def _leave(self, store: Store) -> None:
        with suppress(Change), store.transaction() as parts:
            fill_some(parts)
            leave()

    def _leave_after_changes(self, store: Store) -> None:
        with suppress(Change), store.transaction() as parts:
            parts.ledger.post(charged(2))
            parts.holds.extend("h1", fen(20), Instant(3), Instant(200), fen(0))
            parts.holds.void("h1")
            parts.outbox.mark_sent("z")
            parts.outbox.put("z", CENTER, "again")
            parts.notes.put("run", "2")
            parts.notes.remove("run")
            parts.snapshots.save(Snapshot(center=CENTER, seq=2, version="0.1", blob="2"))
            parts.shop.save(ShopVersion(version=2, text="", at=Instant(1)))
            parts.people.revoke(LogInId("anna"), Instant(2))
            parts.people.see(TokenHash("t"), Instant(2))
            parts.people.forget(Instant(9))
            parts.trail.append(AuditAct(at=Instant(2), who="anna", role="", tenant="", what="logout"))
            leave()

    def test_after_a_roll_back_the_same_may_be_written(self) -> None:
        """Nothing of a rolled-back transaction is remembered: no key, no account, no number."""
        with self.store() as store, self.store() as other:
            self._leave(store)
            for one in (store, other):
                with one.transaction() as parts:
                    fill_some(parts)
            assert store.dump() == other.dump()

    def test_no_transaction_inside_another(self) -> None:
        """A second one is refused by E408, and the first goes on."""
        with self.store() as store:
            with store.transaction() as parts:
                parts.notes.put("run", "1")
                assert code_of(lambda: store.transaction().__enter__()) == "E408"
            with store.transaction() as parts:
                assert parts.notes.get("run") == "1"

    def test_nothing_is_written_outside_a_transaction(self) -> None:
        """A part that is kept past its transaction refuses to write, by E408."""
        with self.store() as store:
            with store.transaction() as parts:
                pass
            assert code_of(lambda: parts.notes.put("run", "1")) == "E408"
            assert code_of(lambda: parts.ledger.post(charged())) == "E408"
            assert code_of(lambda: parts.journal.append(CENTER, "k", Instant(0), "", "")) == "E408"
            with store.transaction() as parts:
                assert parts.notes.get("run") is None

    def test_a_closed_store_refuses(self) -> None:
        """After close() a transaction is refused by E408; closing again does nothing."""
        store = self.make()
        store.close()
        store.close()
        assert code_of(lambda: store.transaction().__enter__()) == "E408"

    def test_a_dump_loaded_gives_the_same_dump(self) -> None:
        """Content goes from store to store without a loss."""
        with self.store() as store, self.store() as other:
            with store.transaction() as parts:
                fill_some(parts)
            text = store.dump()
            other.load(text)
            assert other.dump() == text

    def test_the_dump_does_not_tell_how_the_content_came(self) -> None:
        """What is written in one transaction or many, and sent or not put at all, dumps alike."""
        with self.store() as store, self.store() as other:
            with store.transaction() as parts:
                parts.outbox.put("gone", CENTER, "")
                parts.outbox.put("stays", CENTER, "")
                parts.notes.put("b", "2")
                parts.notes.put("a", "1")
            with store.transaction() as parts:
                parts.outbox.mark_sent("gone")
            with other.transaction() as parts:
                parts.outbox.put("stays", CENTER, "")
                parts.notes.put("a", "1")
                parts.notes.put("b", "2")
            assert store.dump() == other.dump()

    def test_a_dump_goes_into_an_empty_store_only(self) -> None:
        """E411 otherwise, and nothing changes."""
        with self.store() as store:
            with store.transaction() as parts:
                parts.notes.put("run", "1")
            text = store.dump()
            assert code_of(lambda: store.load(text)) == "E411"
            assert store.dump() == text

    def test_text_that_is_no_dump_is_refused(self) -> None:
        """E413, whatever is wrong with it."""
        with self.store() as store:
            empty = store.dump()
            for text in ("", "[]", "{}", "[" * 100_000, empty[:-3], empty.replace("-1", "-0"), '{"format": 1}'):
                assert code_of(lambda text=text: store.load(text)) == "E413"
            assert store.dump() == empty


def code_of(act: object) -> str:
    """Return the code of the usage error that an act ends in, or nothing."""
    assert callable(act)
    try:
        act()
    except UsageError as error:
        return error.code
    return ""
