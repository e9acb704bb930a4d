"""The driver for a thread that waits: a loop over the switch's events, with one timer that is armed anew each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from callcenter.center import CallCenterHost
from callcenter.compat import override
from callcenter.drive.clock import Clock, SteadyClock
from callcenter.drive.pump import Came, Pump
from callcenter.errors import CallCenterError
from callcenter.model.commands import SwitchCommand
from callcenter.ports import Switch


class SyncLine(Switch, Protocol):
    """A switch that reports to a thread that waits. It may have ``live()`` as well; then it is asked what is up."""

    def events(self, timeout: Callable[[], float | None]) -> Iterator[Came]:
        """Yield what comes, as it comes; end when there will be no more.

        Args:
            timeout: Asked before each wait: after so many seconds in which nothing came, None is to be yielded. None
                means to wait as long as it takes.
        """
        ...

    @override
    def perform(self, command: SwitchCommand) -> None:
        """Obey one command; what it does is told by events."""
        ...


def run(host: CallCenterHost, switch: SyncLine, *, clock: Clock | None = None) -> None:
    """Keep a host going on a switch until there are no more events; then stop cleanly.

    Begins with a recovery. Raises what a recovery raises; later failures of store or switch are waited out.

    Args:
        host: Made with this switch.
        switch: Reports and obeys.
        clock: Whose time it is; absent: the machine's, made steady.
    """
    clock = clock or SteadyClock()
    pump = Pump(host, clock)
    host.recover()
    pump.go()
    for came in switch.events(pump.timeout):
        pump.take(came)
        while pump.away:
            clock.sleep(pump.timeout() or 0)
            pump.go()
        _refuse(host, switch, pump)
    host.save()


def _refuse(host: CallCenterHost, switch: SyncLine, pump: Pump) -> None:
    """Hand over the refusals that are in no outbox, as far as the switch takes them."""
    try:
        while pump.refused:
            switch.perform(pump.refused[0])
            pump.refused.popleft()
    except (CallCenterError, OSError) as error:
        host.listener_errors.append(error)
