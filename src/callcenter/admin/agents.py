"""Agents (坐席人员): who they are, which phones they may log in with, and where they are at this moment.

A phone counts for log-ins when it is approved: an agent proposes it, its center or the platform approves it. The secret
of an agent is reset as any other (:mod:`callcenter.admin.logins`); nobody ever sees one.
"""

from __future__ import annotations

from callcenter.admin import phones
from callcenter.admin.groups import join
from callcenter.admin.kinds import AGENT, CENTER, ref_text
from callcenter.admin.live import Presence, log_out as log_out_live, presences
from callcenter.admin.marks import Marks, marks_of
from callcenter.admin.pages import FIRST, Ask, Page, paged
from callcenter.admin.tables import add_table, set_fields
from callcenter.admin.tenants import AgentRef, Level, Node
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing, use_case
from callcenter.errors import UsageError
from callcenter.model.directory import Agent, AgentLevel, AgentStatus, CallCenter
from callcenter.model.ids import AgentId, CenterId, GroupId, agent_key
from callcenter.model.numbers import normal
from callcenter.model.times import zone
from callcenter.model.value import value


@value
class AgentRow:
    """An agent as a console shows it; no secret is among what is shown.

    Attributes:
        groups: Those it is in.
        presence: Where it is; None without a live host.
        waiting: Phones that it proposed and that nobody has approved.
        marks: Who made it and changed it, and its last log-in with the address.
    """

    ref: AgentRef
    agent: Agent
    groups: tuple[GroupId, ...]
    presence: Presence | None = None
    waiting: tuple[phones.Proposed, ...] = ()
    marks: Marks = Marks()


@listing("agents.list")
def list_(
    turn: Turn,
    ask: Ask = FIRST,
    *,
    center: CenterId | None = None,
    group: GroupId | None = None,
    agent: str = "",
    phone: str = "",
    status: AgentStatus | None = None,
    level: AgentLevel | None = None,
) -> Page[AgentRow]:
    """Return the agents that are seen, by center and id.

    Args:
        turn: The run.
        ask: Which page.
        center: Only of this one.
        group: Only who is in a group of this id.
        agent: A part of id or name, in any case of letters.
        phone: A part of one of its phones.
        status: Only of this status.
        level: Only agents, or only supervisors.
    """
    wanted = agent.casefold()
    found = (
        (AgentRef(center=own.id, agent=each.id), each)
        for own in turn.shop.centers.values()
        if center in {None, own.id}
        for each in own.agents.values()
        if wanted in f"{each.id}\n{each.name}".casefold()
        and any(phone in number for number in (each.phone, *each.phones))
        and status in {None, status_of(each)}
        and level in {None, each.level}
        and (group is None or group in groups_of(own, each.id))
    )
    page = paged(found, ask, lambda pair: (pair[0].center, pair[0].agent))
    there = {id: presences(turn, id) for id in {ref.center for ref, _ in page.rows}}
    return page.each(lambda pair: _row(turn, *pair, there[pair[0].center]))


@use_case("agents.show", AGENT)
def show(turn: Turn, agent: AgentRef) -> AgentRow:
    """Return an agent with all that is set of it, and where it is; its own state, for itself."""
    ref = _written(turn)
    return _row(turn, ref, turn.whole.centers[ref.center].agents[ref.agent], presences(turn, ref.center))


@use_case("agents.create", CENTER)
def create(
    turn: Turn,
    center: CenterId,
    id: str,
    phone: str,
    *,
    name: str = "",
    groups: tuple[GroupId, ...] = (),
    level: AgentLevel = AgentLevel.AGENT,
    record: bool = False,
    note: str = "",
    reason: str = "",
) -> AgentRef:
    """Make an agent: a seat from today on, with its first phone approved.

    Raises:
        UsageError: E562 and E563, for the id; E702, for the phone; E587 and E560, for a group.
    """
    if any(agent_key(known) == agent_key(id) for known in turn.whole.centers[center].agents):
        raise UsageError("E562", name=id)
    today = zone(turn.whole.centers[center].timezone).day(turn.now)
    content = {
        "phone": normal(phone),
        "name": name,
        "level": level,
        "record": record,
        "created": today.isoformat(),
        "note": note,
    }
    add_table(turn, ("center", center, "agent", id), content)
    join(turn, center, AgentId(id), groups)
    ref = AgentRef(center=center, agent=AgentId(id))
    turn.target = f"agent:{ref_text(ref)}"
    return ref


@use_case("agents.edit", AGENT)
def edit(
    turn: Turn,
    agent: AgentRef,
    *,
    name: str | None = None,
    level: AgentLevel | None = None,
    record: bool | None = None,
    groups: tuple[GroupId, ...] | None = None,
    note: str | None = None,
    reason: str = "",
) -> None:
    """Edit an agent; what is None stays.

    Args:
        turn: The run.
        agent: Who.
        name: Shown.
        level: Agent, or supervisor of its groups.
        record: Whether its talks are recorded.
        groups: Those it is in from now on.
        note: For people.
        reason: For the trail.
    """
    ref = _written(turn)
    fields = {"name": name, "level": level, "record": record, "note": note}
    set_fields(turn, ("center", ref.center, "agent", ref.agent), fields)
    if groups is not None:
        join(turn, ref.center, ref.agent, groups)


@use_case("agents.set_status", AGENT)
def set_status(turn: Turn, agent: AgentRef, status: AgentStatus, *, reason: str = "") -> None:
    """Suspend an agent or let it work again; it stays a seat either way.

    Raises:
        UsageError: E589, for closed: an agent is closed by :func:`close`.
    """
    if status is AgentStatus.CLOSED:
        raise UsageError("E589", name="status", wanted="active, suspended")
    ref = _written(turn)
    set_fields(turn, ("center", ref.center, "agent", ref.agent), {"status": status})


@use_case("agents.close", AGENT)
def close(turn: Turn, agent: AgentRef, *, reason: str = "") -> None:
    """Close an agent: today is its last day as a seat. It stays in lists and records.

    Of one that is closed already the last day stays what it was: the rent of its seat ended with it.
    """
    ref = _written(turn)
    center = turn.whole.centers[ref.center]
    if center.agents[ref.agent].closed is None:
        today = zone(center.timezone).day(turn.now)
        set_fields(turn, ("center", ref.center, "agent", ref.agent), {"closed": today.isoformat()})
    _end_sessions(turn, ref)


@use_case("agents.propose_phone", AGENT)
def propose_phone(turn: Turn, agent: AgentRef, number: str, *, reason: str = "") -> str:
    """Propose a phone for log-ins and return it as it is kept: it counts when it is approved.

    Raises:
        UsageError: E702, for what is no number; E582, when it is approved or proposed already; E586, when too many wait.
    """
    return phones.propose(turn, _written(turn), normal(number))


@use_case("agents.approve_phone", AGENT)
def approve_phone(turn: Turn, agent: AgentRef, number: str, *, first: bool = False, reason: str = "") -> None:
    """Let an agent log in with a phone that was proposed.

    Args:
        turn: The run.
        agent: Whose.
        number: The phone.
        first: Let it be the one that is rung when the agent names none.
        reason: For the trail.

    Raises:
        UsageError: E590, for a phone that was not proposed.
    """
    phones.approve(turn, _written(turn), normal(number), first=first)


@use_case("agents.drop_phone", AGENT)
def drop_phone(turn: Turn, agent: AgentRef, number: str, *, reason: str = "") -> None:
    """Let a phone count no more, approved or proposed.

    Raises:
        UsageError: E590, for a phone that is neither, and for the first one: an agent has a phone.
    """
    phones.drop(turn, _written(turn), normal(number))


@use_case("agents.log_out", AGENT)
def log_out(turn: Turn, agent: AgentRef, *, reason: str = "") -> None:
    """Log an agent out, at its client and at the console; a talk on its phone goes on.

    Raises:
        UsageError: E584, without a live host.
    """
    ref = _written(turn)
    log_out_live(turn, ref)
    _end_sessions(turn, ref)


def _end_sessions(turn: Turn, ref: AgentRef) -> None:
    tenant = Node(level=Level.AGENT, id=ref.agent, center=ref.center).text
    for login in turn.tx.people.log_ins((tenant,)):
        turn.tx.people.revoke(login.id, turn.now)


def groups_of(center: CallCenter, agent: AgentId) -> tuple[GroupId, ...]:
    """Return the groups that an agent is in."""
    key = agent_key(agent)
    return tuple(
        group.id for group in center.groups.values() if any(agent_key(member.agent) == key for member in group.members)
    )


def status_of(agent: Agent) -> AgentStatus:
    """Return the status of an agent as people see it: one with a last day is closed."""
    return agent.status if agent.closed is None else AgentStatus.CLOSED


def _written(turn: Turn) -> AgentRef:
    """Return the agent of a run, its id as the shop writes it."""
    node = turn.place[-1]
    return AgentRef(center=CenterId(node.center), agent=AgentId(node.id))


def _row(turn: Turn, ref: AgentRef, agent: Agent, there: dict[AgentId, Presence] | None) -> AgentRow:
    tenant = Node(level=Level.AGENT, id=ref.agent, center=ref.center).text
    return AgentRow(
        ref=ref,
        agent=agent,
        groups=groups_of(turn.whole.centers[ref.center], ref.agent),
        presence=None if there is None else there.get(agent_key(ref.agent)),
        waiting=phones.waiting(turn, ref),
        marks=marks_of(turn, f"agent:{ref_text(ref)}", "agents.create", (tenant,)),
    )
