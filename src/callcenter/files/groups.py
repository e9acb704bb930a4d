"""``[center.*.group.*]`` → agent groups: who answers, how phones ring, how the line waits, and when it is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from callcenter.files.agents import found_agent
from callcenter.files.fields import (
    DIGITS,
    Given,
    holidays,
    keys,
    label,
    levels,
    phone,
    phone_or_none,
    positive,
    refuse_twice,
    window,
)
from callcenter.files.reader import Node, Table, listed, nearest
from callcenter.files.targets import Aims
from callcenter.files.trees import caller_class
from callcenter.model.directory import (
    Absence,
    AgentGroup,
    AgingStep,
    Extension,
    GroupKind,
    LineAnnouncement,
    LineOrder,
    Member,
    RingKind,
    RingMode,
    VipCustomer,
)
from callcenter.model.hours import Window
from callcenter.model.ids import AgentId, GroupId, PromptName, ShortNumber
from callcenter.model.times import SECOND, Duration
from callcenter.model.tree import HANGUP, CallerClass, Target

STICKY: Final = "sticky"
RANKINGS: Final = (
    "round_robin",
    "priority",
    "longest_idle",
    "least_recent",
    "fewest_calls",
    "least_talk_time",
    "random",
    "weighted",
    STICKY,
)
_ZERO: Final = Duration(0)


def read_group(
    group_id: GroupId, table: Table, agents: Mapping[AgentId, AgentId], aims: Aims, given: Given
) -> AgentGroup:
    """Return a group.

    Args:
        group_id: Its id in its center.
        table: Its table.
        agents: The agents of the center: the key by which one is found → its id as written.
        aims: Where its targets are noted.
        given: Rankings and calendars.
    """
    kind = table.choice("kind", GroupKind)
    group = AgentGroup(
        id=group_id,
        kind=kind,
        name=table.text("name", ""),
        note=table.text("note", ""),
        members=_members(table, agents) if kind is GroupKind.LOGIN else (),
        extensions=_extensions(table) if kind is GroupKind.EXTENSION else (),
        ring=_ring(table),
        ranking=_ranking(table, "ranking", {*RANKINGS, *given.rankings}),
        fallback=_ranking(table, "fallback", {*RANKINGS, *given.rankings} - {STICKY}),
        sticky=table.seconds("sticky_s", Duration(86_400 * SECOND)),
        ring_timeout=positive(table, "ring_timeout_s", Duration(15 * SECOND)),
        restart=table.flag("restart", True),
        retry_delay=table.seconds("retry_delay_s", _ZERO),
        tier_wait=table.seconds("tier_wait_s", _ZERO),
        wrap_up=table.seconds("wrap_up_s", _ZERO),
        requires=tuple(levels(table, "requires").items()),
        order=table.choice("order", LineOrder, LineOrder.STRICT),
        head_start=_head_start(table),
        aging=tuple(_aging(row) for row in table.rows("aging")),
        max_wait=table.seconds("max_wait_s", _ZERO),
        max_length=table.whole("max_length", 0),
        join_empty=_absences(table, "join_empty"),
        leave_when_empty=_absences(table, "leave_when_empty"),
        on_timeout=aims.get(table, "on_timeout", HANGUP),
        on_full=aims.get(table, "on_full", HANGUP),
        on_empty=_on_empty(table, aims),
        exit_key=_exit_key(table),
        on_exit_key=aims.get(table, "on_exit_key", HANGUP),
        hold_music=label(table, "hold_music"),
        ring_back=label(table, "ring_back"),
        whisper=label(table, "whisper"),
        announce_agent_id=table.flag("announce_agent_id", False),
        announce=_announce(table),
        service_level=table.seconds("service_level_s", Duration(20 * SECOND)),
        short_abandon=table.seconds("short_abandon_s", Duration(5 * SECOND)),
        hours=tuple(_hours(row) for row in table.rows("hours")),
        holidays=holidays(table, "holidays", given),
        holiday_prompt=label(table, "holiday_prompt"),
        holiday_target=aims.get(table, "holiday_target", None),
        vip=_vip(table),
    )
    table.done()
    if kind is GroupKind.EXTENSION:
        _refuse_inapplicable(table, group)
    return group


def _refuse_inapplicable(table: Table, group: AgentGroup) -> None:
    """Refuse what only people who log in can have: skills, tiers, wrap-up. Zero and empty say nothing and pass."""
    wrong = {
        "requires": bool(group.requires),
        "tier_wait_s": group.tier_wait > 0,
        "wrap_up_s": group.wrap_up > 0,
        "aging": any(step.tier is not None or step.drop for step in group.aging),
    }
    for key, said in wrong.items():
        if said:
            raise table.error("E134", key, name=key, where='kind = "extension"')


def _members(table: Table, agents: Mapping[AgentId, AgentId]) -> tuple[Member, ...]:
    nodes = table.items("members")
    found = tuple(_member(node, agents) for node in nodes)
    refuse_twice((member.agent, node) for member, node in zip(found, nodes, strict=True))
    return found


def _member(node: Node, agents: Mapping[AgentId, AgentId]) -> Member:
    if not isinstance(node.value, Mapping):
        return Member(agent=found_agent(node, agents))
    row = node.table()
    member = Member(
        agent=found_agent(row.need("agent", '"CC1001"'), agents),
        tier=row.whole("tier", 0),
        weight=row.whole("weight", 1, low=1),
    )
    row.done()
    return member


def _extensions(table: Table) -> tuple[Extension, ...]:
    found = []
    for row in table.rows("extensions"):
        found.append(
            Extension(short=ShortNumber(keys(row.need("short", '"801"'), DIGITS)), long=phone_or_none(row, "long"))
        )
        row.done()
    return tuple(found)


def _ring(table: Table) -> RingMode:
    node = table.get("ring")
    if node is None:
        return RingMode()
    kind, colon, number = node.text().partition(":")
    if node.value in {"single", "all", "all:snapshot"}:
        return RingMode(kind=RingKind(node.value))
    amount = Node(_number(number), node.source, node.path)
    if colon and kind == "parallel" and type(amount.value) is int:
        return RingMode(kind=RingKind.PARALLEL, count=amount.whole(low=1))
    if colon and kind == "progressive" and amount.value is not None:
        interval = amount.seconds()
        if interval == 0:
            raise node.error("E105", rule="> 0")
        return RingMode(kind=RingKind.PROGRESSIVE, interval=interval)
    forms = ("single", "all", "all:snapshot", "parallel:N", "progressive:SECONDS")
    raise node.error("E106", near=nearest(node.text(), forms), known=listed(forms))


def _number(text: str) -> int | float | None:
    """Return a plain decimal number, None for any other text."""
    if len(text) > 12 or not text.isascii() or not text.replace(".", "", 1).isdigit():
        return None
    return int(text) if text.isdigit() else float(text)


def _ranking(table: Table, key: str, known: set[str]) -> str:
    node = table.get(key)
    if node is None:
        return "round_robin"
    if node.text() not in known:
        raise node.error("E106", near=nearest(node.text(), sorted(known)), known=listed(sorted(known)))
    return node.text()


def _head_start(table: Table) -> dict[CallerClass, Duration]:
    inner = table.table("head_start_s", None)
    if inner is None:
        if table.choice("order", LineOrder, LineOrder.STRICT) is LineOrder.HEAD_START:
            raise table.error("E103", name="head_start_s", example="{ vip = 20, important = 40, honored = 60 }")
        return {}
    classes: list[CallerClass] = [each for each in CallerClass if each is not CallerClass.NORMAL]
    found = {each: inner.seconds(each.word, _ZERO) for each in classes}
    inner.done()
    return found


def _aging(row: Table) -> AgingStep:
    step = AgingStep(
        after=row.seconds("after_s"),
        caller_class=caller_class(row, "class", None),
        tier=row.whole("tier", None),
        drop=row.texts("drop"),
    )
    row.done()
    if step.caller_class is None and step.tier is None and not step.drop:
        raise row.error("E103", name="class", example='"vip"')
    return step


def _absences(table: Table, key: str) -> frozenset[Absence]:
    nodes = table.items(key)
    found = [node.choice(Absence) for node in nodes]
    refuse_twice(zip(found, nodes, strict=True))
    return frozenset(found)


def _on_empty(table: Table, aims: Aims) -> Target:
    node = table.get("on_empty")
    return HANGUP if node is None else aims.read(node, returns=True)


def _exit_key(table: Table) -> str:
    node = table.get("exit_key")
    if node is None or node.value == "":
        return ""
    if len(keys(node)) > 1:
        raise node.error("E104", example='"*"')
    return node.text()


def _announce(table: Table) -> LineAnnouncement | None:
    inner = table.table("announce", None)
    if inner is None:
        return None
    found = LineAnnouncement(
        first=inner.seconds("first_s", Duration(30 * SECOND)),
        every=positive(inner, "every_s", Duration(60 * SECOND)),
        position=inner.flag("position", True),
        estimate=inner.flag("estimate", True),
        prompts=tuple(PromptName(text) for text in inner.texts("prompts")),
    )
    inner.done()
    return found


def _hours(row: Table) -> Window:
    found = window(row)
    row.done()
    return found


def _vip(table: Table) -> tuple[VipCustomer, ...]:
    found, nodes = [], []
    for row in table.rows("vip"):
        number = row.need("number", '"013900000001"')
        row.text("note", "")  # for the people who keep the file
        found.append(
            VipCustomer(
                number=phone(number),
                name=row.text("name", ""),
                caller_class=caller_class(row, "class", CallerClass.VIP),
            )
        )
        row.done()
        nodes.append(number)
    refuse_twice((customer.number, node) for customer, node in zip(found, nodes, strict=True))
    return tuple(found)
