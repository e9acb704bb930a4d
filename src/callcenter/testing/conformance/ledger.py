"""What a store promises of the books."""

from __future__ import annotations

from collections.abc import Mapping

from callcenter.billing.accounts import (
    ADJUSTMENTS,
    CASH,
    Account,
    center_account,
    reseller_account,
    revenue_account,
)
from callcenter.billing.entries import (
    Act,
    charge_refund_entry,
    deduction_entry,
    minimum_correction,
    opening_entry,
    refund_entry,
    rent_entry,
    top_up_entry,
)
from callcenter.billing.ledger import Entry, EntryKind, Guard, Outcome, Refusal
from callcenter.model.ids import ResellerId
from callcenter.model.money import ZERO, Money, fen
from callcenter.model.records import ChargeKind
from callcenter.model.times import Instant, parse_date
from callcenter.model.value import changed
from callcenter.ports import EntryOrder, Transaction
from callcenter.testing.conformance.base import ACCOUNT, CENTER, OTHER, Suite, charged, paid_in

WEST = reseller_account(ResellerId("west"))
REVENUE = revenue_account(ChargeKind.CALL)


class LedgerConformance(Suite):
    """Double entry, append-only, each key once, refusals in their order."""

    def test_a_new_entry_is_created_and_found(self) -> None:
        """With every field as it was given, legs in their order."""
        entry = changed(charged(), reason="夜间", actor="anna", recorded_at=Instant(9))
        with self.parts() as parts:
            posting = parts.ledger.post(entry)
            assert (posting.outcome, posting.entry) == (Outcome.CREATED, entry)
            assert parts.ledger.entry(entry.key) == entry
            assert parts.ledger.entry("call:other:1") is None

    def test_balances_are_the_sums_of_legs(self) -> None:
        """Of every account; all together are zero."""
        with self.parts() as parts:
            parts.ledger.post(paid_in(fen(100)))
            parts.ledger.post(charged(1))
            parts.ledger.post(charged(2, ZERO))
            assert parts.ledger.accounts() == (CASH, ACCOUNT, REVENUE)
            assert [parts.ledger.balance(account) for account in parts.ledger.accounts()] == [
                fen(-100),
                fen(88),
                fen(12),
            ]
            assert parts.ledger.balance(WEST) == ZERO

    def test_the_same_entry_again_exists(self) -> None:
        """The first is returned, also when recorded later by another, and nothing moves."""
        with self.parts() as parts:
            first = parts.ledger.post(charged()).entry
            again = parts.ledger.post(changed(charged(), recorded_at=Instant(99), actor="bob", reason="again"))
            assert (again.outcome, again.entry) == (Outcome.EXISTS, first)
            assert parts.ledger.balance(ACCOUNT) == fen(-12)

    def test_a_top_up_typed_twice_is_one(self) -> None:
        """Its instant is no content."""
        with self.parts() as parts:
            parts.ledger.post(top_up_entry("R1", ACCOUNT, fen(5), Act(at=Instant(1))))
            again = parts.ledger.post(top_up_entry("R1", ACCOUNT, fen(5), Act(at=Instant(2))))
            assert again.outcome is Outcome.EXISTS
            assert again.entry.effective_at == 1

    def test_another_content_under_the_key_is_a_conflict_that_names_the_field(self) -> None:
        """The first field that differs, in their order; nothing moves."""
        differing: Mapping[str, Entry] = {
            "kind": changed(paid_in(fen(12), "x"), key=charged().key),
            "accounts": changed(charged(), legs=((CASH, fen(-12)), (REVENUE, fen(12)))),
            "amount": charged(amount=fen(13)),
            "because": changed(charged(), because="topup:1"),
            "effective_at": charged(at=1),
        }
        with self.parts() as parts:
            parts.ledger.post(charged())
            for field, entry in differing.items():
                posting = parts.ledger.post(entry)
                assert (posting.outcome, posting.refusal, posting.field) == (Outcome.REFUSED, Refusal.CONFLICT, field)
            assert parts.ledger.balance(ACCOUNT) == fen(-12)
            assert parts.ledger.entry(charged().key) == charged()

    def test_many_entries_are_posted_as_one_after_the_other(self) -> None:
        """New, standing, in conflict, twice in the same breath, answering one of them: each its answer, in order."""
        first, second, stands, other = charged(1), charged(2), charged(3), charged(3, amount=fen(13))
        back = charge_refund_entry("r1", first, ACCOUNT, fen(1), Act(at=Instant(1)))
        for offered in ([first, second], [stands, first, other], [first, second, first], [first, back], []):
            with self.parts() as parts, self.parts() as again:
                for each in (parts, again):
                    each.ledger.post(stands)
                answers = tuple(parts.ledger.post_all(offered))
                assert answers == tuple(again.ledger.post(entry) for entry in offered)
                assert parts.ledger.balance(ACCOUNT) == again.ledger.balance(ACCOUNT)
                assert parts.ledger.entries(ACCOUNT, Instant(-9), Instant(9), EntryOrder.POSTED) == (
                    again.ledger.entries(ACCOUNT, Instant(-9), Instant(9), EntryOrder.POSTED)
                )

    def test_a_transfer_is_refused_when_the_payer_lacks_funds(self) -> None:
        """Down to the floor is allowed, one hao below is not; the refused key may be used again."""
        with self.parts() as parts:
            parts.ledger.post(paid_in(fen(10), account=WEST))
            guards = {WEST: Guard(floor=fen(-5))}
            act = Act(at=Instant(0))
            short = parts.ledger.post(top_up_entry("R1", ACCOUNT, fen("15.01"), act, WEST), guards)
            assert (short.refusal, short.field) == (Refusal.INSUFFICIENT_FUNDS, WEST)
            assert parts.ledger.balance(WEST) == fen(10)
            assert parts.ledger.entry("topup:R1") is None
            assert parts.ledger.post(top_up_entry("R1", ACCOUNT, fen(15), act, WEST), guards).outcome is Outcome.CREATED
            assert parts.ledger.balance(WEST) == fen(-5)
            assert parts.ledger.balance(ACCOUNT) == fen(15)

    def test_the_true_cost_is_never_refused_for_funds(self) -> None:
        """Calls, rent and deductions post below every floor."""
        guards = {ACCOUNT: Guard(floor=ZERO)}
        day = parse_date("2008-12-29")
        with self.parts() as parts:
            for entry in (
                charged(),
                rent_entry(CENTER, day, fen(12), Instant(0), Act(at=Instant(0))),
                deduction_entry("D1", ACCOUNT, fen(12), Act(at=Instant(0))),
            ):
                assert parts.ledger.post(entry, guards).outcome is Outcome.CREATED
            assert parts.ledger.balance(ACCOUNT) == fen(-36)

    def test_a_closed_account_takes_derived_entries_only(self) -> None:
        """Rent and late calls post, top-ups and adjustments are refused; what exists, exists."""
        guards = {ACCOUNT: Guard(closed=True)}
        act = Act(at=Instant(0))
        with self.parts() as parts:
            parts.ledger.post(paid_in(fen(1)))
            for entry in (
                top_up_entry("R2", ACCOUNT, fen(1), act),
                refund_entry("F1", ACCOUNT, fen(1), act),
                deduction_entry("D1", ACCOUNT, fen(1), act),
            ):
                posting = parts.ledger.post(entry, guards)
                assert (posting.refusal, posting.field) == (Refusal.ACCOUNT_CLOSED, ACCOUNT)
            assert parts.ledger.post(charged(), guards).outcome is Outcome.CREATED
            assert parts.ledger.post(paid_in(fen(1)), guards).outcome is Outcome.EXISTS

    def test_because_names_an_entry_that_stands(self) -> None:
        """NO_ORIGINAL otherwise; corrections are found by what they answer, as posted."""
        month = parse_date("2009-01-31")
        act = Act(at=Instant(0))
        with self.parts() as parts:
            correction = minimum_correction(CENTER, month, fen(-3), Instant(0), act, charged().key)
            assert parts.ledger.post(correction).refusal is Refusal.NO_ORIGINAL
            parts.ledger.post(charged())
            assert parts.ledger.post(correction).outcome is Outcome.CREATED
            assert parts.ledger.corrections(charged().key) == (correction,)
            assert parts.ledger.corrections(correction.key) == ()

    def test_what_a_kind_took_is_less_its_refunds(self) -> None:
        """Of the charges effective in the range only, whenever they were given back; other kinds do not count."""
        late = Act(at=Instant(500))
        with self.parts() as parts:
            for number, at in ((1, 0), (2, 10), (3, 20)):
                parts.ledger.post(charged(number, at=at))
            parts.ledger.post(charge_refund_entry("1", charged(2, at=10), ACCOUNT, Money(200), late))
            parts.ledger.post(charge_refund_entry("2", charged(2, at=10), ACCOUNT, Money(300), late, Money(200)))
            parts.ledger.post(refund_entry("3", ACCOUNT, Money(50), Act(at=Instant(10))))
            parts.ledger.post(paid_in(fen(30)))
            asked = [((0, 21), 3100), ((10, 20), 700), ((10, 11), 700), ((0, 10), 1200), ((21, 600), 0)]
            for (start, end), hao in asked:
                found = parts.ledger.taken(ACCOUNT, EntryKind.CALL, Instant(start), Instant(end))
                assert found == Money(hao)
            assert parts.ledger.taken(center_account(OTHER), EntryKind.CALL, Instant(0), Instant(99)) == ZERO

    def test_refunds_of_a_charge_never_exceed_it(self) -> None:
        """Together down to nothing left, not a hao more."""
        act = Act(at=Instant(5))
        with self.parts() as parts:
            parts.ledger.post(charged())
            for ref, amount, before, outcome in (
                ("1", 1150, 0, Outcome.CREATED),
                ("2", 51, 1150, Outcome.REFUSED),
                ("2", 50, 1150, Outcome.CREATED),
                ("3", 1, 1200, Outcome.REFUSED),
            ):
                entry = charge_refund_entry(ref, charged(), ACCOUNT, Money(amount), act, Money(before))
                posting = parts.ledger.post(entry)
                assert posting.outcome is outcome
                assert posting.refusal is (Refusal.OVER_REFUNDED if outcome is Outcome.REFUSED else None)
            assert parts.ledger.balance(ACCOUNT) == ZERO
            assert parts.ledger.balance(REVENUE) == ZERO

    def test_the_first_refusal_in_the_order_is_given(self) -> None:
        """An entry with every fault is refused for the first, and so on as each is mended."""
        guards = {ACCOUNT: Guard(closed=True), WEST: Guard(floor=ZERO)}
        bad = changed(top_up_entry("R1", ACCOUNT, fen(5), Act(at=Instant(0)), WEST), because="gone")
        with self.parts() as parts:
            parts.ledger.post(charged())
            conflicting = changed(bad, key=charged().key)
            assert parts.ledger.post(conflicting, guards).refusal is Refusal.CONFLICT
            assert parts.ledger.post(bad, guards).refusal is Refusal.NO_ORIGINAL
            known = changed(bad, because=charged().key)
            assert parts.ledger.post(known, guards).refusal is Refusal.ACCOUNT_CLOSED
            poor = {WEST: Guard(floor=ZERO)}
            assert parts.ledger.post(known, poor).refusal is Refusal.INSUFFICIENT_FUNDS
            assert parts.ledger.post(known).outcome is Outcome.CREATED

    def test_entries_of_an_account_come_in_effective_order(self) -> None:
        """By instant, then key, in [start, end), whenever they were posted; or as they were posted."""
        with self.parts() as parts:
            for number, at in ((1, 9), (3, 5), (2, 5), (4, 4), (5, 10)):
                parts.ledger.post(charged(number, at=at))
            self._ordered(parts, EntryOrder.EFFECTIVE, ["call:c:2", "call:c:3", "call:c:1"])
            self._ordered(parts, EntryOrder.POSTED, ["call:c:1", "call:c:3", "call:c:2"])
            assert parts.ledger.entries(ADJUSTMENTS, Instant(0), Instant(99)) == ()

    def _ordered(self, parts: Transaction, order: EntryOrder, keys: list[str]) -> None:
        entries = parts.ledger.entries(ACCOUNT, Instant(5), Instant(10), order)
        assert [entry.key for entry in entries] == keys

    def test_a_balance_before_an_instant_leaves_out_that_instant(self) -> None:
        """Opening + entries = closing, wherever the period is cut."""
        with self.parts() as parts:
            for number, at in ((1, 9), (2, 5), (3, 7)):
                parts.ledger.post(charged(number, fen(number), at))
            before = [parts.ledger.balance_before(ACCOUNT, Instant(at)) for at in (5, 6, 7, 8, 9, 10)]
            assert before == [ZERO, fen(-2), fen(-2), fen(-5), fen(-5), fen(-6)]

    def test_an_opening_is_posted_once(self) -> None:
        """An account opens once; another amount is a conflict."""
        with self.parts() as parts:
            act = Act(at=Instant(3))
            account = Account("center:new")
            parts.ledger.post(opening_entry(account, fen(5), Instant(0), act))
            assert parts.ledger.post(opening_entry(account, fen(5), Instant(0), act)).outcome is Outcome.EXISTS
            assert parts.ledger.post(opening_entry(account, fen(6), Instant(0), act)).field == "amount"
