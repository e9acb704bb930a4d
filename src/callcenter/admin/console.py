"""The console: one facade over a store, with a live host beside it or without, for everybody who may come in.

``console.as_(principal)`` is somebody at the console; use cases take it as their first argument.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

from callcenter.admin.policy import POLICY, Policy
from callcenter.admin.principal import Principal, Standing
from callcenter.admin.reach import visible
from callcenter.admin.services import Services
from callcenter.admin.tenants import Place, Relation
from callcenter.center.archive import Read, plain_read
from callcenter.center.host import CallCenterHost
from callcenter.center.jobs import Job
from callcenter.center.office import Office
from callcenter.files.shop import Shop
from callcenter.model.times import Instant
from callcenter.model.value import changed, value
from callcenter.ports import Store
from callcenter.ports_people import Role

_REMEMBERED: Final = 64


class Console:
    """Everything that a web page over the library needs, safe by default.

    Args:
        store: Where all is kept.
        host: The live host over this store, if there is one: changes then go through it, beside its calls. Used by
            the thread of the host.
        services: What use cases need besides.
        policy: Who may do what.
        read: How a shop is read, with the calendars and rankings that are registered.
    """

    def __init__(
        self,
        store: Store,
        *,
        host: CallCenterHost | None = None,
        services: Services | None = None,
        policy: Policy = POLICY,
        read: Read = plain_read,
    ) -> None:
        self.host: Final = host
        self.policy: Final = policy
        self.services: Final = changed(services or Services(), host=host, reading=store.transaction)
        self._office: Final = Office(store, read)
        self._seen: OrderedDict[tuple[object, ...], tuple[Shop, Shop]] = OrderedDict()

    def as_(self, principal: Principal) -> Caller:
        """Return somebody at this console."""
        return Caller(console=self, principal=principal)

    def change(self, now: Instant) -> AbstractContextManager[Job]:
        """Open the transaction of a change: of the live host, if there is one."""
        opened: Callable[[Instant], AbstractContextManager[Job]] = (
            self._office.job if self.host is None else self.host.job
        )
        return opened(now)

    def look(self, now: Instant) -> AbstractContextManager[Job]:
        """Open the transaction of what changes neither shop nor books."""
        return self._office.job(now)

    def visible(self, shop: Shop, who: Standing, relations: frozenset[Relation]) -> Shop:
        """Return the part of the shop that lies to a principal in some relations; the last ones are remembered."""
        place: Place = who.place
        role: Role = who.principal.role
        key = (place, role, relations)
        known = self._seen.get(key)
        if known is None or known[0] is not shop:
            known = self._seen[key] = (shop, visible(shop, who, relations))
            while len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        return known[1]


@value
class Caller:
    """Somebody at a console."""

    console: Console
    principal: Principal
