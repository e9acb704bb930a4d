"""Work sessions: every moment of a log-in belongs to exactly one part, so that the parts add up at any moment."""

from __future__ import annotations

from typing import Final

from callcenter.engine.floor import Floor
from callcenter.engine.states import Session, Station
from callcenter.model.facts import AgentPhase
from callcenter.model.made import facts
from callcenter.model.records import WorkSession
from callcenter.model.times import Duration, Instant

_NONE: Final = Duration(0)
_PARTS: Final = {
    AgentPhase.READY: "ready",
    AgentPhase.OFFERED: "offered",
    AgentPhase.TALKING: "talking",
    AgentPhase.WRAP_UP: "wrap_up",
}
"""Parts of a session with their state; every other state is not ready, by its reason."""


def open_session(floor: Floor, station: Station, phone: str, address: str) -> None:
    """Begin a log-in, in the state the agent is in."""
    assert station.agent is not None
    phase = station.phase if station.phase is not AgentPhase.LOGGED_OUT else AgentPhase.NOT_READY
    record = WorkSession(
        center=floor.config.center.id,
        agent=station.agent.id,
        phone=phone,
        groups=tuple(station.groups),
        login_at=floor.now,
        logout_at=None,
        address=address,
        answered=0,
        missed=0,
        ready=_NONE,
        not_ready=_NONE,
        ringing=_NONE,
        talking=_NONE,
        wrap_up=_NONE,
    )
    station.session = Session(record=record, since=floor.now, phase=phase)


def enter_phase(floor: Floor, station: Station, phase: AgentPhase, reason: str) -> None:
    """Close the part that ends now and begin the next."""
    session = station.session
    if session is not None:
        now, parts = floor.now, session.parts
        key = _PARTS.get(session.phase) or _key(session.phase, session.reason)
        parts[key] = parts.get(key, 0) + now - session.since
        session.phase, session.reason, session.since = phase, reason, now


def close_session(floor: Floor, station: Station, at: Instant) -> None:
    """End a log-in at its last proof of life."""
    session, station.session = station.session, None
    if session is not None:
        floor.tell(facts.SessionEnded(at=floor.now, session=as_of(session, max(at, session.since), ended=True)))


def as_of(session: Session, at: Instant, *, ended: bool = False) -> WorkSession:
    """Return a session as it stands at a moment; its parts add up to the moment exactly."""
    parts = dict(session.parts)
    key = _key(session.phase, session.reason)
    parts[key] = parts.get(key, 0) + at - session.since
    record = session.record
    reasons = tuple((k[10:], Duration(v)) for k, v in parts.items() if k.startswith("not_ready:"))
    return WorkSession(
        center=record.center,
        agent=record.agent,
        phone=record.phone,
        groups=record.groups,
        login_at=record.login_at,
        logout_at=at if ended else None,
        address=record.address,
        answered=session.answered,
        missed=session.missed,
        ready=Duration(parts.get("ready", 0)),
        not_ready=Duration(sum(length for _, length in reasons)),
        ringing=Duration(parts.get("offered", 0)),
        talking=Duration(parts.get("talking", 0)),
        wrap_up=Duration(parts.get("wrap_up", 0)),
        reasons=reasons,
    )


def _key(phase: AgentPhase, reason: str) -> str:
    """Return the part that a moment belongs to; a block counts as not ready, with its cause as the reason."""
    return _PARTS.get(phase) or f"not_ready:{reason}"
