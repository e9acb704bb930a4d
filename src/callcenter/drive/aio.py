"""The driver for asyncio: events from an async iterator, commands to a coroutine, one task, no threads.

The host has no switch of its own here (``CallCenterHost(store, None, …)``): its commands are taken one by one and awaited,
each marked as sent only then. So a crash while a command is on its way sends it again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final, Protocol, runtime_checkable

from callcenter.center import CallCenterHost, Live
from callcenter.center.census import ASK_EVERY
from callcenter.drive.clock import Clock, SteadyClock
from callcenter.drive.pump import Came, Pump
from callcenter.errors import CallCenterError
from callcenter.model.commands import SwitchCommand
from callcenter.model.times import SECOND, Instant


class AsyncLine(Protocol):
    """A switch that is spoken to in coroutines. It may have ``async def live()`` as well."""

    def events(self) -> AsyncIterator[Came]:
        """Yield what comes, as it comes; end when there will be no more."""
        ...

    async def perform(self, command: SwitchCommand) -> None:
        """Obey one command; what it does is told by events.

        Raises:
            CallCenterError: (or OSError) when the switch cannot be reached; the command comes again.
        """
        ...


@runtime_checkable
class AsyncTellsLive(Protocol):
    """A switch that can tell what it has up."""

    async def live(self) -> Live:
        """Return everything that is up now for the centers of this host."""
        ...


async def serve(host: CallCenterHost, switch: AsyncLine, *, clock: Clock | None = None) -> None:
    """Keep a host going on a switch until there are no more events; then stop cleanly.

    Begins with a recovery. Raises what a recovery raises; later failures of store or switch are waited out.

    Args:
        host: Made without a switch.
        switch: Reports and obeys.
        clock: Whose time it is; absent: the machine's, made steady.
    """
    server = _Server(host, switch, clock or SteadyClock())
    await server.serve()


class _Server:
    def __init__(self, host: CallCenterHost, switch: AsyncLine, clock: Clock) -> None:
        self._host: Final = host
        self._switch: Final = switch
        self._teller: Final = switch if isinstance(switch, AsyncTellsLive) else None
        self._clock: Final = clock
        self._pump: Final = Pump(host, clock)
        self._ask_at = clock.now()

    async def serve(self) -> None:
        self._host.recover()
        await self._round()
        arrivals = aiter(self._switch.events())
        upcoming = asyncio.ensure_future(_next(arrivals))
        try:
            while True:
                if self._pump.away:
                    await self._clock.wait(None, self._pump.timeout())
                else:
                    await self._clock.wait(upcoming, self._timeout())
                if upcoming.done() and not self._pump.away:
                    if isinstance(came := upcoming.result(), _End):
                        break
                    upcoming = asyncio.ensure_future(_next(arrivals))
                    self._pump.take(came)
                await self._round()
        finally:
            upcoming.cancel()
        self._host.save()

    def _timeout(self) -> float | None:
        timeout = self._pump.timeout()
        if self._teller is None:
            return timeout
        ask = max(0, self._ask_at - self._clock.now()) / SECOND
        return ask if timeout is None else min(timeout, ask)

    async def _round(self) -> None:
        """Let happen what is due, ask what is up, and hand over what was decided."""
        await self._ask()
        self._pump.go()
        try:
            while self._pump.refused:
                await self._switch.perform(self._pump.refused[0])
                self._pump.refused.popleft()
            await self._hand_over()
        except (CallCenterError, OSError) as error:
            self._host.listener_errors.append(error)

    async def _hand_over(self) -> None:
        while (command := self._host.next_command()) is not None:
            try:
                await self._switch.perform(command)
            except (CallCenterError, OSError):
                raise
            except Exception as error:  # noqa: BLE001 - a mistake of the adapter silences nobody
                self._host.listener_errors.append(error)
            self._host.command_sent()

    async def _ask(self) -> None:
        now = self._clock.now()
        if self._teller is None or now < self._ask_at or self._pump.away:
            return
        self._ask_at = Instant(now + ASK_EVERY)
        try:
            self._host.reconcile(await self._teller.live(), now, again=True)
        except (CallCenterError, OSError) as error:
            self._host.listener_errors.append(error)


class _End:
    """There are no more events."""


async def _next(arrivals: AsyncIterator[Came]) -> Came | _End:
    try:
        return await anext(arrivals)
    except StopAsyncIteration:
        return _End()
