"""One transaction: an event, all that follows from it, and nothing half.

Theory of operation. An event is written to the journal and given to the engine. What comes out is worked off in order:
commands go to the outbox, facts become rows, a finished talk is charged on the spot, and each question about money is
answered at once, by one more event in the journal, so that a replay needs no balances. When nothing is left to answer
and a balance or a hold has changed, the talks of that center are told their new end; that may lead to more of the
same, and stops when nobody has to be told anything new.
"""

from __future__ import annotations

import json
from collections import deque
from typing import Final

from callcenter.billing.entries import Act
from callcenter.center import books, till
from callcenter.center.alerting import Alerts
from callcenter.center.desk import Desk, Meter
from callcenter.engine import Outcome
from callcenter.model import commands, events, facts
from callcenter.model.codec import encode
from callcenter.model.ids import CallId, CenterId
from callcenter.model.money import ZERO, Money
from callcenter.model.records import ChargeKind, ChargeLine, VoicemailMessage
from callcenter.model.times import DAY, Instant
from callcenter.ports import RejectedCall, Transaction

TIMER = "Timer"
"""Kind of the journal's rows that only let time pass."""
SHOP = "Shop"
"""Kind of the rows from which on another version of the shop holds."""
_ANSWERS: Final = {
    commands.CreditPurpose.ADMIT: till.admit,
    commands.CreditPurpose.RING: till.reserve,
    commands.CreditPurpose.TALK: till.begin,
}
_NOBODY = CenterId("")
"""The center of a number that no center has."""


class Step:
    """What one transaction does.

    Attributes:
        facts: What happened, in order.
        tx: The transaction.
        sent: Outbox id and command, in order, to be sent after the commit.
        touched: The desks at which something happened.
        alerts: Who has to hear of a balance.
    """

    def __init__(self, tx: Transaction, at: Instant, low: Money = ZERO) -> None:
        self.facts: list[facts.Fact] = []
        self.sent: list[tuple[str, commands.Command]] = []
        self.touched: dict[CenterId, Desk] = {}
        self.alerts = Alerts(tx, at, low)
        self._written: dict[CenterId, int] = {}
        self.tx = tx
        self._at = at
        self._arrived: dict[CallId, facts.CallOffered] = {}

    # ---------------------------------------------------------------- what comes in

    def feed(self, desk: Desk, event: events.Event, key: str = "") -> bool:
        """Take an event in; False, and nothing happens, when its key was seen before."""
        if not self._write(desk, type(event).__name__, json_of(events.Event, event), key):
            return False
        if isinstance(event, events.CallOffered) and event.call not in desk.meters:
            meter = Meter(call=event.call, caller=event.caller, called=event.dialled, tags=event.tags)
            desk.meters[event.call] = meter
        self._work_off(desk, desk.engine.handle(event))
        return True

    def let_pass(self, desk: Desk) -> None:
        """Let the timers of an engine fire that are due, and the holds of its talks grow.

        A balance that moved while nobody served the center may let a talk last longer than its timer says.
        """
        if desk.dirty:
            self.settle(desk)
        deadline = desk.engine.next_deadline()
        if deadline is not None and deadline <= self._at:
            self._write(desk, TIMER, "{}")
            self._work_off(desk, desk.engine.handle_timer(self._at))
        tick = desk.next_tick()
        if tick is not None and tick <= self._at:
            desk.dirty = True
            self.settle(desk)

    def shop(self, desk: Desk, version: int) -> None:
        """Write down that another version of the shop holds for a desk from here on."""
        self._write(desk, SHOP, json.dumps({"version": version}))

    def refuse_unknown(self, event: events.CallOffered, outcome: Outcome, key: str) -> None:
        """Write down a call to a number that no center has."""
        body = json_of(events.Event, event)
        if self.tx.journal.append(_NOBODY, key, self._at, type(event).__name__, body) is None:
            return
        for fact in outcome.facts:
            self._remember(fact)
            self.facts.append(fact)
            if isinstance(fact, facts.CallRejected):
                self._reject(_NOBODY, fact)
        for number, command in enumerate(outcome.commands):
            self._order(_NOBODY, f":{event.call}:{number}", command)

    def stands(self, tx: Transaction) -> bool:
        """Tell whether what this step wrote into journals is there, after a commit of which nobody knew."""
        return bool(self.touched) and all(tx.journal.last(id) >= seq for id, seq in self._written.items())

    def moved(self, desk: Desk, amount: Money) -> None:
        """Take note that an entry moved the balance of a center: its talks and people may have to hear of it."""
        self.alerts.watch(desk, amount)
        desk.dirty = True

    # ---------------------------------------------------------------- what follows

    def _work_off(self, desk: Desk, outcome: Outcome) -> None:
        questions: deque[commands.AskCredit] = deque()
        self._take(desk, outcome, questions)
        while questions:
            answer = self._answer(desk, questions.popleft())
            self._write(desk, type(answer).__name__, json_of(events.Event, answer))
            self._take(desk, desk.engine.handle(answer), questions)
        self.settle(desk)

    def _take(self, desk: Desk, outcome: Outcome, questions: deque[commands.AskCredit]) -> None:
        for fact in outcome.facts:
            self._note(desk, fact)
        for command in outcome.commands:
            if isinstance(command, commands.AskCredit):
                questions.append(command)
            else:
                seq = self.tx.journal.last(desk.id)
                self._order(desk.id, f"{desk.id}:{seq}:{len(self.sent)}", command)

    def settle(self, desk: Desk) -> None:
        """Tell people and each talk of a center what it means for them that the balance or a hold on it has changed."""
        self.facts += self.alerts.crossed()
        self._forget_parted(desk)
        while desk.dirty:
            desk.dirty = False
            for meter in desk.talks():
                till.grow(self.tx, desk, meter, self._at)
            for meter in desk.talks():
                if till.moves(self.tx, desk, meter, self._at):
                    moved = events.CreditGranted(at=self._at, call=meter.call, until=meter.until, cap=meter.cap)
                    self.feed(desk, moved)

    def _forget_parted(self, desk: Desk) -> None:
        """A phone that was answered and never bridged has no talk (C4b): its money is only reserved again."""
        talks = desk.talks()
        views = desk.engine.live_calls() if talks else {}
        for meter in talks:
            view = views.get(meter.call)
            if view is None or view.party is None:
                till.part(desk, meter)

    def _answer(self, desk: Desk, asked: commands.AskCredit) -> events.CreditGranted | events.CreditRefused:
        refused = events.CreditRefused(at=self._at, call=asked.call)
        meter = desk.meters.get(asked.call)
        if meter is None:
            return refused
        if not _ANSWERS[asked.purpose](self.tx, desk, meter, self._at):
            return refused
        return events.CreditGranted(at=self._at, call=asked.call, until=meter.until, cap=meter.cap)

    # ---------------------------------------------------------------- facts become rows

    def _note(self, desk: Desk, fact: facts.Fact) -> None:
        self.facts.append(fact)
        match fact:
            case facts.CallOffered():
                self._remember(fact)
            case facts.CallRejected():
                self._reject(desk.id, fact)
            case facts.VisitEnded():
                self.tx.records.add_call(fact.record)
            case facts.SessionEnded():
                self.tx.records.add_session(fact.session)
            case facts.TalkEnded():
                self.alerts.watch(desk)
                line = till.charge(self.tx, desk, fact.talk, self._at)
                charged = facts.Charged(at=fact.at, call=fact.call, seconds=line.seconds, amount=line.amount)
                self.facts.append(charged)
                self._correct(desk, line)
                self._judge_cap(desk)
            case facts.VoicemailLeft():
                self._keep(desk, fact)
            case facts.CallEnded():
                meter = desk.meters.pop(fact.call, None)
                if meter:
                    till.release(self.tx, desk, meter)
            case _:
                return

    def _keep(self, desk: Desk, fact: facts.VoicemailLeft) -> None:
        meter = desk.meters.get(fact.call)
        message = VoicemailMessage(
            center=desk.id,
            call=fact.call,
            box=fact.box,
            caller=meter.caller if meter else "",
            at=fact.at,
            length=fact.length,
            recording=fact.recording,
        )
        self.tx.records.add_voicemail(message)

    def _correct(self, desk: Desk, line: ChargeLine) -> None:
        """A call of a month that is settled already lowers what was taken to make the minimum up (R3)."""
        if line.answered_at is None:
            return
        made = books.correct_minimum(self.tx, books.standing(desk.center), line.answered_at, line.key, Act(at=self._at))
        if made is not None:
            desk.dirty = True
            self.facts.append(facts.Posted(at=self._at, key=made.key, kind=made.kind.value, amount=made.amount))

    def _remember(self, fact: facts.Fact) -> None:
        if isinstance(fact, facts.CallOffered):
            self._arrived[fact.call] = fact

    def _reject(self, center: CenterId, fact: facts.CallRejected) -> None:
        arrived = self._arrived[fact.call]
        row = RejectedCall(
            center=center,
            call=fact.call,
            at=fact.at,
            caller=arrived.caller,
            dialled=arrived.dialled,
            reason=fact.reason,
        )
        self.tx.records.add_rejected(row)

    # ---------------------------------------------------------------- the cap of the day

    def watch_midnight(self, desk: Desk) -> None:
        """Lift the cap of a day that is over."""
        if desk.capped_on is not None and desk.zone.day(self._at) != desk.capped_on:
            desk.capped_on = None
            self.feed(desk, events.CapReached(at=self._at, reached=False))

    def _judge_cap(self, desk: Desk) -> None:
        """Tell the engine when the call charges of the local date reach the center's cap (3.10.8 of the design)."""
        cap = desk.center.caps.day
        if not cap or desk.capped_on is not None:
            return
        today = desk.zone.day(self._at)
        start = desk.zone.at(today)
        end = Instant(max(self._at + 1, start + DAY))
        if self.tx.records.charged(desk.id, ChargeKind.CALL, start, end).amount >= cap:
            desk.capped_on = today
            self.feed(desk, events.CapReached(at=self._at, reached=True))

    # ---------------------------------------------------------------- journal and outbox

    def _write(self, desk: Desk, kind: str, body: str, key: str = "") -> bool:
        self.touched[desk.id] = desk
        key = key or f"host:{self.tx.journal.last(desk.id) + 1}"
        seq = self.tx.journal.append(desk.id, key, self._at, kind, body)
        if seq is not None:
            self._written[desk.id] = seq
        return seq is not None

    def _order(self, center: CenterId, id: str, command: commands.Command) -> None:
        self.tx.outbox.put(id, center, json_of(commands.Command, command))
        self.sent.append((id, command))


def json_of(hint: object, item: object) -> str:
    """Return an item of the model as one line of JSON."""
    return json.dumps(encode(hint, item), ensure_ascii=False, separators=(",", ":"))
