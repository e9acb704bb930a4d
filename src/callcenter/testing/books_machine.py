"""A stateful test of the books of a store, with plain dicts as its model: for your store as well as for ours (L9, L10, L12).

Any order of calls, holds, top-ups, refunds, crashes and repeats; after each step balances, holds and the model agree.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from callcenter.billing.accounts import ADJUSTMENTS, CASH, Account, center_account, reseller_account, revenue_account
from callcenter.billing.entries import (
    Act,
    call_entry,
    charge_refund_entry,
    deduction_entry,
    opening_entry,
    rent_entry,
    top_up_entry,
)
from callcenter.billing.holds import HoldState
from callcenter.billing.ledger import Entry, Guard, Outcome, Refusal
from callcenter.compat import override
from callcenter.model.ids import CenterId, ResellerId
from callcenter.model.money import ZERO, Money
from callcenter.model.records import ChargeKind
from callcenter.model.times import Instant, parse_date
from callcenter.ports import Store
from callcenter.store import MemoryStore
from callcenter.testing.conformance.base import Change, leave

DEMO, WEST = CenterId("demo"), ResellerId("west")
PAYER, CENTER = reseller_account(WEST), center_account(DEMO)
REVENUE = revenue_account(ChargeKind.CALL)
LIMIT = 500
SMALL = st.integers(0, 40)
HAO = st.integers(0, 1500)


class BooksMachine(RuleBasedStateMachine):
    """One reseller with one center; the model is a dict of balances, one of amounts by key, one of holds.

    Subclass it, let :meth:`make` return a store of yours, and give pytest its ``TestCase``.
    """

    def make(self) -> Store:
        """Return a new, empty store."""
        return MemoryStore()

    @initialize(hao=HAO)
    def open(self, hao: int) -> None:
        """Begin with what the reseller has."""
        self.store = self.make()
        self.now = 0
        self.balances: dict[Account, int] = {}
        self.log: list[Entry] = []
        self.holds: dict[str, tuple[int, int]] = {}
        self.charges: dict[str, int] = {}
        self.refunded: dict[str, int] = {}
        self.post(opening_entry(PAYER, Money(hao), Instant(0), self.act()))

    def act(self) -> Act:
        """Return who posts, now."""
        return Act(at=Instant(self.now))

    def post(self, entry: Entry, guards: dict[Account, Guard] | None = None) -> Outcome:
        """Post, and let the model follow what was written."""
        with self.store.transaction() as parts:
            posting = parts.ledger.post(entry, guards)
        if posting.outcome is Outcome.CREATED:
            self.log.append(entry)
            for account, amount in entry.legs:
                self.balances[account] = self.balances.get(account, 0) + amount.hao
        self.refusal = posting.refusal
        return posting.outcome

    def balance(self, account: Account = CENTER) -> int:
        """Return what the model says an account stands at."""
        return self.balances.get(account, 0)

    def held(self) -> int:
        """Return what the model says is reserved."""
        return sum(amount for amount, end in self.holds.values() if self.now < end)

    # ------------------------------------------------------------ what people and jobs do

    @rule(seconds=st.integers(0, 9))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.now += seconds

    @rule(ref=SMALL, hao=HAO)
    def top_up(self, ref: int, hao: int) -> None:
        """A transfer from the reseller, refused without funds; the same ref again is the same transfer."""
        key = f"topup:{ref}"
        before = next((entry for entry in self.log if entry.key == key), None)
        enough = self.balance(PAYER) - hao >= -LIMIT
        outcome = self.post(
            top_up_entry(f"{ref}", CENTER, Money(hao), self.act(), PAYER), {PAYER: Guard(floor=Money(-LIMIT))}
        )
        if before is None:
            assert outcome is (Outcome.CREATED if enough else Outcome.REFUSED)
            assert self.refusal is (None if enough else Refusal.INSUFFICIENT_FUNDS)
        elif before.amount(CENTER).hao == hao:
            assert outcome is Outcome.EXISTS
        else:
            assert self.refusal is Refusal.CONFLICT

    @rule(day=st.integers(1, 28), hao=HAO)
    def rent(self, day: int, hao: int) -> None:
        """A rent of some date, once."""
        date = parse_date(f"2009-02-{day:02}")
        known = f"rent:demo:{date}" in {entry.key for entry in self.log}
        outcome = self.post(rent_entry(DEMO, date, Money(hao), Instant(day), self.act()))
        assert (outcome is Outcome.CREATED) is not known

    @rule(ref=SMALL, hao=HAO)
    def deduct(self, ref: int, hao: int) -> None:
        """A deduction, also below zero."""
        self.post(deduction_entry(f"{ref}", CENTER, Money(hao), self.act()))

    @precondition(lambda self: self.charges)
    @rule(data=st.data(), ref=SMALL, hao=st.integers(1, 1500))
    def refund(self, data: Any, ref: int, hao: int) -> None:
        """A refund of a charge, together not above it."""
        key = data.draw(st.sampled_from(sorted(self.charges)))
        if f"refund:{ref}" in {entry.key for entry in self.log}:
            return
        before = self.refunded.get(key, 0)
        charge = next(entry for entry in self.log if entry.key == key)
        outcome = self.post(charge_refund_entry(f"{ref}", charge, CENTER, Money(hao), self.act(), Money(before)))
        assert outcome is (Outcome.CREATED if before + hao <= self.charges[key] else Outcome.REFUSED)
        if outcome is Outcome.CREATED:
            self.refunded[key] = before + hao

    # ------------------------------------------------------------ what calls do

    @rule(call=SMALL, hao=HAO, length=st.integers(1, 20))
    def place(self, call: int, hao: int, length: int) -> None:
        """A hold, if the money for it is there."""
        name = f"hold:{call}"
        with self.store.transaction() as parts:
            known = parts.holds.hold(name) is not None
            end = self.now + length
            placed = parts.holds.place(name, CENTER, Money(hao), Instant(self.now), Instant(end), Money(LIMIT))
        if not known:
            assert placed is (self.balance() + LIMIT - self.held() >= hao)
            if placed:
                self.holds[name] = (hao, end)
                self.authorised()

    @precondition(lambda self: self.holds)
    @rule(data=st.data(), more=st.integers(-100, 800), length=st.integers(0, 20))
    def extend(self, data: Any, more: int, length: int) -> None:
        """A hold that grows and lasts longer."""
        name = data.draw(st.sampled_from(sorted(self.holds)))
        amount, end = self.holds[name]
        own = amount if self.now < end else 0
        wanted = max(amount, amount + more)
        with self.store.transaction() as parts:
            grown = parts.holds.extend(
                name, Money(amount + more), Instant(self.now), Instant(self.now + length), Money(LIMIT)
            )
        assert grown is (wanted <= own or self.balance() + LIMIT - (self.held() - own) >= wanted)
        if grown:
            self.holds[name] = (wanted, max(end, self.now + length))
            if wanted > own:
                self.authorised()

    def authorised(self) -> None:
        """L12: at the moment of a yes, all that is promised is there."""
        assert self.held() <= self.balance() + LIMIT

    @precondition(lambda self: self.holds)
    @rule(data=st.data(), cost=HAO, repeat=st.booleans())
    def end_call(self, data: Any, cost: int, repeat: bool) -> None:
        """A talk that is charged, perhaps twice, and its hold captured."""
        name = data.draw(st.sampled_from(sorted(self.holds)))
        amount, _end = self.holds.pop(name)
        key = name.replace("hold", "call")
        entry = call_entry(key, DEMO, Money(cost), Instant(self.now), self.act())
        assert self.post(entry) is Outcome.CREATED
        self.charges[key] = cost
        with self.store.transaction() as parts:
            captured = parts.holds.capture(name, Money(cost))
            assert captured is not None
            assert captured.overrun == Money(max(0, cost - amount))
        if repeat:
            assert self.post(entry) is Outcome.EXISTS

    @precondition(lambda self: self.holds)
    @rule(data=st.data())
    def nobody_answers(self, data: Any) -> None:
        """A hold that is given back."""
        name = data.draw(st.sampled_from(sorted(self.holds)))
        del self.holds[name]
        with self.store.transaction() as parts:
            parts.holds.void(name)

    @rule(cost=HAO)
    def crash(self, cost: int) -> None:
        """A transaction that does not end leaves no trace."""
        before = self.store.dump()
        with suppress(Change), self.store.transaction() as parts:
            parts.ledger.post(call_entry("call:crash", DEMO, Money(cost), Instant(self.now), self.act()))
            for name in self.holds:
                parts.holds.void(name)
            leave()
        assert self.store.dump() == before

    # ------------------------------------------------------------ what holds after every step

    @invariant()
    def balances_are_the_sums_of_entries(self) -> None:
        """L9: the cache, the sum of the legs and the model agree; all accounts together are zero."""
        with self.store.transaction() as parts:
            for account in (CASH, PAYER, CENTER, REVENUE, ADJUSTMENTS):
                assert parts.ledger.balance(account) == Money(self.balance(account))
                assert parts.ledger.balance_before(account, Instant(10**9)) == Money(self.balance(account))
            assert sum((parts.ledger.balance(account) for account in parts.ledger.accounts()), ZERO) == ZERO

    @invariant()
    def held_is_the_sum_of_live_holds(self) -> None:
        """And the open ones are those that calls have."""
        with self.store.transaction() as parts:
            assert parts.holds.held(CENTER, Instant(self.now)) == Money(self.held())
            assert {hold.id for hold in parts.holds.open(CENTER)} == set(self.holds)

    @override
    def teardown(self) -> None:
        """When all calls have ended nothing is held; and the log alone makes the same books."""
        if not hasattr(self, "store"):
            return
        with self.store.transaction() as parts:
            for name in list(self.holds):
                parts.holds.void(name)
            assert parts.holds.open() == ()
            assert all(hold.state is not HoldState.OPEN for hold in map(parts.holds.hold, self.holds) if hold)
        assert books_of(self.log) == books_of([*self.log, *self.log])


def books_of(log: list[Entry]) -> dict[Account, Money]:
    """Return the balances that a log of entries makes."""
    store = MemoryStore()
    with store.transaction() as parts:
        for entry in log:
            parts.ledger.post(entry)
        return {account: parts.ledger.balance(account) for account in parts.ledger.accounts()}
