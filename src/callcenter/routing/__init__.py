"""WHO TALKS TO WHOM, pure: the waiting line, who may be offered, in which order, and how many phones ring.

One decision runs ``line → eligible → tier → ranking → ring mode``. The engine holds the state and asks these
functions; nothing here knows a call's life, a clock or a store.
"""

from __future__ import annotations

from callcenter.routing.line import Line, Ticket
from callcenter.routing.pool import Pool
from callcenter.routing.ranking import RANKINGS, GroupMemory, KeyOf, MemberView, Ranking
from callcenter.routing.ringing import phones_wanted

__all__ = ["RANKINGS", "GroupMemory", "KeyOf", "Line", "MemberView", "Pool", "Ranking", "Ticket", "phones_wanted"]
