"""What a console does: every page of it as a use case, with permissions, pages and an audit trail.

How to write a use case:

1. Give its action a row in :data:`callcenter.admin.policy.POLICY`: ``"vips.remove": _change(platform=BELOW, center=BELOW)``.
   Effects: ``_read``, ``_change``, ``_access`` (a showing that is noted). Relations: own, child, parent, to the *place*
   of what it acts on. Without a row the decorator refuses the module.
2. Write a function in the module of its theme, and decorate it. On one thing::

       @use_case("vips.remove", VIP)
       def remove(turn: Turn, vip: VipRef, *, reason: str = "") -> None:
           ...
           turn.change({path: entries})

   its key comes second and is of the kind named (:mod:`.kinds`; bring your own for new things). When it runs, the key is
   there and this principal may do this to it. Over all that somebody sees::

       @listing("vips.list")
       def list_(turn: Turn, ask: Ask = FIRST, *, number: str = "") -> Page[VipRow]:
           return paged(rows_of(turn.shop), ask, key)

3. Show only what is in ``turn.shop``: it is the part that this principal sees. ``turn.whole`` is for looking up beyond.
4. Change the shop by ``turn.change({path: value})`` (all or nothing; what stood and what stands goes into the trail), money
   by ``turn.job``. Refuse by raising :class:`~callcenter.errors.UsageError` before anything is changed.
5. A change takes ``reason`` as a keyword; entries of the books take ``turn.act``. ``turn.note`` adds to the row of the trail.
6. What it is given is what its annotations say, or is refused before it runs; texts are short and fit for every store.
7. It is called as ``vips.remove(me, now, key, reason="…")`` with ``me = console.as_(principal)``.

The matrix of the tests goes through every use case by itself; a new kind needs its keys there.
"""

from __future__ import annotations

from callcenter.admin.console import Caller, Console
from callcenter.admin.pages import Ask, Page
from callcenter.admin.principal import Principal

__all__ = ["Ask", "Caller", "Console", "Page", "Principal"]
