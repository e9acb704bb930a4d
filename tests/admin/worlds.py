"""A small house for the tests of the console: two resellers, four enterprises, five centers, and who works there."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import callcenter.admin
from callcenter.admin import Caller, Console, Principal
from callcenter.admin.hashing import Hasher, Scrypt
from callcenter.admin.tenants import AgentRef, GroupRef, node_of
from callcenter.billing.entries import Act, call_entry, call_key
from callcenter.center.office import Office
from callcenter.compat import override
from callcenter.model.ids import AgentId, CallId, CenterId, GroupId, RecordingId, VoicemailName
from callcenter.model.money import fen
from callcenter.model.records import (
    CallRecord,
    ChargeKind,
    ChargeLine,
    Party,
    PartyKind,
    RecordOutcome,
    VoicemailMessage,
)
from callcenter.model.times import SECOND, Duration, Instant, parse_instant
from callcenter.model.tree import CallerClass
from callcenter.ports import Store, Transaction
from callcenter.ports_people import LogIn, LogInId, Role
from callcenter.store import MemoryStore

NOW: Final = parse_instant("2009-02-03T10:00:00+08:00")
CHEAP: Final = Hasher(Scrypt(ln=1, r=1, p=1))
"""Hashes that cost nothing: what they cost is promised by one test with the real ones."""

PARENTS: Final = {
    "reseller:west": "platform",
    "reseller:east": "platform",
    "enterprise:acme": "reseller:west",
    "enterprise:brook": "reseller:west",
    "enterprise:cedar": "reseller:east",
    "center:demo": "enterprise:acme",
    "center:demo2": "enterprise:acme",
    "center:brook1": "enterprise:brook",
    "center:far": "enterprise:cedar",
    "center:alone": "platform",
    **{f"group:{center}/{id}": f"center:{center}" for center in ("demo", "demo2", "far") for id in ("1", "2", "8")},
    **{
        f"agent:{center}/{id}": f"center:{center}" for center in ("demo", "demo2", "far") for id in ("BOSS", "A1", "A2")
    },
}
"""Every node of the house but the top, and what it stands under."""
TEAM: Final = frozenset({"group:demo/1", "agent:demo/A1"})
"""What the supervisor ``demo/BOSS`` has under it: BOSS and A1 are in group 1, A2 is in group 2."""
LOG_INS: Final = {"demo/a1": "agent:demo/A1", "west": "reseller:west", "far": "center:far", "acme": "enterprise:acme"}
STANDS: Final = {
    Role.PLATFORM: "platform",
    Role.RESELLER: "reseller:west",
    Role.ENTERPRISE: "enterprise:acme",
    Role.CENTER: "center:demo",
    Role.SUPERVISOR: "agent:demo/BOSS",
    Role.AGENT: "agent:demo/A1",
    Role.AUDITOR: "reseller:west",
}


def center(number: int, enterprise: str | None, *, staffed: bool) -> dict[str, Any]:
    """Return the table of a center."""
    table: dict[str, Any] = {
        "access_number": f"9599000{number}",
        "login": f"400000000{number}",
        "ivr": "hangup",
        "created": f"2009-01-0{number}",
        "balance_fen": "5000.00",
        "rate": "flat12",
        "note": f"note {number}",
    }
    if enterprise is not None:
        table["enterprise"] = enterprise
    if staffed:
        table["agent"] = {
            name: {"phone": f"0139000{number:02}0{at:02}", "level": "supervisor" if name == "BOSS" else "agent"}
            for at, name in enumerate(("BOSS", "A1", "A2"))
        }
        table["group"] = {
            "1": {"kind": "login", "members": ["BOSS", "A1"], "vip": [{"number": "02855500001", "name": "Blue Heron"}]},
            "2": {"kind": "login", "members": ["A2"]},
            "8": {"kind": "extension", "extensions": [{"short": "801", "long": "02855500011"}]},
        }
        table["blacklist"] = ["013900009999"]
    return table


def shop(*, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the house as parsed TOML, without some nodes (and then without what they carry)."""
    steps = [{"from_s": 0, "price_fen": "12", "per_s": 60, "increment_s": 60}]
    contact = {"phone": "02855500090", "address": "Lane 1", "postcode": "610000"}
    data: dict[str, Any] = {
        "schema": 1,
        "reseller": {"west": {"name": "West", "balance_fen": "100000.00"}, "east": {"name": "East"}},
        "enterprise": {
            "acme": {"reseller": "west", "name": "Acme", **contact},
            "brook": {"reseller": "west", "name": "Brook", **contact},
            "cedar": {"reseller": "east", "name": "Cedar", **contact},
        },
        "center": {
            "demo": center(1, "acme", staffed=True),
            "demo2": center(2, "acme", staffed=True),
            "brook1": center(3, "brook", staffed=False),
            "far": center(4, "cedar", staffed=True),
            "alone": center(5, None, staffed=False),
        },
        "rate": {"flat12": {"versions": [{"effective_from": "2008-01-01", "rules": [{"steps": steps}]}]}},
    }
    for text in without:
        node = node_of(text)
        inner = data["center"][node.center][node.level.value] if node.center else data[node.level.value]
        del inner[node.id]
    return data


def house(store: Store | None = None, **more: Any) -> Console:
    """Return a console over the house, in a store of its own."""
    kept = store if store is not None else MemoryStore()
    data = more.pop("data", None) or shop()
    Office(kept).load(data, Instant(NOW - 1))
    with kept.transaction() as tx:
        live_a_little(tx, data)
        for id, tenant in LOG_INS.items():
            node = node_of(tenant)
            if node.center or node.id in data[node.level.value]:
                tx.people.add(
                    LogIn(
                        id=LogInId(id),
                        name=id,
                        role=Role(node.level.value),
                        tenant=tenant,
                        secret="",
                        created_at=NOW,
                        created_by="",
                    )
                )
    return Console(kept, **more)


def live_a_little(tx: Transaction, data: dict[str, Any]) -> None:
    """Let each center with people have had one call, recorded and charged, and one message."""
    for id in ("demo", "demo2", "far"):
        if id in data["center"]:
            a_call(tx, CenterId(id), CallId(f"{id}-c1"))
            a_message(tx, CenterId(id), CallId(f"{id}-m1"))


CALLED: Final = Instant(NOW - 3600 * SECOND)


def a_call(
    tx: Transaction, center: CenterId, call: CallId, *, agent: str = "A1", group: str = "1", at: Instant = CALLED
) -> None:
    """Let a call of a center have been answered after 13 s and have lasted 37 s, for 12.00 fen."""
    answered, ended = Instant(at + 13 * SECOND), Instant(at + 50 * SECOND)
    number, price = f"9599000{list(PARENTS).index(f'center:{center}')}", fen("12.00")
    tx.records.add_call(
        CallRecord(
            center=center,
            call=call,
            ref="",
            access_number=number,
            caller="013900007777",
            name="",
            caller_class=CallerClass.NORMAL,
            group=GroupId(group),
            party=Party(kind=PartyKind.AGENT, id=agent),
            phone="013900000001",
            outcome=RecordOutcome.ANSWERED,
            reason="",
            queued_at=at,
            answered_at=answered,
            ended_at=ended,
            wait=Duration(13 * SECOND),
            talk=Duration(37 * SECOND),
            recording=RecordingId(f"{call}/R1"),
        )
    )
    key = call_key(call, 1)
    tx.ledger.post(call_entry(key, center, price, answered, Act(at=ended)))
    tx.records.add_charge(
        ChargeLine(
            key=key,
            kind=ChargeKind.CALL,
            center=center,
            caller="013900007777",
            access_number=number,
            agent_phone="013900000001",
            ring_at=at,
            answered_at=answered,
            ended_at=ended,
            seconds=37,
            amount=price,
        )
    )


def a_message(tx: Transaction, center: CenterId, call: CallId) -> None:
    """Let a caller of a center have left a message."""
    tx.records.add_voicemail(
        VoicemailMessage(
            center=center,
            call=call,
            box=VoicemailName("box"),
            caller="013900007777",
            at=CALLED,
            length=Duration(9 * SECOND),
            recording=RecordingId(f"{call}/R1"),
        )
    )


def principal(role: Role, tenant: str = "") -> Principal:
    """Return somebody of a role, where the house has one."""
    return Principal(name=f"a {role.value}", role=role, node=node_of(tenant or STANDS[role]), address="192.0.2.7")


def caller(console: Console, role: Role, tenant: str = "") -> Caller:
    """Return somebody of a role at a console."""
    return console.as_(principal(role, tenant))


def import_all() -> None:
    """Import every module of the room, so that every use case is registered."""
    for found in pkgutil.walk_packages(callcenter.admin.__path__, "callcenter.admin."):
        importlib.import_module(found.name)


def group(center: str, id: str) -> GroupRef:
    """Return a group."""
    return GroupRef(center=CenterId(center), group=GroupId(id))


def agent(center: str, id: str) -> AgentRef:
    """Return an agent."""
    return AgentRef(center=CenterId(center), agent=AgentId(id))


class CountingStore(MemoryStore):
    """A memory store that writes down what is asked of it.

    Attributes:
        asked: ``part.method`` of each call, in order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    @override
    @contextmanager
    def transaction(self) -> Iterator[Any]:
        self.asked.append("begin")
        with super().transaction() as parts:
            yield _Watched(parts, self.asked)
        self.asked.append("commit")


class _Watched:
    """The parts of a transaction, each behind a watch."""

    def __init__(self, parts: Transaction, asked: list[str]) -> None:
        self._parts, self._asked = parts, asked

    def __getattr__(self, name: str) -> Any:
        return _Part(name, getattr(self._parts, name), self._asked)


class _Part:
    """A part of a transaction that writes down what is asked of it."""

    def __init__(self, name: str, part: object, asked: list[str]) -> None:
        self._name, self._part, self._asked = name, part, asked

    def __getattr__(self, name: str) -> Any:
        self._asked.append(f"{self._name}.{name}")
        return getattr(self._part, name)
