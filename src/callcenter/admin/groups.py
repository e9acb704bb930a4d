"""Agent groups (坐席组): who is in them, how their phones ring, what their callers hear.

The platform makes groups. Who else may edit them is a row of the table: a center, unless the platform says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callcenter.admin.kinds import CENTER, GROUP, ref_text
from callcenter.admin.live import waiting_in
from callcenter.admin.marks import Marks, marks_of
from callcenter.admin.pages import FIRST, Ask, Page, paged
from callcenter.admin.tables import add_table, set_fields
from callcenter.admin.tenants import GroupRef
from callcenter.admin.trees import refuse_foreign_trees
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing, use_case
from callcenter.errors import UsageError
from callcenter.files.changes import REMOVED
from callcenter.model.directory import AgentGroup, GroupKind, Member
from callcenter.model.ids import AgentId, CenterId, GroupId, agent_key
from callcenter.model.value import value


@value
class GroupRow:
    """A group as a console shows it.

    Attributes:
        members: Agents or extensions in it.
        waiting: Callers in it that nobody talks to; None without a live host.
    """

    ref: GroupRef
    group: AgentGroup
    members: int
    waiting: int | None = None
    marks: Marks = Marks()


@listing("groups.list")
def list_(
    turn: Turn, ask: Ask = FIRST, *, center: CenterId | None = None, name: str = "", kind: GroupKind | None = None
) -> Page[GroupRow]:
    """Return the groups that are seen, by center and id.

    Args:
        turn: The run.
        ask: Which page.
        center: Only of this one.
        name: A part of id or name, in any case of letters.
        kind: Only of this kind.
    """
    wanted = name.casefold()
    found = (
        (GroupRef(center=own.id, group=group.id), group)
        for own in turn.shop.centers.values()
        if center in {None, own.id}
        for group in own.groups.values()
        if wanted in f"{group.id}\n{group.name}".casefold() and kind in {None, group.kind}
    )
    page = paged(found, ask, lambda pair: (pair[0].center, pair[0].group))
    return page.each(lambda pair: _row(turn, *pair))


@use_case("groups.show", GROUP)
def show(turn: Turn, group: GroupRef) -> GroupRow:
    """Return a group with all that is set of it."""
    return _row(turn, group, turn.whole.centers[group.center].groups[group.group])


@use_case("groups.create", CENTER)
def create(
    turn: Turn,
    center: CenterId,
    id: str,
    kind: GroupKind,
    *,
    name: str = "",
    ring: str = "single",
    announce_agent_id: bool = False,
    holiday_prompt: str = "",
    note: str = "",
    reason: str = "",
) -> GroupRef:
    """Make a group of nobody yet.

    Args:
        turn: The run.
        center: Whose.
        id: Its number in the center.
        kind: Whether agents log in to it.
        name: Shown.
        ring: ``single``, ``all``, ``all:snapshot``, ``parallel:N``, ``progressive:SECONDS``.
        announce_agent_id: Whether the caller is told who answers.
        holiday_prompt: Label of a voice file.
        note: For people.
        reason: For the trail.

    Raises:
        UsageError: E562 and E563, for the id; E1xx, for what is no setting of a group.
    """
    content: Mapping[str, object] = {
        "kind": kind,
        "name": name,
        "ring": ring,
        "announce_agent_id": announce_agent_id,
        "holiday_prompt": holiday_prompt,
        "note": note,
    }
    add_table(turn, ("center", center, "group", id), content)
    ref = GroupRef(center=center, group=GroupId(id))
    turn.target = f"group:{ref_text(ref)}"
    return ref


@use_case("groups.edit", GROUP)
def edit(
    turn: Turn,
    group: GroupRef,
    *,
    name: str | None = None,
    ring: str | None = None,
    ranking: str | None = None,
    ring_timeout_s: int | None = None,
    wrap_up_s: int | None = None,
    max_wait_s: int | None = None,
    max_length: int | None = None,
    announce_agent_id: bool | None = None,
    hold_music: str | None = None,
    ring_back: str | None = None,
    holiday_prompt: str | None = None,
    holiday_target: str | None = None,
    note: str | None = None,
    reason: str = "",
) -> None:
    """Edit a group; what is None stays, and an empty label or target is taken away. The settings are those of a shop file.

    Args:
        turn: The run.
        group: Which.
        name: Shown.
        ring: How phones ring, see :func:`create`.
        ranking: In which order agents are rung: ``round_robin``, ``longest_idle`` …
        ring_timeout_s: How long a phone rings before the next is tried.
        wrap_up_s: Between a talk and the next call.
        max_wait_s: After which callers go elsewhere; 0: never.
        max_length: Of the line; 0: no limit.
        announce_agent_id: Whether the caller is told who answers.
        hold_music: Label of what callers hear who wait.
        ring_back: Label of what they hear while phones ring.
        holiday_prompt: Label of what they hear on holidays and outside hours.
        holiday_target: Where they go then.
        note: For people.
        reason: For the trail.

    Raises:
        UsageError: E1xx, for what is no setting of a group; E560, for what leads to somebody else's.
    """
    whole: dict[str, object] = {
        "name": name,
        "ring": ring,
        "ranking": ranking,
        "ring_timeout_s": ring_timeout_s,
        "wrap_up_s": wrap_up_s,
        "max_wait_s": max_wait_s,
        "max_length": max_length,
        "announce_agent_id": announce_agent_id,
        "note": note,
    }
    labels = {
        "hold_music": hold_music,
        "ring_back": ring_back,
        "holiday_prompt": holiday_prompt,
        "holiday_target": holiday_target,
    }
    whole |= {key: REMOVED if label == "" else label for key, label in labels.items()}
    with refuse_foreign_trees(turn, group.center):
        set_fields(turn, ("center", group.center, "group", group.group), whole)


@use_case("groups.set_members", GROUP)
def set_members(turn: Turn, group: GroupRef, members: tuple[Member, ...], *, reason: str = "") -> None:
    """Say who is in a group of agents, in the order in which they joined.

    Raises:
        UsageError: E587, for a group of extensions; E107 or E560, for somebody who is not in the center.
    """
    kept = turn.whole.centers[group.center].groups[group.group]
    if kept.kind is not GroupKind.LOGIN:
        raise UsageError("E587", group=kept.id, kind=kept.kind.value)
    set_fields(turn, ("center", group.center, "group", group.group), {"members": [_member(each) for each in members]})


def _member(member: Member) -> Any:
    if (member.tier, member.weight) == (0, 1):
        return member.agent
    return {"agent": member.agent, "tier": member.tier, "weight": member.weight}


def join(turn: Turn, center: CenterId, agent: AgentId, groups: tuple[GroupId, ...]) -> None:
    """Let an agent be in these groups and in no others; where it is already, its tier and weight stay.

    Raises:
        UsageError: E587, for a group of extensions; E560, for one that is not there.
    """
    own = turn.whole.centers[center].groups
    for id in groups:
        if id not in own:
            raise UsageError("E560", f"group.{id[:60]}")
        if own[id].kind is not GroupKind.LOGIN:
            raise UsageError("E587", group=id, kind=own[id].kind.value)
    for group in own.values():
        there = any(agent_key(member.agent) == agent_key(agent) for member in group.members)
        if there != (group.id in groups):
            rest = [_member(each) for each in group.members if agent_key(each.agent) != agent_key(agent)]
            members = rest if there else [*rest, agent]
            set_fields(turn, ("center", center, "group", group.id), {"members": members})


def _row(turn: Turn, ref: GroupRef, group: AgentGroup) -> GroupRow:
    return GroupRow(
        ref=ref,
        group=group,
        members=len(group.members) + len(group.extensions),
        waiting=waiting_in(turn, ref),
        marks=marks_of(turn, f"group:{ref_text(ref)}", "groups.create"),
    )
