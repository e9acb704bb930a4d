"""What both drivers do: timers before the events they precede, one commit for what came together, patience.

Theory of operation. What came is held until it is durable, then acknowledged. While the store is away it stays held,
nothing more is read (so the limit of what waits is the switch's own), and the host is asked each second which calls may
not go on without it. An event that says it comes from the future is taken as of now: one wrong clock must not drag a
whole center along.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final, TypeAlias

from callcenter.center import CallCenterHost, Incoming
from callcenter.drive.clock import Clock
from callcenter.errors import StoreError, SwitchError
from callcenter.model import commands, events
from callcenter.model.events import Event
from callcenter.model.times import SECOND, Instant
from callcenter.model.value import changed

RETRY: Final = SECOND
"""From one try to the next, while the store or the switch is away."""
AHEAD: Final = 5 * SECOND
"""So far may the clock of a switch be before ours."""
BATCH: Final = 64
"""At most so many events share one commit."""

Came: TypeAlias = Event | Incoming | Sequence[Event | Incoming] | None
"""What a switch reports: an event, with what belongs to it or without, several that came together, or nothing."""


class Pump:
    """Keeps one host going.

    Args:
        host: The host.
        clock: Whose time it is.

    Attributes:
        refused: Commands for calls that could not be taken in, for the driver to hand over.
        ahead: How many events came from the future.
    """

    def __init__(self, host: CallCenterHost, clock: Clock) -> None:
        self.refused: Final[deque[commands.SwitchCommand]] = deque()
        self.ahead = 0
        self._host: Final = host
        self._clock: Final = clock
        self._held: deque[Incoming] = deque()
        self._retry_at: Instant | None = None

    @property
    def away(self) -> bool:
        """Whether the store is away: nothing more is to be read."""
        return self._retry_at is not None

    def timeout(self) -> float | None:
        """Return after how many seconds :meth:`go` has something to do; None: when something comes."""
        at = self._retry_at if self._retry_at is not None else self._host.next_deadline()
        timeout = None if at is None else max(0, at - self._clock.now()) / SECOND
        if not self._host.waiting and not self.refused:
            return timeout
        return RETRY / SECOND if timeout is None else min(timeout, RETRY / SECOND)

    def take(self, came: Came) -> None:
        """Take in what came, and let the timers fire that are due."""
        if came is not None:
            several = came if isinstance(came, Sequence) else (came,)
            self._held.extend(
                self._dated(each if isinstance(each, Incoming) else Incoming(event=each)) for each in several
            )
        self.go()

    def go(self) -> None:
        """Go on with what is held and what is due; where the store is away, try again later."""
        now = self._clock.now()
        try:
            while self._held:
                self._timers_before(self._held[0].event.at)
                self._feed([self._held[index] for index in range(min(BATCH, len(self._held)))])
            self._timers_before(Instant(now + 1))
        except StoreError as error:
            self._host.listener_errors.append(error)
            self._host.endure(now)
            self._retry_at = Instant(now + RETRY)
            return
        self._retry_at = None
        if self._host.waiting:
            self._host.send()
        if not any(desk.meters for desk in self._host.desks.values()):
            self._clock.idle()

    def _dated(self, given: Incoming) -> Incoming:
        now = self._clock.now()
        if given.event.at <= now + AHEAD:
            return given
        self.ahead += 1
        return changed(given, event=changed(given.event, at=now))

    def _timers_before(self, at: Instant) -> None:
        while (due := self._host.next_deadline()) is not None and due < at:
            self._host.handle_timers(due)

    def _feed(self, batch: list[Incoming]) -> None:
        try:
            self._host.handle_all(batch)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one wrong event must not stop those behind it
            if len(batch) > 1:
                for given in batch:
                    self._feed([given])
                return
            self._host.listener_errors.append(error)
            if isinstance(error, SwitchError) and isinstance(batch[0].event, events.CallOffered):
                self.refused.append(commands.Reject(call=batch[0].event.call, reason="congestion"))
        for given in batch:
            self._held.popleft()
            given.ack()
