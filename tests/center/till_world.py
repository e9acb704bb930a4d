"""Calls that share one balance, driven through the till itself: the money side of a host, without an engine."""

from __future__ import annotations

import copy
from typing import Final

from callcenter.billing.entries import Act, top_up_entry
from callcenter.billing.plans import RatePlan
from callcenter.center import till
from callcenter.center.desk import Desk, Meter
from callcenter.engine import Engine
from callcenter.model.directory import CallCenter, CenterConfig
from callcenter.model.ids import CallId, CenterId
from callcenter.model.money import Money, fen
from callcenter.model.records import Party, PartyKind, Talk, TalkEndedBy
from callcenter.model.times import SECOND, Instant
from callcenter.model.tree import HANGUP
from callcenter.store.memory import MemoryStore, MemoryTransaction

START: Final = Instant(1_230_000_000 * SECOND)
HOLD, EXTEND, CAPTURE, TOP_UP = "hold", "extend", "capture", "top-up"
Saved = tuple[int, Instant, bool, dict[CallId, Meter], int, int]


class TillWorld:
    """One center, its calls and the clock; what a host does at each moment, in its order.

    Attributes:
        charged: What talks have cost so far.
        paid: What was paid in, the opening included.
    """

    def __init__(self, tx: MemoryTransaction, store: MemoryStore, balance: Money, limit: Money) -> None:
        center = CallCenter(id=CenterId("demo"), access_number="95990001", ivr=HANGUP, credit_limit=limit)
        config = CenterConfig(center=center)
        self.tx = tx
        self.desk = Desk(config, Engine(config))
        self.desk.rate = RatePlan.per_minute(fen(12))
        self.now = START
        self.charged = 0
        self.paid = 0
        self._undo = store._undo
        self._refs = 0
        self._pay("opening", balance)

    # ---------------------------------------------------------------- back and forth

    def save(self) -> Saved:
        """Return what it takes to come back to this moment."""
        meters = {call: copy.copy(meter) for call, meter in self.desk.meters.items()}
        return len(self._undo._steps), self.now, self.desk.dirty, meters, self.charged, self.paid

    def back_to(self, saved: Saved) -> None:
        """Come back to a moment: the store undoes what it did since."""
        steps, self.now, self.desk.dirty, meters, self.charged, self.paid = saved
        while len(self._undo._steps) > steps:
            self._undo._steps.pop()()
        self.desk.meters = {call: copy.copy(meter) for call, meter in meters.items()}

    # ---------------------------------------------------------------- what calls and operators do

    def do(self, what: str, call: str, seconds: int, amount: Money) -> None:
        """Let time pass, then let one thing happen, and hold everything to the promise."""
        self._advance(Instant(self.now + seconds * SECOND))
        name = CallId(call)
        if what == TOP_UP:
            self._pay(call, amount)
        elif what == HOLD and name not in self.desk.meters:
            self.desk.meters[name] = Meter(call=name, caller="013900001111", called="95990001")
            if not till.reserve(self.tx, self.desk, self.desk.meters[name], self.now):
                del self.desk.meters[name]
        elif name in self.desk.meters:
            self._go_on(what, self.desk.meters[name])
        self._settle()
        self.check()

    def _go_on(self, what: str, meter: Meter) -> None:
        if what == EXTEND and meter.answered_at is None:
            if not till.begin(self.tx, self.desk, meter, self.now):
                self._leave(meter)
        elif what == CAPTURE and meter.answered_at is not None:
            self._end(meter, self.now)
        elif what == CAPTURE:
            self._leave(meter)

    def end_all(self) -> None:
        """Let every call end."""
        for meter in list(self.desk.meters.values()):
            self._go_on(CAPTURE, meter)
        self._settle()

    # ---------------------------------------------------------------- what a host does

    def _pay(self, ref: str, amount: Money) -> None:
        self._refs += 1
        ref = f"{ref}-{self._refs}"
        self.tx.ledger.post(top_up_entry(ref, self.desk.account, amount, Act(at=self.now)))
        self.paid += amount.hao
        self.desk.dirty = True

    def _advance(self, to: Instant) -> None:
        """Let talks end whose money is used up, and holds grow with each increment, each at its own moment."""
        while True:
            talks = self.desk.talks()
            ends = [(meter.until, 0, meter) for meter in talks if meter.until is not None]
            ticks = [(meter.tick, 1, meter) for meter in talks if meter.tick is not None]
            due = sorted(((at, kind, meter.call) for at, kind, meter in (*ends, *ticks) if at <= to))
            if not due:
                break
            at, kind, call = due[0]
            self.now = max(self.now, at)
            if kind == 0:
                self._end(self.desk.meters[call], at)
            self.desk.dirty = True
            self._settle()
            self.check()
        self.now = to

    def _settle(self) -> None:
        while self.desk.dirty:
            self.desk.dirty = False
            for meter in self.desk.talks():
                till.grow(self.tx, self.desk, meter, self.now)
            for meter in self.desk.talks():
                till.moves(self.tx, self.desk, meter, self.now)

    def _end(self, meter: Meter, at: Instant) -> None:
        assert meter.answered_at is not None
        talk = Talk(
            center=self.desk.id,
            call=meter.call,
            number=1,
            ref="",
            caller=meter.caller,
            dialled=meter.called,
            party=Party(kind=PartyKind.NUMBER, id="1"),
            phone="013900000001",
            group=None,
            ring_at=meter.answered_at,
            answered_at=meter.answered_at,
            ended_at=at,
            by=TalkEndedBy.CALLER,
        )
        self.charged += till.charge(self.tx, self.desk, talk, self.now).amount.hao
        del self.desk.meters[meter.call]

    def _leave(self, meter: Meter) -> None:
        till.release(self.tx, self.desk, meter)
        del self.desk.meters[meter.call]

    # ---------------------------------------------------------------- what must hold

    def check(self) -> None:
        """Nothing is authorised beyond balance and limit, and the balance is the sum of what happened (L9, L12)."""
        balance = self.tx.ledger.balance(self.desk.account)
        held = self.tx.holds.held(self.desk.account, self.now)
        assert balance.hao == self.paid - self.charged
        assert held <= balance + self.desk.center.credit_limit
        assert {hold.id for hold in self.tx.holds.open()} == {meter.hold for meter in self.desk.meters.values()}

    def check_end(self) -> None:
        """When all calls have ended nothing is held, and nothing was spent beyond balance and limit."""
        self.check()
        assert self.tx.holds.open() == ()
        assert self.paid - self.charged >= -self.desk.center.credit_limit.hao
