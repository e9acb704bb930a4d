"""An agent's own client: on with one of its phones, ready or not, done with the wrap-up, off again.

Each is an event of the live host, in one transaction with its row in the trail; the row has the address of the client.
What the engine refuses (a phone that is not approved) is an answer that says so, and the row says it as well.
"""

from __future__ import annotations

from collections.abc import Callable

from callcenter.admin.kinds import AGENT
from callcenter.admin.live import desk_of, presences
from callcenter.admin.tenants import AgentRef
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import use_case
from callcenter.center.jobs import HostJob
from callcenter.errors import UsageError
from callcenter.model import events
from callcenter.model.facts import AgentPhase, LogInRefused
from callcenter.model.ids import AgentId, agent_key
from callcenter.model.value import value


@value
class ClientState:
    """What became of it.

    Attributes:
        phase: Where the agent is now.
        refusal: Why it could not come on; empty: nothing was refused.
    """

    phase: AgentPhase
    refusal: str = ""


@use_case("client.come_on", AGENT)
def come_on(turn: Turn, agent: AgentRef, phone: str = "", *, reason: str = "") -> ClientState:
    """Come on with a phone: one of the approved ones, or the first; not ready until the agent says so.

    A client that comes on again replaces the one before.

    Raises:
        UsageError: E584, without a live host.
    """
    return _tell(
        turn, agent, lambda who: events.AgentLoggedIn(at=turn.now, agent=who, phone=phone, address=turn.who.address)
    )


@use_case("client.set_ready", AGENT)
def set_ready(turn: Turn, agent: AgentRef, *, reason: str = "") -> ClientState:
    """Take calls from now on; see :func:`come_on`."""
    return _tell(turn, agent, lambda who: events.AgentReady(at=turn.now, agent=who))


@use_case("client.set_not_ready", AGENT)
def set_not_ready(turn: Turn, agent: AgentRef, *, reason: str = "") -> ClientState:
    """Take no calls, for a reason in one's own words; a talk goes on."""
    return _tell(turn, agent, lambda who: events.AgentNotReady(at=turn.now, agent=who, reason=reason))


@use_case("client.end_wrap_up", AGENT)
def end_wrap_up(turn: Turn, agent: AgentRef, *, reason: str = "") -> ClientState:
    """Be done with the work after a talk."""
    return _tell(turn, agent, lambda who: events.WrapUpDone(at=turn.now, agent=who))


@use_case("client.leave", AGENT)
def leave(turn: Turn, agent: AgentRef, *, reason: str = "") -> ClientState:
    """Go off: nothing is offered any more, and a talk on the phone goes on to its end (K8)."""
    return _tell(turn, agent, lambda who: events.AgentLoggedOut(at=turn.now, agent=who))


def _tell(turn: Turn, agent: AgentRef, make: Callable[[AgentId], events.Event]) -> ClientState:
    """Feed an event of an agent, by its id as the shop writes it."""
    desk, job = desk_of(turn, agent.center), turn.job
    if desk is None or not isinstance(job, HostJob):
        raise UsageError("E584")
    id = AgentId(turn.place[-1].id)
    job.touched = True
    already = len(job.step.facts)
    job.step.feed(desk, make(id))
    refused = (fact for fact in job.step.facts[already:] if isinstance(fact, LogInRefused))
    refusal = next((fact.reason for fact in refused), "")
    turn.outcome = refusal or turn.outcome
    there = (presences(turn, agent.center) or {})[agent_key(id)]
    return ClientState(phase=there.phase, refusal=refusal)
