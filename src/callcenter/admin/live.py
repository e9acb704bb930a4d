"""What a live host knows at this moment: who is logged in and in which state, who waits; without a host nothing."""

from __future__ import annotations

from callcenter.admin.tenants import AgentRef, GroupRef
from callcenter.admin.turn import Turn
from callcenter.center.desk import Desk
from callcenter.center.jobs import HostJob
from callcenter.errors import UsageError
from callcenter.model.events import AgentLoggedOut
from callcenter.model.facts import AgentPhase
from callcenter.model.ids import AgentId, CenterId, agent_key
from callcenter.model.records import WorkSession
from callcenter.model.value import value


@value
class Presence:
    """Where an agent is.

    Attributes:
        phase: Its state; LOGGED_OUT when it is not there.
        session: The log-in that goes on, with its phone and address; None: there is none.
    """

    phase: AgentPhase
    session: WorkSession | None = None

    @property
    def online(self) -> bool:
        """Whether it is logged in."""
        return self.phase is not AgentPhase.LOGGED_OUT


def desk_of(turn: Turn, center: CenterId) -> Desk | None:
    """Return the desk of a center at the live host, or None."""
    host = turn.services.host
    return None if host is None else host.desks.get(center)


def presences(turn: Turn, center: CenterId) -> dict[AgentId, Presence] | None:
    """Return where the agents of a center are, by their folded ids; None without a live host."""
    desk = desk_of(turn, center)
    if desk is None:
        return None
    sessions = {agent_key(session.agent): session for session in desk.engine.sessions(turn.now)}
    return {
        agent_key(id): Presence(phase=phase, session=sessions.get(agent_key(id)))
        for id, phase in desk.engine.agent_phases().items()
    }


def waiting_in(turn: Turn, group: GroupRef) -> int | None:
    """Return how many callers of a group nobody talks to; None without a live host."""
    desk = desk_of(turn, group.center)
    return None if desk is None else desk.engine.waiting().get(group.group, 0)


def log_out(turn: Turn, agent: AgentRef) -> None:
    """Log an agent out at its client; a talk on its phone goes on to its end.

    Raises:
        UsageError: E584, without a live host.
    """
    desk, job = desk_of(turn, agent.center), turn.job
    if desk is None or not isinstance(job, HostJob):
        raise UsageError("E584")
    job.touched = True
    job.step.feed(desk, AgentLoggedOut(at=turn.now, agent=agent.agent, forced=True))
