"""What the stateful floor has found, each as the shortest story that leads to it."""

from __future__ import annotations

from callcenter.engine import Engine
from callcenter.model import commands, events as e, facts
from callcenter.model.directory import AgentStatus, CenterConfig, VipCustomer
from callcenter.model.facts import AgentPhase, OfferOutcome
from callcenter.model.ids import AgentId, CallId, GroupId
from callcenter.model.records import Party, PartyKind
from callcenter.model.tree import CallerClass
from callcenter.model.value import changed
from tests.engine.rig import ACCESS, Rig, config, group, seconds, target

A = AgentId("A")


def test_a_loaded_engine_dumps_the_same_text_with_trees_of_two_versions() -> None:
    """V20: a call that pinned an older tree is dumped in the same place before and after a load, and a change."""
    rig = Rig()
    rig.call()  # pins version 1
    second, third = (changed(rig.config, version=version) for version in (2, 3))
    rig.feed(e.ConfigChanged(at=seconds(0), config=second))
    rig.call("c2")  # pins version 2
    loaded = Engine.load(second, rig.engine.dump())
    for engine in (rig.engine, loaded):
        engine.handle(e.ConfigChanged(at=seconds(1), config=third))
    assert loaded.dump() == rig.engine.dump()


def test_a_log_in_during_a_talk_brings_its_own_phone() -> None:
    """3.4: a new log-in replaces the old session; the talk goes on where it is, the next call rings the new phone."""
    rig = Rig(config(group(agents="A"), agents={"A": {"phones": ("02855500021",)}}))
    rig.log_in("A")
    rig.call(key="1")
    leg = rig.pick_up()
    rig.feed(e.AgentLoggedIn(at=seconds(5), agent=AgentId("A"), phone="02855500021"))
    rig.feed(e.AgentReady(at=seconds(6), agent=AgentId("A")))
    rig.feed(e.LegEnded(at=seconds(10), call=CallId("c1"), leg=leg))
    rig.call("c2", at=seconds(11), key="1", caller="013900002222")
    assert [fact.phone for fact in rig.told(facts.AgentOffered)] == ["013900000001", "02855500021"]


def test_a_phone_that_the_switch_cannot_dial_does_not_ring() -> None:
    """``CommandFailed`` of a dial ends its leg: the next agent rings at once, nothing is left for a lease to clear."""
    rig = Rig()
    rig.log_in("AB")
    rig.call(key="1")
    (leg,) = rig.legs()
    rig.feed(e.CommandFailed(at=seconds(1), call=CallId("c1"), command="Dial", id=leg, reason="no trunk"))
    (ended,) = rig.told(facts.OfferEnded)
    assert ended.outcome is OfferOutcome.UNREACHABLE
    assert rig.offered() == "AB"
    assert leg not in rig.engine.live_legs()
    assert not [c for c in rig.commands if isinstance(c, commands.HangUpLeg)]


def test_a_dial_that_failed_after_the_caller_had_left_leaves_no_leg() -> None:
    """The caller hung up while the dial was on its way: the phone is free when the switch says so, not 30 s later."""
    rig = Rig()
    rig.confirms = False
    rig.log_in("A")
    rig.call(key="1")
    (leg,) = rig.legs()
    rig.feed(e.CallerHungUp(at=seconds(1), call=CallId("c1")))
    assert list(rig.engine.live_legs()) == [leg]
    rig.feed(e.CommandFailed(at=seconds(1), call=CallId("c1"), command="Dial", id=leg))
    assert not rig.engine.live_legs()
    rig.feed(e.CallOffered(at=seconds(2), call=CallId("c2"), caller="013900002222", dialled=ACCESS))
    rig.press("c2", "1", seconds(2))
    assert rig.offered() == "AA"


def vip(rig: Rig, version: int = 2, **classes: CallerClass) -> CenterConfig:
    """Return the rig's center with callers as customers of its group 1, each by ``n`` and its number."""
    center = rig.config.center
    one = GroupId("1")
    customers = tuple(VipCustomer(number=n[1:], caller_class=caller_class) for n, caller_class in classes.items())
    groups = {**center.groups, one: changed(center.groups[one], vip=customers)}
    return changed(rig.config, center=changed(center, groups=groups), version=version)


def test_a_class_that_changes_in_a_talk_puts_nobody_into_the_line() -> None:
    """K3: who is talked to has a class, and no place in the line."""
    rig = Rig()
    rig.log_in("A")
    rig.call(key="1")
    rig.pick_up()
    rig.feed(e.ConfigChanged(at=seconds(1), config=vip(rig, n013900001111=CallerClass.HONORED)))
    assert rig.engine.waiting()["1"] == 0
    rig.call("c2", at=seconds(2), key="1", caller="013900002222")
    assert [fact.position for fact in rig.told(facts.Queued)] == [1, 1]


def test_a_caller_put_back_has_the_class_it_has_now() -> None:
    """3.2: a change of class acts at once, also on a caller who comes back to its old place after a transfer."""
    rig = Rig()
    rig.log_in("A")
    rig.call(key="1")
    rig.pick_up()
    rig.feed(
        e.TransferRequested(at=seconds(1), party=Party(kind=PartyKind.AGENT, id="A"), target=target("extension:801"))
    )
    rig.feed(e.ConfigChanged(at=seconds(2), config=vip(rig, n013900001111=CallerClass.HONORED)))
    rig.feed(e.LegFailed(at=seconds(3), call=CallId("c1"), leg=rig.legs()[0], cause=e.Cause.BUSY))
    assert [fact.caller_class for fact in rig.told(facts.Queued)] == [CallerClass.NORMAL, CallerClass.HONORED]


def test_a_class_that_changes_during_the_announcement_counts_when_the_agent_parts() -> None:
    """C4b, K3: who is put back because the agent hung up before the bridge stands where its class of now stands."""
    rig = Rig(config(group(announce_agent_id=True)))
    both = vip(rig, 2, n013900001111=CallerClass.HONORED, n013900002222=CallerClass.VIP)
    rig.feed(e.ConfigChanged(at=seconds(0), config=both))
    rig.log_in("A")
    rig.call(key="1")
    leg = rig.pick_up()
    rig.call("c2", key="1", caller="013900002222")
    rig.feed(e.ConfigChanged(at=seconds(1), config=vip(rig, 3, n013900002222=CallerClass.VIP)))
    rig.feed(e.LegEnded(at=seconds(2), call=CallId("c1"), leg=leg))
    assert [fact.call for fact in rig.told(facts.AgentOffered)] == ["c1", "c2"]


def test_a_caller_put_back_has_one_place_before_and_after_a_load() -> None:
    """V20: the place in the line and the place to come back to are one; a change of class reaches both."""
    rig = Rig()
    rig.log_in("A")
    rig.call(key="1")
    rig.pick_up()
    rig.feed(
        e.TransferRequested(at=seconds(1), party=Party(kind=PartyKind.AGENT, id="A"), target=target("extension:801"))
    )
    rig.feed(e.LegFailed(at=seconds(3), call=CallId("c1"), leg=rig.legs()[0], cause=e.Cause.BUSY))
    loaded = Engine.load(rig.config, rig.engine.dump())
    for engine in (rig.engine, loaded):
        engine.handle(e.ConfigChanged(at=seconds(4), config=vip(rig, n013900001111=CallerClass.HONORED)))
    assert loaded.dump() == rig.engine.dump()


def test_a_suspended_agent_cannot_ready_itself_in_a_talk() -> None:
    """P3b: suspended during a talk, an agent is logged out after it, whatever it presses meanwhile."""
    rig = Rig(config(group(agents="A")))
    rig.log_in("A")
    rig.call(key="1")
    leg = rig.pick_up()
    center = rig.config.center
    agents = {A: changed(center.agents[A], status=AgentStatus.SUSPENDED)}
    suspended = changed(rig.config, center=changed(center, agents=agents), version=2)
    rig.feed(e.ConfigChanged(at=seconds(1), config=suspended))
    rig.feed(e.AgentReady(at=seconds(2), agent=A))
    rig.feed(e.LegEnded(at=seconds(3), call=CallId("c1"), leg=leg))
    assert rig.engine.agent_phases()[A] is AgentPhase.LOGGED_OUT
