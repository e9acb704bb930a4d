"""The plug board: switch → engine → store → billing, one transaction per event.

:class:`CallCenterHost` is the one place that holds ports. Read ``step`` for what one transaction does, ``till`` for the
money in it, ``books`` for what operators and jobs post, ``recovery`` for how an engine comes back after a crash.
"""

from __future__ import annotations

from callcenter.center.census import Live, TellsLive
from callcenter.center.host import CallCenterHost
from callcenter.center.incoming import Incoming
from callcenter.center.outage import StoreAway
from callcenter.center.surroundings import Surroundings

__all__ = ["CallCenterHost", "Incoming", "Live", "StoreAway", "Surroundings", "TellsLive"]
