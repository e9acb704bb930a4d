"""For each kind of target: keys that name something of every relation, each with the node that it lies at.

None for a node: there is nothing of that name. A new kind of target needs its keys here, or the matrix fails.
"""

from __future__ import annotations

from typing import Any, Final

from tests.admin.worlds import PARENTS, agent, group

from callcenter.admin.things import BlacklistRef, ExtensionRef, VipRef
from callcenter.model.ids import CenterId, ShortNumber

_NODES: Final = ("platform", *PARENTS)


def _of(level: str) -> list[tuple[str, str | None]]:
    return [(node.partition(":")[2], node) for node in _NODES if node.startswith(f"{level}:")]


def _inside(level: str) -> list[tuple[str, str, str]]:
    return [(*name.split("/"), node) for name, node in _of(level) if node is not None]  # type: ignore[misc]


_VIP: Final = "02855500001"
_NO_GROUP: Final = group("demo", "77")

KEYS: Final[dict[str, list[tuple[Any, str | None]]]] = {
    "platform": [(None, "platform")],
    "reseller": [*_of("reseller"), ("nobody", None), ("", None)],
    "enterprise": [*_of("enterprise"), ("nobody", None)],
    "center": [*_of("center"), ("nobody", None), ("DEMO", None)],
    "group": [*((group(center, id), node) for center, id, node in _inside("group")), (group("demo", "77"), None)],
    "agent": [*((agent(center, id), node) for center, id, node in _inside("agent")), (agent("nobody", "A1"), None)],
    "tenant": [*((node, node) for node in _NODES), ("center:nobody", None), ("nonsense", None), ("reseller:", None)],
    "login": [("nobody", None), ("demo/a1", "agent:demo/A1"), ("west", "reseller:west"), ("far", "center:far")],
    "vip": [
        *((VipRef(group=group(center, id), number=_VIP), node) for center, id, node in _inside("group") if id == "1"),
        (VipRef(group=_NO_GROUP, number=_VIP), None),
    ],
    "extension": [
        *(
            (ExtensionRef(group=group(center, id), short=ShortNumber("801")), node)
            for center, id, node in _inside("group")
            if id == "8"
        ),
        (ExtensionRef(group=_NO_GROUP, short=ShortNumber("801")), None),
    ],
    "blacklisted": [
        *(
            (BlacklistRef(center=CenterId(id), number="013900009999"), node)
            for id, node in _of("center")
            if id in {"demo", "demo2", "far"}
        ),
        (BlacklistRef(center=CenterId("nobody"), number="013900009999"), None),
    ],
}
