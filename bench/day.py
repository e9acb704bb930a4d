"""The world of P1 and P2: an engine, a heap, callers who press 1, phones that answer after two seconds.

It is as bare as a driver can be: what takes no time is answered at once, credit is always granted, talks are rated and
posted into a ledger in memory. The events that went in are kept where they are asked for, so that P2 can replay them.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from bench.kernel import RING_S, WRAP_UP_S, Customer

from callcenter.billing.entries import Act, call_entry, call_key
from callcenter.billing.plans import RatePlan
from callcenter.billing.rating import rate
from callcenter.billing.usage import usage_of
from callcenter.engine import Engine, Outcome
from callcenter.files.shop import read_shop
from callcenter.model import commands, events, facts
from callcenter.model.directory import CenterConfig
from callcenter.model.events import Cause, Event
from callcenter.model.ids import CallId, CenterId
from callcenter.model.money import fen
from callcenter.model.records import Talk
from callcenter.model.times import SECOND, Instant, parse_instant
from callcenter.ports import Transaction

START = parse_instant("2008-12-29T08:00:00+08:00")
PLAN = RatePlan.per_minute(fen(12))
VIPS = 200


def config(agents: int) -> CenterConfig:
    """Return a center with one group, a menu, some VIPs and so many agents."""
    names = [f"CC{number:05}" for number in range(agents)]
    vips = ", ".join(f'{{ number = "{vip(number)}", class = "important" }}' for number in range(VIPS))
    lines = [
        "schema = 1",
        "[center.bench]",
        'access_number = "95990001"',
        'ivr = "main"',
        *(f'[center.bench.agent.{name}]\nphone = "0139{number:08}"' for number, name in enumerate(names)),
        "[center.bench.group.1]",
        'kind = "login"',
        f"members = {names!r}".replace("'", '"'),
        'ranking = "longest_idle"',
        f"wrap_up_s = {WRAP_UP_S}",
        f"vip = [{vips}]",
        "[ivr.main]",
        'root = "main"',
        "[ivr.main.menu.main]",
        'greeting = "welcome.wav"',
        'choices = { "1" = "group:1", "2" = "group:1" }',
    ]
    return read_shop("\n".join(lines), file="bench.toml", today=START).config(CenterId("bench"))


def vip(number: int) -> str:
    return f"028555{number:05}"


class Day:
    """A day of callers on one engine.

    Args:
        center: As :func:`config` returns it.
        callers: Who calls.
        books: Where talks are posted; None: they are not rated.
        records: Whether the events are kept.
    """

    def __init__(
        self, center: CenterConfig, callers: Sequence[Customer], books: Transaction | None, *, records: bool = False
    ) -> None:
        self.engine = Engine(center, seed=1)
        self.callers = callers
        self.books = books
        self.journal: list[Event] = []
        self.served = 0
        self._records = records
        self._heap: list[tuple[int, int, bool, Event]] = []
        self._planned = 0
        self._at_once: deque[Event] = deque()
        self._connected: set[str] = set()
        self._obeys: dict[type[Any], Callable[[Any, Instant], None]] = {
            commands.AskCredit: self._grant,
            commands.Answer: self._answer,
            commands.Dial: self._dial,
            commands.Bridge: self._bridge,
            commands.HangUpLeg: self._hang_up_leg,
        }
        self._hears: dict[type[Any], Callable[[Any, Instant], None]] = {
            facts.Queued: self._queued,
            facts.TalkEnded: self._talk_ended,
        }
        for agent in center.center.agents.values():
            self._tell(events.AgentLoggedIn(at=START, agent=agent.id))
            self._tell(events.AgentReady(at=START, agent=agent.id))

    def run(self) -> int:
        """Live the day; return how many callers were served."""
        heap, engine, arriving = self._heap, self.engine, iter(enumerate(self.callers))
        arrival = self._arrival(next(arriving, None))
        while heap or arrival is not None:
            due = engine.next_deadline()
            arrives = arrival is not None and (not heap or arrival.at <= heap[0][0])
            if due is not None and due < (arrival.at if arrival is not None and arrives else heap[0][0]):
                self._follow(engine.handle_timer(due), due)
            elif arrival is not None and arrives:
                self._tell(arrival)
                arrival = self._arrival(next(arriving, None))
            else:
                _, _, patience, event = heapq.heappop(heap)
                if patience and event.call in self._connected:  # type: ignore[union-attr]
                    self._connected.remove(event.call)  # type: ignore[union-attr]  # its patience is asked for once
                else:
                    self._tell(event)
        return self.served

    def _arrival(self, numbered: tuple[int, Customer] | None) -> events.CallOffered | None:
        if numbered is None:
            return None
        place, caller = numbered
        number = vip(place % VIPS) if caller.vip else f"0138{place:08}"
        at = Instant(START + round(caller.at * SECOND))
        return events.CallOffered(at=at, call=CallId(str(place)), caller=number, dialled="95990001")

    def _plan(self, at: Instant, event: Event, *, patience: bool = False) -> None:
        self._planned += 1
        heapq.heappush(self._heap, (at, self._planned, patience, event))

    def _tell(self, event: Event) -> None:
        at_once = self._at_once
        while True:
            if self._records:
                self.journal.append(event)
            self._follow(self.engine.handle(event), event.at)
            if not at_once:
                return
            event = at_once.popleft()

    def _follow(self, outcome: Outcome, at: Instant) -> None:
        """Do as a switch would with the commands, and as a host would with the facts."""
        for command in outcome.commands:
            obey = self._obeys.get(type(command))
            if obey is not None:
                obey(command, at)
        for fact in outcome.facts:
            hear = self._hears.get(type(fact))
            if hear is not None:
                hear(fact, at)

    def _grant(self, command: commands.AskCredit, at: Instant) -> None:
        self._at_once.append(events.CreditGranted(at=at, call=command.call))

    def _answer(self, command: commands.Answer, at: Instant) -> None:
        self._at_once.append(events.CallAnswered(at=at, call=command.call))
        later = Instant(at + 2 * SECOND)
        self._plan(later, events.DigitPressed(at=later, call=command.call, digit="1"))

    def _dial(self, command: commands.Dial, at: Instant) -> None:
        self._at_once.append(events.LegRinging(at=at, call=command.call, leg=command.leg))
        later = Instant(at + round(RING_S * SECOND))
        self._plan(later, events.LegAnswered(at=later, call=command.call, leg=command.leg))

    def _bridge(self, command: commands.Bridge, at: Instant) -> None:
        self._connected.add(command.call)
        later = Instant(at + round(self.callers[int(command.call)].talk * SECOND))
        self._plan(later, events.CallerHungUp(at=later, call=command.call))

    def _hang_up_leg(self, command: commands.HangUpLeg, at: Instant) -> None:
        self._at_once.append(events.LegEnded(at=at, call=command.call, leg=command.leg, cause=Cause.NORMAL))

    def _queued(self, fact: facts.Queued, at: Instant) -> None:
        later = Instant(at + round(self.callers[int(fact.call)].patience * SECOND))
        self._plan(later, events.CallerHungUp(at=later, call=fact.call), patience=True)

    def _talk_ended(self, fact: facts.TalkEnded, at: Instant) -> None:
        self.served += 1
        if self.books is not None:
            self._charge(self.books, fact.talk)

    def _charge(self, books: Transaction, talk: Talk) -> None:
        charge = rate(usage_of(talk), PLAN)
        key = call_key(talk.call, talk.number)
        books.ledger.post(call_entry(key, talk.center, charge.posted, talk.answered_at, Act(at=talk.ended_at)))
