"""The engine under watch: the only ways to it, its twins, and the judgement of every step.

The engine is fed through its public contract. A second engine hears the same and is dumped and loaded on the way; a
third hears the whole story again at the end. All must tell the same (V20).
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

from hypothesis.stateful import RuleBasedStateMachine

from callcenter.compat import override
from callcenter.engine import Engine, Outcome
from callcenter.model import commands, events
from callcenter.model.commands import CreditPurpose
from callcenter.model.directory import CenterConfig
from callcenter.model.events import Event
from callcenter.model.facts import LogInRefused
from callcenter.model.ids import CallId
from callcenter.model.numbers import matched
from callcenter.model.times import SECOND, Instant
from callcenter.testing.floor_machine.book import FloorBook
from callcenter.testing.floor_machine.center import busy_center
from callcenter.testing.floor_machine.promises import promise
from callcenter.testing.floor_machine.rules import (
    best_first,
    both_sides,
    everybody_once,
    idle,
    losers_cancelled,
    nobody_idle,
    nothing_lost,
)
from callcenter.testing.floor_machine.switch import Switchboard

BEGINS: Final = Instant(1_230_000_000 * SECOND)
_REMEMBERED: Final = 12


class Rehearsal(RuleBasedStateMachine):
    """One engine under watch: everything that happens to it goes through here."""

    def center(self) -> CenterConfig:
        """Return the center that is tried; another one in a subclass."""
        return busy_center()

    def make(self, config: CenterConfig) -> Engine:
        """Return a new engine; one of another class, or seed, in a subclass."""
        return Engine(config)

    def __init__(self) -> None:
        super().__init__()
        self.config = self.center()
        self.first_config = self.config
        self.engine = self.make(self.config)
        self.twin = self.make(self.config)
        self.book = FloorBook(self.config)
        self.switch = Switchboard()
        self.switch.now = BEGINS
        self.slow = False
        self.broke = False
        self.granted = 0
        self.arrived = 0
        self.said: list[Event] = []
        self.story: list[tuple[Event | Instant, Outcome]] = []

    @property
    def now(self) -> Instant:
        """The clock of the machine."""
        return self.switch.now

    # ---------------------------------------------------------------- the only ways to the engine

    def tell(self, event: Event) -> None:
        """Let an event happen, hold what it led to against the promises, and obey the commands."""
        before = idle(self.book)
        self.book.begin_step()
        self._handle(event)
        self._judge(before)

    def _fire(self, at: Instant) -> None:
        before = idle(self.book)
        self.book.begin_step()
        self._take(at, self.engine.handle_timer(at), self.twin.handle_timer(at))
        self._judge(before)

    def _handle(self, event: Event) -> None:
        self.book.begin(event)
        self._take(event, self.engine.handle(event), self.twin.handle(event))

    def _take(self, told: Event | Instant, outcome: Outcome, twin: Outcome) -> None:
        """Take note of what a step led to; what it asks of billing is answered before anything else happens."""
        promise(twin == outcome, "V20: the same after dump and load", told, outcome, twin)
        self.story.append((told, outcome))
        refused = any(isinstance(fact, LogInRefused) for fact in outcome.facts)
        if isinstance(told, events.AgentLoggedIn) and not refused:
            self._logged_in(told, outcome)
        else:
            self._fold(outcome)
        for command in outcome.commands:
            self.book.obey(command)
            self.switch.perform(command)
        for command in outcome.commands:
            if isinstance(command, commands.AskCredit):
                self._answer_credit(command)

    def _fold(self, outcome: Outcome) -> None:
        for fact in outcome.facts:
            self.book.fold(fact)

    def _logged_in(self, event: events.AgentLoggedIn, outcome: Outcome) -> None:
        """Fold a log-in: what ends the old session belongs to it, what follows to the new one."""
        ends = [n for n, fact in enumerate(outcome.facts) if type(fact).__name__ == "SessionEnded"]
        split = ends[0] + 1 if ends else 0
        for fact in outcome.facts[:split]:
            self.book.fold(fact)
        self.book.logged_in(event)
        for fact in outcome.facts[split:]:
            self.book.fold(fact)

    def _answer_credit(self, command: commands.AskCredit) -> None:
        if command.call not in self.engine.live_calls():
            return
        if self.broke and command.purpose is not CreditPurpose.TALK:
            self._handle(events.CreditRefused(at=self.now, call=command.call))
            return
        self.granted += 1
        limited = command.purpose is CreditPurpose.TALK and self.granted % 3 == 0
        until = Instant(self.now + 90 * SECOND) if limited else None
        self._handle(events.CreditGranted(at=self.now, call=command.call, until=until))

    def _judge(self, before: dict[str, Any]) -> None:
        due = self.engine.next_deadline()
        if due is None or due > self.now:
            engaged = {*self.engine.live_legs().values(), *(matched(call["caller"]) for call in self.book.live())}
            nobody_idle(self.book, engaged, self.now)
            everybody_once(self.book, engaged, self.now)
        best_first(self.book, before)
        losers_cancelled(self.book)
        nothing_lost(self.book, self.engine, self.now)

    def report(self, which: int = 0) -> bool:
        """Let the switch report one event of some call; return whether there was one."""
        event = self.switch.next_report(which)
        if event is None:
            return False
        self.said = [*self.said, event][-_REMEMBERED:]
        self.tell(event)
        return True

    def settle(self) -> None:
        """Let the switch report what has happened, unless it is slow."""
        while not self.slow and self.report():
            pass
        if not self.switch.reports:
            both_sides(self.book, self.engine, self.switch)

    # ---------------------------------------------------------------- time

    def pass_until(self, until: Instant) -> None:
        """Let time go by, each deadline of the engine at its moment."""
        while (due := self.engine.next_deadline()) is not None and due <= until:
            self.switch.now = max(self.now, due)
            self._fire(self.now)
            self.settle()
        self.switch.now = max(self.now, until)

    def dumped_and_loaded(self) -> None:
        """Write the second engine down and read it again; it is the same text, and goes on the same."""
        blob = self.twin.dump()
        _same_text(self.engine, self.twin)
        self.twin = type(self.twin).load(self.config, blob)
        promise(self.twin.dump() == blob, "V20: loaded is as dumped")

    # ---------------------------------------------------------------- the end

    @override
    def teardown(self) -> None:
        """Let everybody go home: nothing may be left; then the whole story is told to a new engine."""
        if sys.exception() is not None:  # a promise is broken already: that one is to be told
            return
        self.slow = False
        self.settle()
        for call in list(self.switch.lines):
            self.switch.caller_hangs_up(CallId(call))
        self.settle()
        for agent in self.config.center.agents:
            self.tell(events.AgentLoggedOut(at=self.now, agent=agent))
        while (due := self.engine.next_deadline()) is not None:
            self.pass_until(due)
        promise(not self.engine.live_calls(), "every call ends", self.engine.live_calls())
        promise(not self.engine.live_legs(), "every leg ends", self.engine.live_legs())
        promise(not self.book.holding, "V2: nobody is held for ever", self.book.holding)
        promise(not self.engine.sessions(self.now), "every session ends")
        open_offers = [offer for offer in self.book.offers.values() if offer["open"]]
        promise(not open_offers, "V4: every offer ends", open_offers)
        _same_text(self.engine, self.twin)
        again = self.make(self.first_config)
        for told, outcome in self.story:
            same = again.handle_timer(told) if isinstance(told, int) else again.handle(told)
            promise(same == outcome, "V20: the same story leads to the same facts", told, outcome, same)


def _same_text(engine: Engine, twin: Engine) -> None:
    """V20: equal states are equal text."""
    one, other = json.loads(engine.dump()), json.loads(twin.dump())
    differs = {key: (one[key], other[key]) for key in one if one[key] != other[key]}
    promise(engine.dump() == twin.dump(), "V20: equal states are equal text", str(differs)[:2000])
