"""P5: one routed call - it joins the line, an agent hangs up, the best caller is rung and talks - on growing floors.

The whole engine does it, through the public ``handle``, with so many callers waiting before it and so many agents
talking. The peer is SimPy's priority resource, which keeps its line in a sorted list, at the same lengths.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Generator
from typing import Any

import simpy
from bench.day import START, config
from bench.kernel import Row, row

from callcenter.engine import Engine, Outcome
from callcenter.model import commands, events
from callcenter.model.directory import CenterConfig
from callcenter.model.events import Cause, Event
from callcenter.model.ids import CallId, LegId
from callcenter.model.times import SECOND, Instant
from callcenter.model.value import changed

QUICK = ((10, 10), (10_000, 10), (10, 1_000), (10_000, 1_000))
FULL = ((10, 10), (1_000, 10), (100_000, 10), (10, 10_000), (100_000, 10_000))
ROUNDS = 1_000


class Busy:
    """An engine whose agents all talk, with callers waiting.

    Args:
        waiting: Callers in the line.
        agents: All in a talk.
    """

    def __init__(self, waiting: int, agents: int) -> None:
        self.engine = Engine(without_wrap_up(config(agents)), seed=1)
        self.now = START
        self.calls = 0
        self.talks: dict[CallId, LegId] = {}
        self.order: list[CallId] = []
        self.dice = random.Random(7)
        for agent in self.engine.config.center.agents.values():
            self.tell(events.AgentLoggedIn(at=self.now, agent=agent.id))
            self.tell(events.AgentReady(at=self.now, agent=agent.id))
        for _ in range(agents + waiting):
            self.join()

    def join(self) -> None:
        """Let a caller come into the line."""
        self.calls += 1
        self.now = Instant(self.now + SECOND // 100)
        call, caller = CallId(str(self.calls)), f"0138{self.calls:08}"
        self.tell(events.CallOffered(at=self.now, call=call, caller=caller, dialled="95990001"))

    def routed(self) -> None:
        """Let one join and one talk end: the next caller is rung, answered and talks."""
        self.join()
        place = self.dice.randrange(len(self.order))
        self.order[place], self.order[-1] = self.order[-1], self.order[place]
        self.tell(events.CallerHungUp(at=self.now, call=self.order.pop()))

    def tell(self, event: Event) -> None:
        later = self.follow(self.engine.handle(event), event.at)
        while later:
            later += self.follow(self.engine.handle(later.pop(0)), event.at)

    def follow(self, outcome: Outcome, at: Instant) -> list[Event]:
        found: list[Event] = []
        for command in outcome.commands:
            match command:
                case commands.AskCredit(call=call):
                    found.append(events.CreditGranted(at=at, call=call))
                case commands.Answer(call=call):
                    found.append(events.CallAnswered(at=at, call=call))
                case commands.Dial(call=call, leg=leg):
                    found.append(events.LegAnswered(at=at, call=call, leg=leg))
                case commands.Bridge(call=call):
                    self.order.append(call)
                case commands.HangUpLeg(call=call, leg=leg):
                    found.append(events.LegEnded(at=at, call=call, leg=leg, cause=Cause.NORMAL))
                case _:
                    continue
        return found


def without_wrap_up(center: CenterConfig) -> CenterConfig:
    """Return a center whose group is reached without a menu, and whose agents are free at once."""
    from callcenter.model.tree import parse_target

    target = parse_target("group:1")
    assert target is not None
    groups = {id: changed(group, wrap_up=0) for id, group in center.center.groups.items()}
    return changed(center, center=changed(center.center, groups=groups, ivr=target))


def ours(waiting: int, agents: int) -> float:
    """Return the median seconds of a routed call."""
    floor = Busy(waiting, agents)
    gc.collect()
    gc.freeze()
    taken = []
    for _ in range(5):
        begin = time.process_time()
        for _ in range(ROUNDS // 5):
            floor.routed()
        taken.append((time.process_time() - begin) / (ROUNDS // 5))
    gc.unfreeze()
    return sorted(taken)[2]


def by_simpy(waiting: int, agents: int) -> float:
    """Return the seconds of a customer of SimPy with the same line before it."""
    world = simpy.Environment()
    staff = simpy.PriorityResource(world, capacity=agents)
    dice = random.Random(7)

    def customer() -> Generator[simpy.Event, Any, Any]:
        with staff.request(priority=dice.randrange(2)) as wanted:
            yield wanted
            yield world.timeout(agents * 0.01)

    def source() -> Generator[simpy.Event, Any, Any]:
        while True:
            world.process(customer())
            yield world.timeout(0.01)

    for _ in range(agents + waiting):
        world.process(customer())
    world.process(source())
    world.run(until=0.001)
    begin = time.process_time()
    world.run(until=0.01 * ROUNDS)
    return (time.process_time() - begin) / ROUNDS


def run(*, full: bool = False) -> list[Row]:
    """Return a row for each cell; ``full`` goes to 100 000 waiting and 10 000 agents."""
    rows: list[Row] = []
    cells = FULL if full else QUICK
    for name, way in (("ours", ours), ("SimPy", by_simpy)):
        taken = {cell: way(*cell) for cell in cells}
        best = min(taken.values())
        for (waiting, agents), seconds in taken.items():
            goal = "<= 1.5" if name == "ours" and seconds == max(taken.values()) else ""
            what = f"{name}: {waiting:,} waiting, {agents:,} agents"
            rows.append(row("P5", what, 1, seconds, ratio=seconds / best, ratio_to="best cell", goal=goal))
    return rows


if __name__ == "__main__":
    import sys

    for item in run(full="--full" in sys.argv):
        print(f"{item['what']:<42}{item['seconds'] * 1e6:>12.1f} us{item['ratio']:>9.2f}")
