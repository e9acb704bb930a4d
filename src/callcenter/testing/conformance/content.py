"""What a store promises of the texts and numbers in it, and of being empty."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from callcenter.billing.accounts import Account
from callcenter.billing.ledger import EntryKind, Guard, Outcome
from callcenter.errors import UsageError
from callcenter.model.ids import CallId, CenterId
from callcenter.model.money import ZERO, Money, fen
from callcenter.model.records import ChargeKind
from callcenter.model.times import Instant
from callcenter.model.value import changed
from callcenter.ports import ChargeSum, ShopVersion, Snapshot, Transaction
from callcenter.ports_people import AuditAct, ConsoleSession, LogIn, LogInId, Role, TokenHash
from callcenter.testing.conformance.base import (
    ACCOUNT,
    CENTER,
    Suite,
    charge,
    charged,
    paid_in,
    record,
    session,
    voicemail,
)


def _named(text: str) -> LogIn:
    """Return a log-in of a name."""
    return LogIn(
        id=LogInId("a"), name=text, role=Role.AGENT, tenant="", secret="", created_at=Instant(0), created_by=""
    )


WRITES: tuple[Callable[[Transaction, str], object], ...] = (
    lambda parts, text: parts.journal.append(CENTER, text, Instant(0), "Kind", "{}"),
    lambda parts, text: parts.journal.append(CENTER, "k", Instant(0), "Kind", text),
    lambda parts, text: parts.outbox.put("id", CENTER, text),
    lambda parts, text: parts.notes.put("key", text),
    lambda parts, text: parts.ledger.post(changed(charged(), actor=text)),
    lambda parts, text: parts.ledger.post(changed(charged(), reason=text)),
    lambda parts, text: parts.ledger.post_all([charged(2), changed(charged(), reason=text)]),
    lambda parts, text: parts.records.add_charges([charge("call:a:1"), changed(charge(), caller=text)]),
    lambda parts, text: parts.ledger.post(paid_in(fen(1), account=Account(f"center:{text}"))),
    lambda parts, text: parts.holds.place(text, ACCOUNT, ZERO, Instant(0), Instant(9), ZERO),
    lambda parts, text: parts.records.add_call(changed(record(), caller=text)),
    lambda parts, text: parts.records.add_call(changed(record(), name=text)),
    lambda parts, text: parts.records.add_session(changed(session(), address=text)),
    lambda parts, text: parts.records.add_charge(changed(charge(), caller=text)),
    lambda parts, text: parts.records.add_voicemail(changed(voicemail(), caller=text)),
    lambda parts, text: parts.snapshots.save(Snapshot(center=CENTER, seq=1, version="1", blob=text)),
    lambda parts, text: parts.shop.save(ShopVersion(version=1, text=text, at=Instant(0))),
    lambda parts, text: parts.people.add(_named(text)),
    lambda parts, text: parts.people.open(
        ConsoleSession(
            token=TokenHash("t"), login=LogInId("a"), created_at=Instant(0), seen_at=Instant(0), address=text
        )
    ),
    lambda parts, text: parts.trail.append(AuditAct(at=Instant(0), who="a", role="", tenant="", what="w", target=text)),
)
"""Every kind of text that goes into a store."""


class ContentConformance(Suite):
    """What is given comes back as it is, or is refused."""

    def test_any_text_comes_back_as_it_was_given(self) -> None:
        """Quotes, per cent, backslashes, line ends, blanks at the end, every plane of Unicode."""
        texts = [
            "",
            " ",
            "a ",
            "A",
            "a",
            "o'brien",
            '"',
            "100 %s %% ?",
            "\\n\\",
            "\r\n\t",
            "\u00e9",
            "e\u0301",
            "呼叫",
            "😀",
            "\u202e",
        ]
        with self.store() as store:
            with store.transaction() as parts:
                for text in texts:
                    parts.notes.put(text, text)
                    parts.journal.append(CENTER, text, Instant(0), text, text)
            with store.transaction() as parts:
                assert [parts.notes.get(text) for text in texts] == texts
                assert [(row.key, row.kind, row.body) for row in parts.journal.since(CENTER, 0)] == [
                    (text, text, text) for text in texts
                ]

    def _refused(self, text: str) -> None:
        with self.store() as store:
            empty = store.dump()
            for write in WRITES:
                code = ""
                try:
                    with store.transaction() as parts:
                        write(parts, text)
                except UsageError as error:
                    code = error.code
                assert code == "E410"
                assert store.dump() == empty

    def test_text_with_nul_is_refused(self) -> None:
        """E410 wherever it stands, and nothing is kept: there are databases that cannot keep it."""
        self._refused("a\0b")

    def test_text_that_is_no_unicode_is_refused(self) -> None:
        """A lone surrogate: E410, and nothing is kept."""
        self._refused("a\ud800b")

    def test_a_number_beyond_64_bits_is_refused(self) -> None:
        """E410, and nothing is kept."""
        with self.store() as store:
            empty = store.dump()
            code = ""
            try:
                with store.transaction() as parts:
                    parts.journal.append(CENTER, "k", Instant(2**63), "Kind", "{}")
            except UsageError as error:
                code = error.code
            assert code == "E410"
            assert store.dump() == empty

    def test_instants_of_any_age_come_back(self) -> None:
        """To the microsecond, over the whole of 64 bits."""
        with self.parts() as parts:
            ages = [-(2**63), -1, 0, 1, 1_230_567_890_123_456, 2**63 - 1]
            for number, age in enumerate(ages):
                parts.journal.append(CENTER, str(number), Instant(age), "Kind", "{}")
            assert [row.at for row in parts.journal.since(CENTER, 0)] == ages

    def test_large_sums_are_exact(self) -> None:
        """Up to what an entry can hold, to the hao."""
        with self.parts() as parts:
            most = Money(99_999_999_999_999_999)
            parts.ledger.post(paid_in(most))
            parts.ledger.post(charged(amount=Money(1)))
            assert parts.ledger.balance(ACCOUNT) == Money(99_999_999_999_999_998)

    def test_order_is_by_code_point(self) -> None:
        """As Python sorts, whatever the language of the machine."""
        names = ["A", "Z", "a", "z", "\u00e9", "二", "😀"]
        with self.parts() as parts:
            for number, name in enumerate(reversed(names)):
                parts.ledger.post(paid_in(fen(1), f"topup:{number}", Account(f"center:{name}")))
                parts.records.add_call(record(name, 0))
            found = parts.ledger.accounts()
            assert list(found) == sorted(found)
            assert [one.call for one in parts.records.calls(CENTER, Instant(0), Instant(1))] == names

    def test_names_that_look_alike_are_different(self) -> None:
        """Case, blanks and ways to write an accent tell keys apart."""
        alike = ["a", "A", "a ", " a", "\u00e9", "e\u0301"]
        with self.parts() as parts:
            for number, name in enumerate(alike):
                assert parts.journal.append(CenterId(name), "k", Instant(0), "Kind", "{}") == 1
                assert parts.journal.append(CENTER, name, Instant(0), "Kind", "{}") == number + 1

    def test_a_long_text_comes_back(self) -> None:
        """A snapshot of a megabyte."""
        blob = "呼叫 0123456789 " * 70_000
        with self.parts() as parts:
            parts.snapshots.save(Snapshot(center=CENTER, seq=1, version="1", blob=blob))
            found = parts.snapshots.latest(CENTER)
            assert found is not None
            assert found.blob == blob

    def test_an_empty_store_answers_with_nothing(self) -> None:
        """None, zero or an empty sequence; no error."""
        start, end = Instant(-(2**62)), Instant(2**62)
        with self.parts() as parts:
            absent = (
                parts.ledger.entry("call:c:1"),
                parts.holds.hold("h"),
                parts.holds.capture("h", fen(1)),
                parts.snapshots.latest(CENTER),
                parts.shop.latest(),
                parts.notes.get("k"),
                parts.journal.seen(CENTER, "k"),
            )
            assert absent == (None,) * 7
            assert not any(
                (
                    parts.ledger.accounts(),
                    parts.ledger.entries(ACCOUNT, start, end),
                    parts.ledger.corrections("call:c:1"),
                    parts.holds.open(),
                    parts.journal.since(CENTER, 0),
                    parts.outbox.unsent(),
                    parts.records.calls(CENTER, start, end),
                    parts.records.sessions(CENTER, start, end),
                    parts.records.charges(CENTER, start, end),
                    parts.records.rejected(CENTER, start, end),
                    parts.records.voicemails(CENTER, start, end),
                    parts.shop.versions(),
                )
            )
            assert (parts.ledger.balance(ACCOUNT), parts.holds.held(ACCOUNT, end)) == (ZERO, ZERO)
            assert parts.ledger.taken(ACCOUNT, EntryKind.CALL, start, end) == ZERO
            assert parts.records.charged(CENTER, ChargeKind.CALL, start, end) == ChargeSum()
            assert parts.journal.last(CENTER) == 0

    def test_a_range_that_ends_before_it_starts_is_empty(self) -> None:
        """And so is one of no length, also where something lies."""
        with self.parts() as parts:
            parts.records.add_call(record(at=5))
            parts.records.add_charge(charge(at=5))
            parts.ledger.post(charged(at=5))
            for start, end in ((Instant(9), Instant(1)), (Instant(5), Instant(5))):
                assert not parts.records.calls(CENTER, start, end)
                assert not parts.records.charges(CENTER, start, end)
                assert not parts.ledger.entries(ACCOUNT, start, end)
                assert parts.records.charged(CENTER, ChargeKind.CALL, start, end) == ChargeSum()

    def test_a_command_goes_out_and_comes_in_again_at_the_end(self) -> None:
        """An id that was sent may be put anew, behind those that wait."""
        with self.parts() as parts:
            for id in ("a", "b"):
                parts.outbox.put(id, CENTER, "first")
            parts.outbox.mark_sent("a")
            assert parts.outbox.put("a", CENTER, "again")
            assert [(row.id, row.body) for row in parts.outbox.unsent()] == [("b", "first"), ("a", "again")]

    def test_a_posting_that_was_refused_leaves_no_account(self) -> None:
        """Neither a balance of zero nor a place in the list, also with a floor that was looked at."""
        with self.parts() as parts:
            entry = changed(charged(), kind=EntryKind.TOP_UP, key="topup:1")
            assert parts.ledger.post(entry, {ACCOUNT: Guard(floor=ZERO)}).outcome is Outcome.REFUSED
            assert not parts.holds.place("h", ACCOUNT, fen(1), Instant(0), Instant(9), ZERO)
            assert parts.ledger.accounts() == ()

    def test_legs_come_back_in_their_order(self) -> None:
        """As many as there are, each account with its amount, in the order given."""
        legs = tuple((Account(name), Money(hao)) for name, hao in (("z", 5), ("a", -9), ("m", 0), ("b", 4)))
        with self.parts() as parts:
            parts.ledger.post(changed(charged(), legs=legs))
            found = parts.ledger.entry(charged().key)
            assert found is not None
            assert found.legs == legs

    def test_what_is_absent_comes_back_absent(self) -> None:
        """None is None: no party, no recording, no answer, no log-out; and an empty text is no None."""
        call = changed(record(), party=None, recording=None, answered_at=None, name="", tags=())
        ended = changed(session(), logout_at=None, reasons=(), groups=())
        line = changed(charge(), ring_at=None, answered_at=None)
        with self.parts() as parts:
            parts.records.add_call(call)
            parts.records.add_session(ended)
            parts.records.add_charge(line)
            span = (Instant(-1), Instant(99))
            found = (parts.records.calls(CENTER, *span), parts.records.sessions(CENTER, *span))
            assert found == ((call,), (ended,))
            assert parts.records.charges(CENTER, *span) == (line,)

    def test_a_line_may_give_back(self) -> None:
        """Amounts below zero are kept and summed."""
        with self.parts() as parts:
            parts.records.add_charge(charge("call:a:1", 1, hao=1200))
            parts.records.add_charge(charge("call:b:1", 1, hao=-500))
            assert parts.records.charged(CENTER, ChargeKind.CALL, Instant(0), Instant(9)).amount == Money(700)

    def test_a_refusal_inside_does_not_end_the_transaction(self) -> None:
        """A shop version that is not above the last is refused; what else is written stands."""
        with self.store() as store:
            with store.transaction() as parts:
                version = ShopVersion(version=2, text="", at=Instant(0))
                parts.shop.save(version)
                with suppress(UsageError):
                    parts.shop.save(version)
                parts.notes.put("run", "1")
            with store.transaction() as parts:
                assert parts.notes.get("run") == "1"
                assert parts.shop.versions() == (version,)

    def test_looking_changes_nothing(self) -> None:
        """A dump, and a transaction that only reads, leave the store as it is."""
        with self.store() as store:
            with store.transaction() as parts:
                parts.ledger.post(paid_in(fen(5)))
            text = store.dump()
            assert store.dump() == text
            with store.transaction() as parts:
                assert parts.ledger.balance(ACCOUNT) == fen(5)
                assert parts.holds.held(Account("center:nobody"), Instant(0)) == ZERO
            assert store.dump() == text

    def test_a_snapshot_may_go_back(self) -> None:
        """The last one saved is the latest, whatever its number."""
        with self.parts() as parts:
            for seq in (7, 3):
                parts.snapshots.save(Snapshot(center=CENTER, seq=seq, version="1", blob=str(seq)))
            found = parts.snapshots.latest(CENTER)
            assert found is not None
            assert (found.seq, found.blob) == (3, "3")

    def test_calls_of_one_id_in_two_centers_are_two(self) -> None:
        """Records are found by their center."""
        with self.parts() as parts:
            parts.records.add_call(record("c1", 1))
            parts.records.add_call(record("c1", 1, CenterId("other")))
            assert len(parts.records.calls(CENTER, Instant(0), Instant(9))) == 1
            assert parts.records.calls(CenterId("other"), Instant(0), Instant(9))[0].call == CallId("c1")
