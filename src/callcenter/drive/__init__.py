"""Drivers: the loops that keep a host going on a real switch, one for threads that wait and one for asyncio.

An adapter is one object with ``events()`` and ``perform(command)``. :func:`run` and :func:`serve` feed the host with
its events, let timers fire at their time, hand commands over, ask what is up, and hold what came back while the store
is away. Both are thin: what they share is :mod:`callcenter.drive.pump`.
"""

from __future__ import annotations

from callcenter.drive.aio import AsyncLine, serve
from callcenter.drive.clock import Clock, SteadyClock
from callcenter.drive.sync import SyncLine, run

__all__ = ["AsyncLine", "Clock", "SteadyClock", "SyncLine", "run", "serve"]
