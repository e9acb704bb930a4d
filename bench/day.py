"""The world of P1 and P2: an engine, a heap, callers who press 1, phones that answer after two seconds.

It is as bare as a driver can be: what takes no time is answered at once, credit is always granted, talks are rated and
posted into a ledger in memory. The events that went in are kept, so that P2 can replay them.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Sequence

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
    """

    def __init__(self, center: CenterConfig, callers: Sequence[Customer], books: Transaction | None) -> None:
        self.engine = Engine(center, seed=1)
        self.callers = callers
        self.books = books
        self.journal: list[Event] = []
        self.served = 0
        self._heap: list[tuple[int, int, bool, Event]] = []
        self._planned = 0
        self._at_once: deque[Event] = deque()
        self._connected: set[CallId] = set()
        for agent in center.center.agents.values():
            self._tell(events.AgentLoggedIn(at=START, agent=agent.id))
            self._tell(events.AgentReady(at=START, agent=agent.id))
        for place, caller in enumerate(callers):
            number = vip(place % VIPS) if caller.vip else f"0138{place:08}"
            at = Instant(START + round(caller.at * SECOND))
            self._plan(at, events.CallOffered(at=at, call=CallId(str(place)), caller=number, dialled="95990001"))

    def run(self) -> int:
        """Live the day; return how many callers were served."""
        heap, engine = self._heap, self.engine
        while heap:
            due = engine.next_deadline()
            if due is not None and due < heap[0][0]:
                self._follow(engine.handle_timer(due), due)
                continue
            _, _, patience, event = heapq.heappop(heap)
            if patience and event.call in self._connected:  # type: ignore[union-attr]
                continue
            self._tell(event)
        return self.served

    def _plan(self, at: Instant, event: Event, *, patience: bool = False) -> None:
        self._planned += 1
        heapq.heappush(self._heap, (at, self._planned, patience, event))

    def _tell(self, event: Event) -> None:
        self.journal.append(event)
        self._follow(self.engine.handle(event), event.at)
        while self._at_once:
            event = self._at_once.popleft()
            self.journal.append(event)
            self._follow(self.engine.handle(event), event.at)

    def _follow(self, outcome: Outcome, at: Instant) -> None:
        """Do as a switch would with the commands, and as a host would with the facts."""
        for command in outcome.commands:
            match command:
                case commands.AskCredit(call=call):
                    self._at_once.append(events.CreditGranted(at=at, call=call))
                case commands.Answer(call=call):
                    self._at_once.append(events.CallAnswered(at=at, call=call))
                    later = Instant(at + 2 * SECOND)
                    self._plan(later, events.DigitPressed(at=later, call=call, digit="1"))
                case commands.Dial(call=call, leg=leg):
                    self._at_once.append(events.LegRinging(at=at, call=call, leg=leg))
                    later = Instant(at + round(RING_S * SECOND))
                    self._plan(later, events.LegAnswered(at=later, call=call, leg=leg))
                case commands.Bridge(call=call):
                    self._connected.add(call)
                    later = Instant(at + round(self.callers[int(call)].talk * SECOND))
                    self._plan(later, events.CallerHungUp(at=later, call=call))
                case commands.HangUpLeg(call=call, leg=leg):
                    self._at_once.append(events.LegEnded(at=at, call=call, leg=leg, cause=Cause.NORMAL))
                case _:
                    continue
        for fact in outcome.facts:
            match fact:
                case facts.Queued(call=call):
                    later = Instant(at + round(self.callers[int(call)].patience * SECOND))
                    self._plan(later, events.CallerHungUp(at=later, call=call), patience=True)
                case facts.TalkEnded(talk=talk):
                    self.served += 1
                    if self.books is not None:
                        self._charge(self.books, talk)
                case _:
                    continue

    def _charge(self, books: Transaction, talk: Talk) -> None:
        charge = rate(usage_of(talk), PLAN)
        key = call_key(talk.call, talk.number)
        books.ledger.post(call_entry(key, talk.center, charge.posted, talk.answered_at, Act(at=talk.ended_at)))
