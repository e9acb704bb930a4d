"""A call center in a few lines: a shop, a store in memory and a simulated switch behind one object.

For the first five minutes, for notebooks and for tests of billing rules: what is said here in three words goes through
the same host, engine and rating as everything else. :class:`Floor` is the object, :class:`Menu` and :class:`Rent` say
what callers hear and what seats cost, a :class:`Call` is a caller whom the program leads through a call.

    >>> from callcenter import Floor, Menu, RatePlan, fen
    >>> floor = Floor("4000000001", rate=RatePlan.per_minute(fen(12)))
    >>> sales = floor.group("sales")
    >>> sales.agent("CC1001", phone="013900000001")
    >>> floor.ivr = Menu("welcome.wav", {"1": sales})
    >>> call = floor.at("2008-12-29 17:39:00").dial("013900001111").press("1")
    >>> print(call.answered_by("CC1001").talk(61).hang_up().record)
    013900001111 → CC1001  61 s  24.00 fen
"""

from __future__ import annotations

from callcenter.floor.call import Call
from callcenter.floor.floor import Floor
from callcenter.floor.plan import Group, Menu, Rent
from callcenter.floor.receipt import Receipt

__all__ = ["Call", "Floor", "Group", "Menu", "Receipt", "Rent"]
