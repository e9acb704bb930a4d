"""Strategies for groups: who answers, how phones ring, how the line waits, and where it leads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st

from callcenter.model.directory import (
    Absence,
    AgentGroup,
    AgingStep,
    GroupKind,
    LineAnnouncement,
    LineOrder,
    Member,
    RingKind,
    RingMode,
)
from callcenter.model.ids import AgentId, GroupId, PromptName
from callcenter.model.times import DAY, HOUR, MINUTE, SECOND, Duration
from callcenter.model.tree import Target, TargetKind
from callcenter.model.value import changed
from callcenter.testing.strategies.people import ABOVE_NORMAL, extensions, vip_customers
from callcenter.testing.strategies.targets import aimed, drafts, outside, requirements
from callcenter.testing.strategies.words import KEYS, durations, holidays, ids, labels, texts, windows

RANKINGS: Final = (
    "round_robin",
    "priority",
    "longest_idle",
    "least_recent",
    "fewest_calls",
    "least_talk_time",
    "random",
    "weighted",
)
_UNNAMED: Final = GroupId("draft")
_NONE: Final = Duration(0)
_RETURN: Final = Target(kind=TargetKind.RETURN)


@cache
def ring_modes() -> st.SearchStrategy[RingMode]:
    """Return every ring mode, with the number that it needs."""
    plain = st.sampled_from([RingKind.SINGLE, RingKind.ALL, RingKind.SNAPSHOT]).map(lambda kind: RingMode(kind=kind))
    several = st.integers(1, 4).map(lambda count: RingMode(kind=RingKind.PARALLEL, count=count))
    steps = st.integers(1, 60).map(lambda s: RingMode(kind=RingKind.PROGRESSIVE, interval=Duration(s * SECOND)))
    return plain | several | steps


@cache
def aging_steps(*, tiers: bool = True) -> st.SearchStrategy[AgingStep]:
    """Return steps that raise a class; of login groups also such that open a tier or drop a skill."""
    raised = st.builds(AgingStep, after=durations(HOUR), caller_class=st.sampled_from(ABOVE_NORMAL))
    opened = st.builds(AgingStep, after=durations(HOUR), tier=st.integers(0, 3))
    dropped = st.builds(AgingStep, after=durations(HOUR), drop=st.just(("english",)))
    return raised | opened | dropped if tiers else raised


@cache
def line_announcements() -> st.SearchStrategy[LineAnnouncement]:
    """Return what the waiting hear."""
    return st.builds(
        LineAnnouncement,
        first=durations(HOUR),
        every=durations(HOUR, least=1),
        position=st.booleans(),
        estimate=st.booleans(),
        prompts=st.lists(labels().map(PromptName), max_size=2).map(tuple),
    )


@cache
def _members() -> st.SearchStrategy[tuple[Member, ...]]:
    """Return members by their place in a crew."""
    one = st.builds(
        Member, agent=st.integers(0, 3).map(lambda n: AgentId(str(n))), tier=st.integers(0, 2), weight=st.integers(1, 5)
    )
    return st.lists(one, max_size=4, unique_by=lambda member: member.agent).map(tuple)


@cache
def group_drafts(kind: GroupKind, order: LineOrder) -> st.SearchStrategy[AgentGroup]:
    """Return groups whose targets are drafts and whose members are places in a crew; an extension group has no phones.

    Args:
        kind: Of agents, or of extensions.
        order: Of its callers, which groups that share agents share as well.
    """
    label = st.none() | labels().map(PromptName)
    waits = st.just(_NONE) | durations(HOUR)
    absences = st.frozensets(st.sampled_from(Absence))
    starts = st.fixed_dictionaries({each: durations(HOUR) for each in ABOVE_NORMAL})
    of_agents: dict[str, st.SearchStrategy[Any]] = {
        "members": _members(),
        "requires": requirements(),
        "tier_wait": waits,
        "wrap_up": waits,
    }
    is_login = kind is GroupKind.LOGIN
    return st.builds(
        AgentGroup,
        id=st.just(_UNNAMED),
        kind=st.just(kind),
        name=texts(),
        note=texts(),
        ring=ring_modes(),
        ranking=st.sampled_from([*RANKINGS, "sticky"]),
        fallback=st.sampled_from(RANKINGS),
        sticky=durations(DAY),
        ring_timeout=durations(MINUTE, least=1),
        restart=st.booleans(),
        retry_delay=waits,
        order=st.just(order),
        head_start=starts if order is LineOrder.HEAD_START else st.just({}) | starts,
        aging=st.lists(aging_steps(tiers=is_login), max_size=2).map(tuple),
        max_wait=waits,
        max_length=st.integers(0, 5),
        join_empty=absences,
        leave_when_empty=absences,
        on_timeout=drafts(),
        on_full=drafts(),
        on_empty=drafts() | st.just(_RETURN),
        exit_key=st.just("") | st.sampled_from(KEYS),
        on_exit_key=drafts(),
        hold_music=label,
        ring_back=label,
        whisper=label,
        announce_agent_id=st.booleans(),
        announce=st.none() | line_announcements(),
        service_level=durations(HOUR),
        short_abandon=durations(HOUR),
        hours=st.lists(windows(), max_size=2).map(tuple),
        holidays=holidays(),
        holiday_prompt=label,
        holiday_target=st.none() | drafts(),
        vip=st.lists(vip_customers(), max_size=2, unique_by=lambda each: each.number).map(tuple),
        **(of_agents if is_login else {}),
    )


def settled(draft: AgentGroup, id: str, crew: Sequence[AgentId], pool: Sequence[Target]) -> AgentGroup:
    """Return a drafted group with its id, with members of a crew and targets of a pool."""
    placed = [(int(member.agent), member) for member in draft.members]
    members = tuple(changed(member, agent=crew[place]) for place, member in placed if place < len(crew))
    return changed(aimed(draft, pool), id=GroupId(id), members=members)


@st.composite
def groups(draw: st.DrawFn) -> AgentGroup:
    """Draw a group by itself; its members are ``0`` to ``3``, its targets need nothing around them."""
    kind, order = draw(st.sampled_from(GroupKind)), draw(st.sampled_from(LineOrder))
    group = settled(draw(group_drafts(kind, order)), draw(ids()), [AgentId(n) for n in "0123"], draw(outside()))
    if kind is GroupKind.LOGIN:
        return group
    return changed(group, extensions=tuple(draw(st.lists(extensions(), max_size=3, unique_by=lambda e: e.short))))
