"""``[center.*.agent.*]`` → agents, and the look-up of one by its id in any case of letters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from callcenter.files.fields import date_or_none, last_day, levels, named, phone, positive, refuse_twice
from callcenter.files.reader import Node, Table, listed, nearest
from callcenter.model.directory import MANUAL, Agent, AgentLevel, AgentStatus
from callcenter.model.ids import AgentId, agent_key
from callcenter.model.times import Duration


def read_agents(table: Table, created: date) -> dict[AgentId, Agent]:
    """Return the agents of a center by id as written, each id once in any case of letters.

    Args:
        table: The table of the center.
        created: First day of the center.
    """
    found: dict[AgentId, Agent] = {}
    written: dict[AgentId, Table] = {}
    for name, inner in named(table, "agent").items():
        agent_id = AgentId(name)
        other = written.setdefault(agent_key(name), inner)
        if other is not inner:
            raise inner.error("E132", value=f'"{name}"', other=other.place)
        found[agent_id] = _agent(agent_id, inner, created)
    return found


def _agent(agent_id: AgentId, table: Table, center_created: date) -> Agent:
    created = date_or_none(table, "created")
    first = phone(table.need("phone", '"013900000001"'))
    agent = Agent(
        id=agent_id,
        phone=first,
        phones=_further_phones(table, first),
        name=table.text("name", ""),
        status=_agent_status(table),
        level=table.choice("level", AgentLevel, AgentLevel.AGENT),
        created=created,
        closed=last_day(table, created or center_created),
        record=table.flag("record", False),
        wrap_up=_wrap_up(table),
        ring_timeout=positive(table, "ring_timeout_s", None),
        on_demand=table.flag("on_demand", False),
        skills=levels(table, "skills"),
        note=table.text("note", ""),
    )
    table.done()
    return agent


def _further_phones(table: Table, first: str) -> tuple[str, ...]:
    nodes = table.items("phones")
    found = [phone(node) for node in nodes]
    refuse_twice([(first, table.need("phone", "")), *zip(found, nodes, strict=True)])
    return tuple(found)


def _agent_status(table: Table) -> AgentStatus:
    """Return active or suspended: an agent is closed by its last day."""
    status = table.choice("status", AgentStatus, AgentStatus.ACTIVE)
    if status is AgentStatus.CLOSED:
        raise table.error("E106", "status", near="suspended", known="active, suspended")
    return status


def _wrap_up(table: Table) -> Duration | None:
    node = table.get("wrap_up_s")
    if node is None:
        return None
    return MANUAL if node.value == "manual" else node.seconds()


def found_agent(node: Node, agents: Mapping[AgentId, AgentId]) -> AgentId:
    """Return the id, as its own table writes it, of the agent that a value names in any case of letters."""
    found = agents.get(agent_key(node.text()))
    if found is None:
        raise node.error("E107", near=nearest(node.text(), agents.values()), known=listed(agents.values()))
    return found
