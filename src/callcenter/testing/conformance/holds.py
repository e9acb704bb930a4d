"""What a store promises of money reserved."""

from __future__ import annotations

from callcenter.billing.holds import HoldState
from callcenter.model.money import ZERO, Money, fen
from callcenter.model.times import Instant
from callcenter.ports import Transaction
from callcenter.testing.conformance.base import ACCOUNT, Suite, charged, paid_in

NOW, LATER, END = Instant(0), Instant(50), Instant(100)


class HoldsConformance(Suite):
    """Never more reserved than balance + limit; expiry counted when read."""

    def _place(self, parts: Transaction, id: str, amount: Money, limit: Money = ZERO, at: Instant = NOW) -> bool:
        return parts.holds.place(id, ACCOUNT, amount, at, END, limit)

    def test_a_hold_is_placed_up_to_balance_and_limit(self) -> None:
        """Equality is enough, one hao more is refused and leaves nothing."""
        with self.parts() as parts:
            parts.ledger.post(paid_in(fen(10)))
            assert not self._place(parts, "a", fen("12.01"), fen(2))
            assert parts.holds.hold("a") is None
            assert self._place(parts, "a", fen(12), fen(2))
            assert parts.holds.held(ACCOUNT, NOW) == fen(12)

    def test_holds_of_an_account_count_together(self) -> None:
        """What one reserves, another cannot; other accounts are not touched."""
        with self.parts() as parts:
            parts.ledger.post(paid_in(fen(20)))
            assert self._place(parts, "a", fen(12))
            assert not self._place(parts, "b", fen(12))
            assert self._place(parts, "b", fen(8))
            assert not self._place(parts, "c", fen("0.01"))
            assert self._place(parts, "c", ZERO)

    def test_a_charge_takes_from_what_can_be_held(self) -> None:
        """The balance of the moment counts."""
        with self.parts() as parts:
            parts.ledger.post(paid_in(fen(20)))
            parts.ledger.post(charged())
            assert not self._place(parts, "a", fen("8.01"))
            assert self._place(parts, "a", fen(8))

    def test_placed_again_is_placed_once(self) -> None:
        """The same live hold says yes and changes nothing; another amount or a closed id says no."""
        with self.parts() as parts:
            parts.ledger.post(paid_in(fen(20)))
            assert self._place(parts, "a", fen(12))
            assert self._place(parts, "a", fen(12))
            assert not self._place(parts, "a", fen(1))
            assert parts.holds.held(ACCOUNT, NOW) == fen(12)
            parts.holds.void("a")
            assert not self._place(parts, "a", fen(12))

    def test_from_its_expiry_on_a_hold_holds_nothing(self) -> None:
        """At the instant itself it is over; its row stays open for the charge that comes late."""
        with self.parts() as parts:
            parts.ledger.post(paid_in(fen(12)))
            assert self._place(parts, "a", fen(12))
            assert parts.holds.held(ACCOUNT, Instant(END - 1)) == fen(12)
            assert parts.holds.held(ACCOUNT, END) == ZERO
            assert not parts.holds.place("b", ACCOUNT, fen(12), Instant(END - 1), Instant(200), ZERO)
            assert parts.holds.place("b", ACCOUNT, fen(12), END, Instant(200), ZERO)
            assert [hold.id for hold in parts.holds.open(ACCOUNT)] == ["a", "b"]

    def test_extending_needs_the_difference(self) -> None:
        """A hold grows up to what is there beside the others, and lasts longer."""
        with self.parts() as parts:
            parts.ledger.post(paid_in(fen(30)))
            self._place(parts, "a", fen(10))
            self._place(parts, "b", fen(10))
            assert not parts.holds.extend("a", fen("20.01"), LATER, Instant(200), ZERO)
            assert parts.holds.held(ACCOUNT, END) == ZERO
            assert parts.holds.extend("a", fen(20), LATER, Instant(200), ZERO)
            assert parts.holds.held(ACCOUNT, END) == fen(20)

    def test_extending_never_shrinks(self) -> None:
        """A smaller amount or an earlier end changes nothing, also when the balance has gone."""
        with self.parts() as parts:
            parts.ledger.post(paid_in(fen(12)))
            self._place(parts, "a", fen(12))
            parts.ledger.post(charged())
            assert parts.holds.extend("a", fen(5), LATER, LATER, ZERO)
            hold = parts.holds.hold("a")
            assert hold is not None
            assert (hold.amount, hold.expires_at) == (fen(12), END)
            assert not parts.holds.extend("a", fen("12.01"), LATER, END, ZERO)

    def test_an_expired_hold_is_extended_only_if_all_of_it_is_there(self) -> None:
        """Its money may be held by another meanwhile."""
        with self.parts() as parts:
            parts.ledger.post(paid_in(fen(12)))
            self._place(parts, "a", fen(12))
            parts.holds.place("b", ACCOUNT, fen(1), END, Instant(150), ZERO)
            assert not parts.holds.extend("a", fen(12), END, Instant(200), ZERO)
            assert parts.holds.extend("a", fen(12), Instant(150), Instant(200), ZERO)

    def test_an_unknown_or_closed_hold_is_not_extended(self) -> None:
        """The answer is no."""
        with self.parts() as parts:
            parts.ledger.post(paid_in(fen(12)))
            self._place(parts, "a", fen(1))
            parts.holds.void("a")
            assert not parts.holds.extend("a", fen(2), NOW, END, ZERO)
            assert not parts.holds.extend("z", fen(2), NOW, END, ZERO)

    def test_a_capture_closes_the_hold_and_tells_the_overrun(self) -> None:
        """Above the hold and after its expiry too; a second time there is nothing to capture."""
        with self.parts() as parts:
            parts.ledger.post(paid_in(fen(12)))
            self._place(parts, "a", fen(12))
            captured = parts.holds.capture("a", fen(15))
            assert captured is not None
            assert (captured.state, captured.captured, captured.overrun) == (HoldState.CAPTURED, fen(15), fen(3))
            assert parts.holds.hold("a") == captured
            assert parts.holds.capture("a", fen(15)) is None
            assert parts.holds.held(ACCOUNT, NOW) == ZERO
            assert parts.holds.open() == ()

    def test_a_void_closes_the_hold_once(self) -> None:
        """What is captured stays captured; an unknown id changes nothing."""
        with self.parts() as parts:
            parts.ledger.post(paid_in(fen(24)))
            self._place(parts, "a", fen(12))
            self._place(parts, "b", fen(12))
            parts.holds.capture("a", fen(12))
            for id in ("a", "b", "b", "z"):
                parts.holds.void(id)
            states = [hold and hold.state for hold in map(parts.holds.hold, "abz")]
            assert states == [HoldState.CAPTURED, HoldState.VOID, None]
            assert parts.holds.capture("b", fen(1)) is None

    def test_open_holds_come_by_instant_and_id(self) -> None:
        """Of one account or of all."""
        with self.parts() as parts:
            parts.ledger.post(paid_in(fen(12)))
            for id, at in (("c", 1), ("b", 2), ("a", 2)):
                self._place(parts, id, fen(1), at=Instant(at))
            assert [hold.id for hold in parts.holds.open()] == ["c", "a", "b"]
            assert len(parts.holds.open(ACCOUNT)) == 3
