"""Last days: a center takes no calls and an agent no log-in after its own, whatever the status says."""

from __future__ import annotations

from datetime import date

from callcenter.model import events as e, facts
from callcenter.model.ids import AgentId, CallId
from callcenter.model.value import changed
from tests.engine.rig import Rig, config, group, seconds

DAY = 86_400


def test_a_center_takes_calls_on_its_last_day_and_none_after() -> None:
    """P3: closing sets the last day; the local date decides (the tests' clock starts on 1970-01-01 08:00 local)."""
    setting = config(group())
    closing = changed(setting, center=changed(setting.center, closed=date(1970, 1, 1)))
    rig = Rig(closing)
    rig.call("today", at=seconds(0))
    rig.call("tomorrow", at=seconds(DAY))
    rejected = [(fact.call, fact.reason.value) for fact in rig.told(facts.CallRejected)]
    assert rejected == [("tomorrow", "center_closed")]


def test_an_agent_logs_in_on_its_last_day_and_not_after() -> None:
    """A closed agent is no seat and has no log-in after its last day."""
    rig = Rig(config(group(), agents={"A": {"closed": date(1970, 1, 1)}}))
    rig.log_in("A")
    rig.feed(e.AgentLoggedOut(at=seconds(10), agent=AgentId("A")))
    rig.feed(e.AgentLoggedIn(at=seconds(DAY), agent=AgentId("A")))
    assert [fact.reason for fact in rig.told(facts.LogInRefused)] == ["closed"]


def test_two_callers_whose_money_is_asked_together_do_not_ring_one_phone_twice() -> None:
    """V1 for phones: who is granted second finds the phone in a leg, and goes back to the menu."""
    rig = Rig()
    rig.call("c1")
    rig.call("c2", caller="013900002222")
    rig.credit = False
    rig.press("c1", "9", seconds(1))
    rig.press("c2", "9", seconds(1))
    for call in ("c1", "c2"):
        rig.feed(e.CreditGranted(at=seconds(1), call=CallId(call)))
    assert len(rig.engine.live_legs()) == 1
    assert rig.engine.live_calls()[CallId("c2")].state.value == "menu"
