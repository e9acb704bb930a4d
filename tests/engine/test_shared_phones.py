"""One phone is in one leg at most, also when several people could be reached by it, and groups stay while callers are in."""

from __future__ import annotations

from callcenter.model import events as e, facts
from callcenter.model.directory import AgentGroup, CenterConfig, Extension, GroupKind, RingKind, RingMode
from callcenter.model.ids import AgentId, GroupId, ShortNumber
from callcenter.model.value import changed
from tests.engine.rig import Rig, config, group, seconds

SHARED = "02855500077"


def shared(ring: RingKind) -> CenterConfig:
    """Return a center whose group 1 has two extensions that ring the same phone."""
    twins = tuple(Extension(short=ShortNumber(short), long=SHARED) for short in ("701", "702"))
    fixed = AgentGroup(id=GroupId("1"), kind=GroupKind.EXTENSION, extensions=twins, ring=RingMode(kind=ring))
    setting = config(group())
    groups = {**setting.center.groups, GroupId("1"): fixed}
    return changed(setting, center=changed(setting.center, groups=groups))


def test_two_extensions_of_one_phone_do_not_ring_it_twice_for_one_caller() -> None:
    """``all`` rings every phone, and each phone once."""
    rig = Rig(shared(RingKind.ALL))
    rig.call("c1", at=seconds(1), key="1")
    assert len(rig.engine.live_legs()) == 1
    assert len(rig.told(facts.AgentOffered)) == 1


def test_two_callers_of_one_instant_do_not_ring_one_phone_twice() -> None:
    """F22: who is chosen second, while the money of the first is being asked, gets another phone or waits."""
    rig = Rig(shared(RingKind.SINGLE))
    rig.call("c1", at=seconds(1))
    rig.call("c2", at=seconds(1), caller="013900002222")
    rig.credit = False
    rig.press("c1", "1", seconds(2))
    rig.press("c2", "1", seconds(2))
    for call in list(rig.engine.live_calls()):
        rig.feed(e.CreditGranted(at=seconds(2), call=call))
    assert len(rig.engine.live_legs()) == 1


def test_a_phone_that_was_only_promised_is_free_again_when_the_caller_leaves() -> None:
    """V2: every reservation is released on every path."""
    rig = Rig(shared(RingKind.SINGLE))
    first = rig.call("c1", at=seconds(1))
    rig.credit = False
    rig.press("c1", "1", seconds(2))
    rig.feed(e.CallerHungUp(at=seconds(3), call=first))
    rig.credit = True
    rig.call("c2", at=seconds(4), key="1", caller="013900002222")
    assert len(rig.engine.live_legs()) == 1


def test_a_group_that_a_change_removes_stays_until_its_last_caller_is_gone() -> None:
    """A talk that goes on is told and recorded with its group, whatever the new configuration says."""
    rig = Rig()
    rig.log_in("A")
    rig.call("c1", at=seconds(1), key="1")
    leg = rig.pick_up("c1", at=seconds(2))
    without = {id: g for id, g in rig.config.center.groups.items() if id != "1"}
    setting = changed(rig.config, center=changed(rig.config.center, groups=without), version=2)
    rig.feed(e.ConfigChanged(at=seconds(3), config=setting))
    rig.feed(e.LegEnded(at=seconds(10), call=rig.told(facts.Queued)[0].call, leg=leg))
    assert [fact.record.group for fact in rig.told(facts.VisitEnded)] == ["1"]
    assert AgentId("A") in rig.engine.agent_phases()
