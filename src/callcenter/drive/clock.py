"""A clock that nobody sets while calls go on.

The time of day of a machine is set forward and back by people and daemons; a talk must not get longer by it. So time is
the hour at the start and what a steady counter added since. That the machine's clock has jumped is noted, and followed
only when no call lives, and never back.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Protocol

from callcenter.compat import override
from callcenter.model.times import SECOND, Duration, Instant
from callcenter.model.value import value

STEP: Final = SECOND
"""What the machine's clock may be off before it counts as set."""


@value
class Jump:
    """The machine's clock was set.

    Attributes:
        at: When it was seen.
        by: How far it is ahead of the steady one; below zero: behind.
    """

    at: Instant
    by: Duration


class Clock(Protocol):
    """What a driver asks for the time, and waits by."""

    def now(self) -> Instant:
        """Return the time; it never goes back."""
        ...

    def idle(self) -> None:
        """Take note that no call lives: whatever is to be set may be set now."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...

    async def wait(self, task: asyncio.Future[Any] | None, seconds: float | None) -> None:
        """Wait for a task, or so long (None: as long as it takes), whichever comes first."""
        ...


class SteadyClock(Clock):
    """The hour at the start, and what a steady counter added.

    Args:
        wall: Nanoseconds since 1970, as the machine has it.
        steady: Nanoseconds of a counter that is never set.

    Attributes:
        jumps: The last times the machine's clock was set.
    """

    def __init__(self, wall: Callable[[], int] = time.time_ns, steady: Callable[[], int] = time.monotonic_ns) -> None:
        self.jumps: deque[Jump] = deque(maxlen=100)
        self._wall: Final = wall
        self._steady: Final = steady
        self._offset = wall() - steady()

    @override
    def now(self) -> Instant:
        """Return the time in microseconds UTC."""
        at = Instant((self._steady() + self._offset) // 1000)
        by = Duration(self._wall() // 1000 - at)
        known = self.jumps[-1].by if self.jumps else 0
        if abs(by) > STEP and abs(by - known) > STEP:
            self.jumps.append(Jump(at=at, by=by))
        return at

    @override
    def idle(self) -> None:
        """Follow the machine's clock, if it is ahead."""
        self._offset = max(self._offset, self._wall() - self._steady())

    @override
    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    @override
    async def wait(self, task: asyncio.Future[Any] | None, seconds: float | None) -> None:
        """Wait for a task, or so long."""
        if task is None:
            await asyncio.sleep(seconds or 0)
        else:
            await asyncio.wait((task,), timeout=seconds)
