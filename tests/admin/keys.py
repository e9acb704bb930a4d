"""For each kind of target: keys that name something of every relation, each with the node that it lies at.

None for a node: there is nothing of that name. A new kind of target needs its keys here, or the matrix fails.
"""

from __future__ import annotations

from typing import Any, Final

from tests.admin.worlds import CALLED, PARENTS, agent, group

from callcenter.admin.things import (
    BlacklistRef,
    ChargeRef,
    ExtensionRef,
    MessageRef,
    RecordRef,
    TreeRef,
    VipRef,
    VoiceRef,
)
from callcenter.model.ids import CallId, CenterId, PromptName, ShortNumber, TreeName

_NODES: Final = ("platform", *PARENTS)


def _of(level: str) -> list[tuple[str, str | None]]:
    return [(node.partition(":")[2], node) for node in _NODES if node.startswith(f"{level}:")]


def _inside(level: str) -> list[tuple[str, str, str]]:
    return [(*name.split("/"), node) for name, node in _of(level) if node is not None]  # type: ignore[misc]


_VIP: Final = "02855500001"
_NO_GROUP: Final = group("demo", "77")
_LABEL: Final = PromptName("welcome")
_LIVED: Final = ("demo", "demo2", "far")


def _record(center: str, call: str) -> RecordRef:
    return RecordRef(center=CenterId(center), call=CallId(call), at=CALLED)


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
    "voice": [
        *((VoiceRef(owner=node, label=_LABEL), node) for node in _NODES),
        *((VoiceRef(owner=owner, label=_LABEL), None) for owner in ("center:nobody", "nonsense")),
    ],
    "tree": [
        *((TreeRef(center=CenterId(id), tree=TreeName("main")), node) for id, node in _of("center")),
        (TreeRef(center=CenterId("nobody"), tree=TreeName("main")), None),
    ],
    "charge": [
        *((ChargeRef(center=CenterId(id), key=f"call:{id}-c1:1"), f"center:{id}") for id in _LIVED),
        (ChargeRef(center=CenterId("demo"), key="call:far-c1:1"), None),
        (ChargeRef(center=CenterId("nobody"), key="call:demo-c1:1"), None),
    ],
    "recording": [
        *((_record(id, f"{id}-c1"), f"agent:{id}/A1") for id in _LIVED),
        (_record("demo", "far-c1"), None),
        (_record("nobody", "demo-c1"), None),
    ],
    "message": [
        *((MessageRef(center=CenterId(id), call=CallId(f"{id}-m1"), at=CALLED), f"center:{id}") for id in _LIVED),
        (MessageRef(center=CenterId("demo"), call=CallId("far-m1"), at=CALLED), None),
    ],
}
