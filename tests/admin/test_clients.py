"""An agent's own client: from the log-in with center and id to the safe log-out, with its address in the records."""

from __future__ import annotations

import pytest
from tests.admin import worlds
from tests.admin.worlds import CHEAP, NOW, agent

from callcenter.admin import Caller, Console, clients, logins
from callcenter.admin.first_secrets import first_secret
from callcenter.admin.identity import Identity
from callcenter.center.host import CallCenterHost
from callcenter.errors import NotFound, PermissionRefused, UsageError
from callcenter.model.facts import AgentPhase
from callcenter.model.ids import CenterId
from callcenter.model.times import SECOND, Instant
from callcenter.ports_people import LogInId, Role, TrailFilter
from callcenter.store import MemoryStore

A1, PHONE = agent("demo", "a1"), "013900001001"


class Seat:
    """The agent A1 of ``demo`` at its client, over a live host."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        worlds.house(self.store)
        self.host = CallCenterHost(self.store, None, at=NOW)
        self.console = Console(self.store, host=self.host)
        self.identity = Identity(self.console, hasher=CHEAP)
        first = first_secret(CHEAP)
        logins.reset(worlds.caller(self.console, Role.CENTER), NOW, LogInId("demo/a1"), first)
        came = self.identity.log_in_agent("4000000001", "A1", first.shown, "198.51.100.4", NOW)
        self.came = self.identity.change_secret(came.token, first.shown, "seven quiet herons", NOW)

    @property
    def me(self) -> Caller:
        """The agent, as its token says."""
        return self.console.as_(self.identity.authenticate(self.came.token, NOW))


def test_a_shift_at_the_client() -> None:
    """On, ready, not ready, ready, off: each where the engine says it is, and a work session with the client's address."""
    seat = Seat()
    phases = [
        clients.come_on(seat.me, NOW, A1).phase,
        clients.set_ready(seat.me, Instant(NOW + SECOND), A1).phase,
        clients.set_not_ready(seat.me, Instant(NOW + 3 * SECOND), A1, reason="lunch").phase,
        clients.set_ready(seat.me, Instant(NOW + 7 * SECOND), A1).phase,
        clients.leave(seat.me, Instant(NOW + 9 * SECOND), A1).phase,
    ]
    assert phases == [
        AgentPhase.NOT_READY,
        AgentPhase.READY,
        AgentPhase.NOT_READY,
        AgentPhase.READY,
        AgentPhase.LOGGED_OUT,
    ]
    with seat.store.transaction() as tx:
        sessions = tx.records.sessions(CenterId("demo"), NOW, Instant(NOW + SECOND))
        trail = tx.trail.rows(TrailFilter(who="demo/a1", what="client.come_on"), 9)
    assert [(each.address, each.ready, each.not_ready) for each in sessions] == [
        ("198.51.100.4", 4 * SECOND, 5 * SECOND)
    ]
    assert [row.act.address for row in trail] == ["198.51.100.4"]


def test_a_phone_that_nobody_approved_is_refused() -> None:
    """The answer says why, the row says why, and the agent stays off."""
    seat = Seat()
    state = clients.come_on(seat.me, NOW, A1, "013900007777")
    assert (state.phase, state.refusal) == (AgentPhase.LOGGED_OUT, "phone_not_approved")
    with seat.store.transaction() as tx:
        (row,) = tx.trail.rows(TrailFilter(what="client.come_on"), 1)
    assert row.act.outcome == "phone_not_approved"
    assert clients.come_on(seat.me, NOW, A1, PHONE).refusal == ""


def test_nobody_else_is_an_agents_client() -> None:
    """Not even its center or the platform; of another agent's it is not even known that it is there."""
    seat = Seat()
    for role in (Role.PLATFORM, Role.CENTER):
        with pytest.raises(PermissionRefused, match="E573"):
            clients.set_ready(worlds.caller(seat.console, role), NOW, A1)
    with pytest.raises(NotFound, match="E574"):
        clients.set_ready(seat.me, NOW, agent("demo", "A2"))


def test_without_a_live_host_there_is_nothing_to_come_on_to() -> None:
    """E584, and a row."""
    console = worlds.house()
    with pytest.raises(UsageError, match="E584"):
        clients.come_on(worlds.caller(console, Role.AGENT), NOW, A1)


def test_logging_out_of_the_console_ends_the_token_and_not_the_shift() -> None:
    """The token of a client that left is worth nothing; the agent's state is changed by the agent alone."""
    seat = Seat()
    clients.come_on(seat.me, NOW, A1)
    me = seat.me
    seat.identity.log_out(seat.came.token, NOW)
    with pytest.raises(PermissionRefused, match="E575"):
        clients.leave(me, NOW, A1)
