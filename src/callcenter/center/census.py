"""What the switch has up, asked and told to the centers: lost hang-ups never need a restart or an edited row.

A switch that can tell (:class:`TellsLive`) is asked after each recovery and then every 20 s, by the host's own timer;
the engines judge (:mod:`callcenter.engine.leases`). An idle center's list is empty and is not written down.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol, runtime_checkable

from callcenter.center.desk import Desk
from callcenter.errors import CallCenterError
from callcenter.model import events
from callcenter.model.ids import CallId, CenterId, LegId
from callcenter.model.times import SECOND, Duration, Instant
from callcenter.model.value import value

ASK_EVERY: Final = Duration(20 * SECOND)
"""From one list to the next."""
EXCUSED: Final = Duration(600 * SECOND)
"""So long after its return a host that cannot reach the switch, and hears nothing of it, takes that for no hang-ups."""


@value
class Live:
    """What a switch has up for the centers of a host.

    Attributes:
        calls: The callers' lines, by the ids of their offers.
        legs: The legs to phones, each with its call, by the ids of their ``Dial``.
    """

    calls: tuple[CallId, ...] = ()
    legs: tuple[tuple[CallId, LegId], ...] = ()


@runtime_checkable
class TellsLive(Protocol):
    """A switch that can tell what it has up."""

    def live(self) -> Live:
        """Return everything that is up now for the centers of this host, also what rings and what is not answered.

        Raises:
            CallCenterError: When the switch cannot be reached; it is asked again.
        """
        ...


class Asker:
    """Asks a switch now and then.

    Args:
        switch: Asked, if it can tell.
        at: The time.
        errors: Where it is noted that it could not be reached.

    Attributes:
        at: When it is asked next; None: never.
        excused: Whether it could not be reached just now, nor ever since the host came back.
    """

    def __init__(self, switch: object, at: Instant, errors: deque[Exception]) -> None:
        self._teller: Final = switch if isinstance(switch, TellsLive) else None
        self._errors: Final = errors
        self.at = Instant(at + ASK_EVERY) if self._teller is not None else None
        self.excused = False
        self._back: Instant | None = None

    def hurry(self, now: Instant) -> None:
        """Let it be asked now: the host has come back."""
        if self._teller is not None:
            self.at = self._back = now

    def heard(self, event: events.Event) -> None:
        """Take note that the switch told something of a call: it can be reached."""
        if self._back is not None and hasattr(event, "call"):
            self._back = None

    def ask(self, now: Instant) -> Live | None:
        """Return what is up, when it is time to ask; None else, and when the switch cannot be reached."""
        self.excused = False
        if self.at is None or now < self.at or self._teller is None:
            return None
        self.at = Instant(now + ASK_EVERY)
        try:
            found = self._teller.live()
        except (CallCenterError, OSError) as error:
            self._errors.append(error)
            self.excused = self._back is not None and now - self._back <= EXCUSED
            return None
        self._back, self.excused = None, False
        return found


def excuses(desks: Mapping[CenterId, Desk], at: Instant) -> Iterable[tuple[Desk, events.CallsReconciled]]:
    """Yield to each center that believes something to be up that nobody could have told of it."""
    for desk in tuple(desks.values()):
        if desk.engine.watches():
            yield desk, events.CallsReconciled(at=at, again=True, away=True)


def lists(
    live: Live, desks: Mapping[CenterId, Desk], desk_of: Callable[[CallId], Desk | None], at: Instant, *, again: bool
) -> Iterable[tuple[Desk, events.CallsReconciled]]:
    """Yield the list of each center that has something up, or believes that it has."""
    calls: dict[CenterId, list[CallId]] = {center: [] for center in desks}
    legs: dict[CenterId, list[tuple[CallId, LegId]]] = {center: [] for center in desks}
    for call in live.calls:
        desk = desk_of(call)
        if desk is not None:
            calls[desk.id].append(call)
    for call, leg in live.legs:
        desk = desk_of(call)
        if desk is not None:
            legs[desk.id].append((call, leg))
    for desk in tuple(desks.values()):
        if calls[desk.id] or legs[desk.id] or desk.engine.watches():
            lines, up = tuple(sorted(calls[desk.id])), tuple(sorted(legs[desk.id]))
            yield desk, events.CallsReconciled(at=at, calls=lines, legs=up, again=again)
