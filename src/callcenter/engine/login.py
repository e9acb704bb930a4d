"""Who may log in, with which phone."""

from __future__ import annotations

from callcenter.engine.floor import Floor
from callcenter.engine.states import Station
from callcenter.model.directory import AgentStatus, CenterStatus
from callcenter.model.numbers import matched

_SHUT = {CenterStatus.LOCKED, CenterStatus.FROZEN, CenterStatus.CLOSED}


def log_in_refusal(floor: Floor, station: Station, phone: str) -> str:
    """Return why an agent may not log in, or an empty text.

    In this order: ``center_locked``, ``center_frozen``, ``center_closed`` (P3b), ``suspended`` or ``closed`` agent,
    ``phone_not_approved``. Two agents may name one phone: it is in one leg at a time, whoever is offered the call.
    """
    agent = station.agent
    assert agent is not None
    status = floor.config.center.status
    if status in _SHUT:
        return f"center_{status.value}"
    if agent.status is not AgentStatus.ACTIVE:
        return str(agent.status.value)
    if agent.closed is not None and floor.day() > agent.closed.toordinal():
        return AgentStatus.CLOSED.value
    number = matched(phone)
    if number not in {matched(approved) for approved in (agent.phone, *agent.phones)}:
        return "phone_not_approved"
    return ""
