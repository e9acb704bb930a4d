"""The store is away in mid-call: nothing can be decided, and the calls that live must not live for ever.

While no step can be committed no event is taken in; it stays with who reported it, and comes again. What is up on the
switch goes on by itself. How long it may is the policy. What it ends, it ends at the switch alone, and remembers: when
the store is back, these ends are taken in at the times at which they were, between the events that waited.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from callcenter.billing.limits import next_increment
from callcenter.center.desk import Meter
from callcenter.model.ids import CallId
from callcenter.model.times import SECOND, Duration, Instant
from callcenter.model.words import Word

RETRY_FOR: Final = Duration(30 * SECOND)
"""How long :attr:`StoreAway.RETRY_AND_TERMINATE` waits for the store."""


class StoreAway(Word):
    """What becomes of live calls while the store is away."""

    TERMINATE = "terminate"
    """They end at once."""
    CONTINUE = "continue"
    """Each talk goes on as far as money is held for it."""
    RETRY_AND_TERMINATE = "retry_and_terminate"
    """They end when the store is not back within 30 s, and before that where no money is held."""


def paid_until(meter: Meter) -> Instant | None:
    """Return until when the hold of a talk pays for it: it covers the increments begun and one more; None: no end."""
    if meter.answered_at is None or meter.plan is None or meter.tick is None:
        return meter.until
    held = next_increment(meter.answered_at, meter.tick, meter.plan, meter.caller, meter.called, meter.tags)
    return held if meter.until is None else min(held, meter.until)


class Outage:
    """One time after the other in which the store is away.

    Args:
        policy: What becomes of live calls.

    Attributes:
        since: The first step that failed; None: the store is there.
    """

    def __init__(self, policy: StoreAway) -> None:
        self.since: Instant | None = None
        self._policy: Final = policy
        self._ended: set[CallId] = set()
        self._cuts: deque[tuple[Instant, CallId]] = deque()
        self._taken = 0

    def begin(self, at: Instant) -> None:
        """Take note that a step could not be kept."""
        self._taken = 0
        if self.since is None:
            self.since = at

    def over(self) -> None:
        """Take note that steps were kept, and with them the ends that they took in."""
        if self.since is not None:
            self.since = None
            self._ended.clear()
        for _ in range(self._taken):
            self._cuts.popleft()
        self._taken = 0

    def cuts(self, until: Instant) -> Iterator[tuple[Instant, CallId]]:
        """Yield the ends up to a moment that are not taken in yet, in order; a step that is kept has taken them in."""
        while self._taken < len(self._cuts) and self._cuts[self._taken][0] <= until:
            self._taken += 1
            yield self._cuts[self._taken - 1]

    def next_cut(self) -> Instant | None:
        """Return the time of the first end that no step has kept yet, or None."""
        return self._cuts[0][0] if self._cuts else None

    def to_end(self, live: Iterable[CallId], meter_of: Callable[[CallId], Meter | None], now: Instant) -> list[CallId]:
        """Return the calls that have to end now, each once in an outage; none while the store is there.

        Args:
            live: The calls of the last step that was kept.
            meter_of: Finds the money side of one; None: the step that failed was about its end.
            now: The time.
        """
        if self.since is None:
            return []
        whole = self._policy is StoreAway.TERMINATE
        whole |= self._policy is StoreAway.RETRY_AND_TERMINATE and now >= self.since + RETRY_FOR
        found = [call for call in live if call not in self._ended and (whole or _unpaid(meter_of(call), now))]
        self._ended.update(found)
        self._cuts.extend((now, call) for call in found)
        return found


def _unpaid(meter: Meter | None, now: Instant) -> bool:
    if meter is None:
        return True
    until = paid_until(meter) if meter.answered_at is not None else None
    return until is not None and now >= until
