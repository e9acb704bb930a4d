"""The floor at this moment: who waits in which group, where its agents are, and how the day went so far.

What is live comes from the host's engines, the day from the call records, so that both agree with what is written down.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

import attrs

from callcenter.admin.kinds import CENTER, GROUP
from callcenter.admin.live import Presence, presences, waiting_in
from callcenter.admin.tenants import GroupRef
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import use_case
from callcenter.model.directory import GroupKind
from callcenter.model.facts import AgentPhase
from callcenter.model.ids import AgentId, CenterId, agent_key
from callcenter.model.listing import CallFilter, CallTotals
from callcenter.model.times import zone
from callcenter.model.value import value


@value
class GroupFloor:
    """A group at this moment.

    Attributes:
        waiting: Callers that nobody talks to; None without a live host.
        people: Its agents by id, in the order of the group; None without a live host.
        phases: How many of them are in each state.
        today: What the visits of the local date came to.
    """

    ref: GroupRef
    name: str
    waiting: int | None
    people: Mapping[AgentId, Presence] | None = attrs.field(hash=False)
    phases: Mapping[AgentPhase, int] = attrs.field(hash=False)
    today: CallTotals


@use_case("floor.show", CENTER)
def show(turn: Turn, center: CenterId) -> tuple[GroupFloor, ...]:
    """Return the floor of a center, group by group: its wallboard."""
    return tuple(
        _floor(turn, GroupRef(center=center, group=group.id))
        for group in turn.whole.centers[center].groups.values()
        if group.kind is GroupKind.LOGIN
    )


@use_case("floor.of_group", GROUP)
def of_group(turn: Turn, group: GroupRef) -> GroupFloor:
    """Return the floor of one group: what its supervisor sees."""
    return _floor(turn, group)


def _floor(turn: Turn, ref: GroupRef) -> GroupFloor:
    center = turn.whole.centers[ref.center]
    group, there = center.groups[ref.group], presences(turn, ref.center)
    gone = Presence(phase=AgentPhase.LOGGED_OUT)
    people = None if there is None else {each.agent: there.get(agent_key(each.agent), gone) for each in group.members}
    place = zone(center.timezone)
    day = place.day(turn.now)
    today = CallFilter(
        centers=(ref.center,), start=place.at(day), end=place.at(day + timedelta(days=1)), group=ref.group
    )
    return GroupFloor(
        ref=ref,
        name=group.name,
        waiting=waiting_in(turn, ref),
        people=people,
        phases=Counter(each.phase for each in (people or {}).values()),
        today=turn.tx.lists.call_totals(today),
    )
