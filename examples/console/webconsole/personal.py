"""What agents and supervisors look at: their own records, and those of their groups; and sums that fit on one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from callcenter.admin import Ask, Caller, Page, calls, charges, groups, sessions
from callcenter.admin.pages import FIRST, paged
from callcenter.admin.tenants import AgentRef, GroupRef
from callcenter.model.ids import AgentId, CenterId, GroupId
from callcenter.model.times import Instant

__all__ = ["FIRST", "Whole", "group_calls", "group_sessions", "own", "own_calls", "own_sessions", "statistics", "team"]


@dataclass(frozen=True)
class Whole:
    """A page and what all of it comes to, as the lists of the library have it."""

    page: Page[Any]
    totals: Any


def own(me: Caller) -> AgentRef:
    """Return the agent who is asking."""
    node = me.principal.node
    return AgentRef(center=CenterId(node.center), agent=AgentId(node.id))


def team(me: Caller, now: Instant) -> tuple[groups.GroupRow, ...]:
    """Return the groups of the supervisor who is asking."""
    return groups.list_(me, now).rows


def own_calls(me: Caller, now: Instant, ask: Ask, **chosen: Any) -> calls.Calls:
    """Return what the one who is asking has answered."""
    return calls.of_agent(me, now, own(me), ask, **chosen)


def own_sessions(me: Caller, now: Instant, ask: Ask, **chosen: Any) -> sessions.Sessions:
    """Return how the one who is asking has worked."""
    return sessions.of_agent(me, now, own(me), ask, **chosen).ended


def group_calls(me: Caller, now: Instant, ask: Ask, group: GroupId | None = None, **chosen: Any) -> calls.Calls:
    """Return the calls of a group, the first one unless it is named."""
    return calls.of_group(me, now, _group(me, now, group), ask, **chosen)


def group_sessions(
    me: Caller, now: Instant, ask: Ask, group: GroupId | None = None, **chosen: Any
) -> sessions.Sessions:
    """Return how the agents of a group have worked, the first one unless it is named."""
    return sessions.of_group(me, now, _group(me, now, group), ask, **chosen)


def statistics(me: Caller, now: Instant, ask: Ask, **chosen: Any) -> Whole:
    """Return what calls cost by phone."""
    sums = charges.stats(me, now, **chosen)
    return Whole(paged(sums.rows, ask, lambda row: (row.access_number, row.phone)), sums)


def _group(me: Caller, now: Instant, group: GroupId | None) -> GroupRef:
    return GroupRef(center=own(me).center, group=team(me, now)[0].ref.group if group is None else group)
