"""A clock that is moved by hand, and a switch that plays from a list: drivers without a second or a thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from callcenter.center import Live
from callcenter.compat import override
from callcenter.drive import Clock
from callcenter.drive.pump import Came
from callcenter.errors import SwitchError
from callcenter.model import commands, events
from callcenter.model.ids import AgentId, CallId, LegId
from callcenter.model.times import Instant, seconds

ANN, C1, LEG = AgentId("A"), CallId("c1"), LegId("c1/L2")


class FakeClock(Clock):
    """Time passes when somebody waits."""

    def __init__(self, start: Instant) -> None:
        self.at = start
        self.start = start
        self.idled = 0
        self.alarms: list[tuple[Instant, asyncio.Future[None]]] = []

    @override
    def now(self) -> Instant:
        return self.at

    @override
    def idle(self) -> None:
        self.idled += 1

    @override
    def sleep(self, seconds: float) -> None:
        self.at = Instant(self.at + round(seconds * 1_000_000))

    @override
    async def wait(self, task: asyncio.Future[Any] | None, seconds: float | None) -> None:
        await _settled()
        if task is not None and task.done():
            return
        ends = [] if seconds is None else [Instant(self.at + round(seconds * 1_000_000))]
        self.at = max(self.at, min([*ends, *(at for at, _ in self.alarms)]))
        for at, alarm in self.alarms:
            if at <= self.at:
                alarm.set_result(None)
        self.alarms = [(at, alarm) for at, alarm in self.alarms if at > self.at]
        await _settled()

    async def until(self, at: Instant) -> None:
        """Return when it is so late."""
        if self.at < at:
            alarm: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.alarms.append((at, alarm))
            await alarm


async def _settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


class Story:
    """Events by the second at which they come.

    Args:
        clock: Of the world.
        rows: Second and event (made of the instant), in order.

    Attributes:
        told: Seconds and commands.
        down: From and until when the switch cannot be reached.
    """

    def __init__(self, clock: FakeClock, *rows: tuple[float, Callable[[Instant], Came]]) -> None:
        self.clock = clock
        self.rows = list(rows)
        self.told: list[tuple[float, commands.SwitchCommand]] = []
        self.down = (0.0, 0.0)

    def at(self, after: float) -> Instant:
        return Instant(self.clock.start + seconds(after))

    def now(self) -> float:
        return (self.clock.at - self.clock.start) / 1_000_000

    def obey(self, command: commands.SwitchCommand) -> None:
        if self.down[0] <= self.now() < self.down[1]:
            raise SwitchError("E601", event="nothing", state="away")
        self.told.append((self.now(), command))

    def names(self) -> list[tuple[float, str]]:
        return [(at, type(command).__name__) for at, command in self.told]


class SyncStory(Story):
    """The story for the driver that waits."""

    def events(self, timeout: Callable[[], float | None]) -> Iterator[Came]:
        while self.rows:
            after, make = self.rows[0]
            wait, longest = (self.at(after) - self.clock.at) / 1_000_000, timeout()
            if longest is not None and longest < wait:
                self.clock.sleep(longest)
                yield None
            else:
                self.clock.sleep(max(0, wait))
                self.rows.pop(0)
                yield make(self.at(after))

    def perform(self, command: commands.SwitchCommand) -> None:
        self.obey(command)


class AsyncStory(Story):
    """The same for asyncio."""

    async def events(self) -> AsyncIterator[Came]:
        while self.rows:
            after, make = self.rows[0]
            await self.clock.until(self.at(after))
            self.rows.pop(0)
            yield make(self.at(after))

    async def perform(self, command: commands.SwitchCommand) -> None:
        await asyncio.sleep(0)
        self.obey(command)


class TellingSync(SyncStory):
    """One that tells what it has up."""

    up = Live()

    def live(self) -> Live:
        return self.up


class TellingAsync(AsyncStory):
    """One that tells what it has up."""

    up = Live()

    async def live(self) -> Live:
        await asyncio.sleep(0)
        return self.up


def a_call() -> list[tuple[float, Callable[[Instant], Came]]]:
    """Return a day in which A logs in and answers c1 at 15; nobody hangs up."""
    return [
        (0, lambda at: [events.AgentLoggedIn(at=at, agent=ANN), events.AgentReady(at=at, agent=ANN)]),
        (10, lambda at: events.CallOffered(at=at, call=C1, caller="013900001111", dialled="95990001")),
        (10, lambda at: events.CallAnswered(at=at, call=C1)),
        (15, lambda at: events.LegAnswered(at=at, call=C1, leg=LEG)),
    ]


def leaves(at: Instant) -> Came:
    return events.CallerHungUp(at=at, call=C1)
