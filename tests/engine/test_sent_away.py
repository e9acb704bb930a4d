"""Who is logged out by a supervisor is logged out, whatever buttons are pressed meanwhile."""

from __future__ import annotations

import pytest

from callcenter.model import events as e
from callcenter.model.facts import AgentPhase
from callcenter.model.ids import AgentId
from tests.engine.rig import Rig, seconds

A = AgentId("A")


@pytest.mark.parametrize(("forced", "after"), [(True, AgentPhase.LOGGED_OUT), (False, AgentPhase.READY)])
def test_a_forced_log_out_in_a_talk_cannot_be_taken_back(forced: bool, after: AgentPhase) -> None:
    """An agent's own wish can be; a supervisor's is applied after wrap-up."""
    rig = Rig()
    rig.log_in("A")
    rig.call(key="1")
    leg = rig.pick_up(at=seconds(1))
    rig.feed(e.AgentLoggedOut(at=seconds(5), agent=A, forced=forced))
    rig.feed(e.AgentReady(at=seconds(6), agent=A))
    rig.feed(e.LegEnded(at=seconds(10), call=next(iter(rig.engine.live_calls())), leg=leg))
    rig.until(seconds(15))
    assert rig.engine.agent_phases()[A] is after
