"""``[center.*]`` → call centers with their agents, groups, boxes, caps and the terms of their rent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from callcenter.billing.rent_terms import RentPlan, RentTerms
from callcenter.files.agents import read_agents
from callcenter.files.fields import (
    Given,
    date_or_none,
    label,
    last_day,
    named,
    phone,
    phone_or_none,
    positive,
    refuse_twice,
    zone_name,
)
from callcenter.files.groups import read_group
from callcenter.files.reader import Node, Table, listed, nearest
from callcenter.files.targets import Aim, Aims, read_target
from callcenter.model.directory import (
    Agent,
    AgentGroup,
    BlacklistEntry,
    CallCenter,
    Caps,
    CenterStatus,
    Destination,
    GroupKind,
    LineOrder,
    Voicemail,
)
from callcenter.model.ids import (
    AgentId,
    CenterId,
    EnterpriseId,
    GroupId,
    PlanName,
    TreeName,
    VoicemailName,
    agent_key,
)
from callcenter.model.money import ZERO
from callcenter.model.times import SECOND, Duration, zone
from callcenter.model.tree import BARE_TARGETS, HANGUP, NODE_TARGETS, IvrTree, Target, TargetKind
from callcenter.model.value import value

_DEFAULT_ZONE: Final = "Asia/Shanghai"


@value
class Around:
    """What a center may refer to in the rest of the file."""

    given: Given
    trees: Mapping[TreeName, IvrTree]
    rates: frozenset[str]
    enterprises: frozenset[EnterpriseId]


def read_center(
    center_id: CenterId, table: Table, around: Around, found: list[Aim]
) -> tuple[CallCenter, RentTerms | None]:
    """Return a center and the terms of its rent; its targets are noted in ``found``."""
    aims = Aims(found=found, center=center_id)
    timezone = zone_name(table, "timezone", _DEFAULT_ZONE)
    today = around.given.day(zone(timezone))
    created = date_or_none(table, "created") or today
    status = table.choice("status", CenterStatus, CenterStatus.ACTIVE)
    closed = last_day(table, created)
    agents = read_agents(table, created)
    access_number = phone(table.need("access_number", '"95990001"'))
    center = CallCenter(
        id=center_id,
        access_number=access_number,
        ivr=_ivr(table.need("ivr", '"main"'), around.trees, aims),
        login=phone_or_none(table, "login") or access_number,
        note=table.text("note", ""),
        enterprise=_enterprise(table, around),
        code=table.text("code", ""),
        timezone=timezone,
        status=status,
        created=created,
        closed=max(today, created) if status is CenterStatus.CLOSED and closed is None else closed,
        opening=table.money("balance_fen", ZERO, negative=True),
        credit_limit=table.money("credit_limit_fen", ZERO),
        rate=plan_name(table, "rate", around.rates),
        blacklist=_blacklist(table),
        caps=_caps(table),
        destinations=_destinations(table),
        agents=agents,
        groups=_groups(table, agents, aims, around.given),
        voicemails={
            VoicemailName(name): _voicemail(VoicemailName(name), inner)
            for name, inner in named(table, "voicemail").items()
        },
    )
    rent = _rent(table, created)
    table.done()
    return center, rent


def plan_name(table: Table, key: str, rates: frozenset[str]) -> PlanName | None:
    """Return the name of a rate plan of the file; None when it is absent."""
    node = table.get(key)
    if node is not None and node.text() not in rates:
        raise node.error("E107", near=nearest(node.text(), sorted(rates)), known=listed(sorted(rates)))
    return None if node is None else PlanName(node.text())


def _ivr(node: Node, trees: Mapping[TreeName, IvrTree], aims: Aims) -> Target:
    """Return where callers go after the answer: a tree by its bare name, or a target that needs no tree around it."""
    if node.text() in trees:
        return Target(kind=TargetKind.TREE, name=node.text())
    if ":" not in node.text() and node.text() != HANGUP.kind.value:
        raise node.error("E107", near=nearest(node.text(), trees), known=listed(trees))
    target = read_target(node)
    if target.kind in NODE_TARGETS or (target.kind in BARE_TARGETS and target != HANGUP):
        raise node.error("E104", example='"group:1"')
    aims.note(node, target)
    return target


def _enterprise(table: Table, around: Around) -> EnterpriseId | None:
    node = table.get("enterprise")
    if node is None:
        return None
    found = EnterpriseId(node.text())
    if found not in around.enterprises:
        known = sorted(around.enterprises)
        raise node.error("E107", near=nearest(found, known), known=listed(known))
    return found


def _groups(table: Table, agents: Mapping[AgentId, Agent], aims: Aims, given: Given) -> dict[GroupId, AgentGroup]:
    by_key = {agent_key(name): name for name in agents}
    tables = named(table, "group")
    found = {GroupId(name): read_group(GroupId(name), inner, by_key, aims, given) for name, inner in tables.items()}
    _refuse_shared_shorts(found, tables)
    _refuse_mixed_order(found, tables)
    return found


def _refuse_shared_shorts(groups: Mapping[GroupId, AgentGroup], tables: Mapping[str, Table]) -> None:
    """A short number is one phone of its center."""
    written: dict[str, Table] = {}
    for group in groups.values():
        rows = tables[group.id].rows("extensions") if group.kind is GroupKind.EXTENSION else ()
        for row in rows:
            other = written.setdefault(row.text("short"), row)
            if other is not row:
                raise row.error("E132", "short", other=other.place)


def _refuse_mixed_order(groups: Mapping[GroupId, AgentGroup], tables: Mapping[str, Table]) -> None:
    """Groups that share agents share one order of callers, so it must be of one kind."""
    of_agent: dict[AgentId, AgentGroup] = {}
    for group in groups.values():
        for member in group.members:
            other = of_agent.setdefault(member.agent, group)
            if (other.order is LineOrder.STRICT) != (group.order is LineOrder.STRICT):
                key = "order" if "order" in tables[group.id] else "members"
                raise tables[group.id].error("E135", key, first=other.id, second=group.id, agent=member.agent)


def _voicemail(name: VoicemailName, table: Table) -> Voicemail:
    box = Voicemail(
        name=name,
        greeting=label(table, "greeting"),
        max_length=positive(table, "max_s", Duration(120 * SECOND)),
    )
    table.done()
    return box


def _blacklist(table: Table) -> tuple[BlacklistEntry, ...]:
    nodes = table.items("blacklist")
    found = tuple(_blacklisted(node) for node in nodes)
    refuse_twice((entry.number, node) for entry, node in zip(found, nodes, strict=True))
    return found


def _blacklisted(node: Node) -> BlacklistEntry:
    if not isinstance(node.value, Mapping):
        return BlacklistEntry(number=phone(node))
    row = node.table()
    entry = BlacklistEntry(number=phone(row.need("number", '"013900000001"')), name=row.text("name", ""))
    row.text("note", "")  # for the people who keep the file
    row.done()
    return entry


def _caps(table: Table) -> Caps:
    inner = table.table("caps", None)
    default = Caps()
    if inner is None:
        return default
    caps = Caps(
        concurrent_calls=inner.whole("concurrent_calls", 0),
        calls_per_minute=inner.whole("calls_per_minute", 0),
        talk=inner.seconds("talk_s", Duration(14_400 * SECOND)),
        day=inner.money("day_fen", ZERO),
    )
    inner.done()
    return caps


def _destinations(table: Table) -> frozenset[Destination]:
    if "destinations" not in table:
        table.get("destinations")
        return frozenset({Destination.DOMESTIC})
    nodes = table.items("destinations")
    found = [node.choice(Destination) for node in nodes]
    refuse_twice(zip(found, nodes, strict=True))
    return frozenset(found)


def _rent(table: Table, created: date) -> RentTerms | None:
    inner = table.table("rent", None)
    if inner is None:
        return None
    terms = RentTerms(
        anchor=date_or_none(inner, "anchor") or created,
        plan=inner.choice("plan", RentPlan, RentPlan.FIXED_DAILY),
        seat_month=inner.money("seat_month_fen", ZERO),
        minimum_month=inner.money("minimum_month_fen", ZERO),
        grace_days=inner.whole("grace_days", 1, high=366),
    )
    inner.done()
    return terms
