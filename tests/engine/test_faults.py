"""Promises that other systems were seen to break: stories of rotation, rounds, agents and places in the line."""

from __future__ import annotations

from typing import Any

import pytest

from callcenter.model import commands, events as e, facts
from callcenter.model.commands import CreditPurpose
from callcenter.model.directory import (
    AgentGroup,
    AgingStep,
    GroupKind,
    LineAnnouncement,
    Member,
    RingKind,
    RingMode,
    VipCustomer,
)
from callcenter.model.events import Cause
from callcenter.model.facts import AgentPhase, LeftReason
from callcenter.model.ids import AgentId, CallId, GroupId
from callcenter.model.numbers import matched
from callcenter.model.records import Party, PartyKind
from callcenter.model.times import SECOND, Duration
from callcenter.model.tree import CallerClass
from tests.engine.rig import CALLER, Rig, config, group, seconds, target

A, B = AgentId("A"), AgentId("B")
ALL = RingMode(kind=RingKind.ALL)
OTHER = "013900002222"


def rig(*groups: AgentGroup, **more: Any) -> Rig:
    """Return a floor on which every member is logged in and ready."""
    made = Rig(config(*groups, **more))
    made.log_in("".join(sorted({member.agent for g in groups for member in g.members})))
    return made


def call(told: Rig, id: str, at: float, key: str = "1", caller: str = OTHER) -> None:
    """Let a caller come into a group when its time has come."""
    told.until(seconds(at))
    told.call(id, at=seconds(at), key=key, caller=caller)


def hang_up(told: Rig, id: str, at: float) -> None:
    """Let a caller hang up when its time has come."""
    told.until(seconds(at))
    told.feed(e.CallerHungUp(at=seconds(at), call=CallId(id)))


def talk(told: Rig, id: str, at: float, end: float, key: str = "1") -> None:
    """Let a caller come, be answered at once, and hang up."""
    call(told, id, at, key)
    told.pick_up(id, at=seconds(at))
    hang_up(told, id, end)


def phase(told: Rig, agent: AgentId = A) -> AgentPhase:
    """Return the state of an agent."""
    return told.engine.agent_phases()[agent]


def offers(told: Rig) -> list[tuple[str, str, int]]:
    """Return call, agent and second of each offer."""
    return [(f.call, str(f.party), f.at // SECOND) for f in told.told(facts.AgentOffered)]


# ---------------------------------------------------------------- rotation


def test_the_rotation_moves_when_an_offer_is_made_however_long_it_rings() -> None:
    """3.3: A rings for long, B is offered after it and answers first; the next call is C's all the same."""
    told = rig(group())
    told.call("c1", key="1")
    call(told, "c2", 1)
    told.pick_up("c2", at=seconds(1))
    hang_up(told, "c2", 2)
    told.pick_up("c1", at=seconds(5))
    hang_up(told, "c1", 6)
    call(told, "c3", 10)
    assert told.offered() == "ABC"


def test_a_second_round_goes_on_where_the_rotation_stands() -> None:
    """3.3: a call that nobody answers goes round from the last offered, and round again from there."""
    told = rig(group())
    talk(told, "c0", 0, 1)
    talk(told, "c1", 5, 6)
    call(told, "c2", 10)
    told.until(seconds(10 + 45))
    assert told.offered() == "AB" + "CAB" + "C"


def test_the_rotation_survives_that_the_last_offered_is_removed() -> None:
    """3.3: the pointer is a place between members: A was offered and leaves the group, B is next."""
    before, after = (config(group("1", agents=letters), group("2", agents="ABCD")) for letters in ("ABCD", "BCD"))
    told = Rig(before)
    told.log_in("ABCD")
    talk(told, "c1", 0, 1)
    told.feed(e.ConfigChanged(at=seconds(2), config=after))
    call(told, "c2", 10)
    assert told.offered() == "AB"


def test_a_lower_tier_comes_first_whoever_logged_in_first() -> None:
    """3.3: A of the second tier has been ready for long when B of the first comes: the call is B's, then A's."""
    members = (Member(agent=A, tier=1), Member(agent=B, tier=0))
    told = Rig(config(AgentGroup(id=GroupId("1"), kind=GroupKind.LOGIN, members=members)))
    told.log_in("AB")
    told.call(key="1")
    told.until(seconds(15))
    assert told.offered() == "BA"


# ---------------------------------------------------------------- one agent, one phone


def test_an_agent_chosen_for_one_caller_is_chosen_for_no_other_of_the_same_instant() -> None:
    """V1, V2: two groups, one agent: one hold is asked for, and the agent who goes away is free of the offer."""
    told = Rig(config(group("1", agents="A"), group("2", agents="A")))
    told.call("c1", key="1")
    told.call("c2", key="2", caller=OTHER)
    told.log_in("A", at=seconds(1))
    asked = [c.call for c in told.commands if isinstance(c, commands.AskCredit) and c.purpose is CreditPurpose.RING]
    assert asked == ["c1"]
    told.feed(e.AgentNotReady(at=seconds(2), agent=A, reason="lunch"))
    assert phase(told) is AgentPhase.NOT_READY
    assert [f.outcome.value for f in told.told(facts.OfferEnded)] == ["cancelled"]


def test_a_phone_that_rings_or_talks_under_another_name_is_not_rung() -> None:
    """One phone, one live leg: who logs in at the phone of an extension is offered nothing while that is dialled."""
    desk = "02855500011"
    told = Rig(config(group(agents="A"), agents={"A": {"phones": (desk,)}}))
    told.feed(e.AgentLoggedIn(at=seconds(0), agent=A, phone=desk))
    told.feed(e.AgentReady(at=seconds(0), agent=A))
    told.call("c1", key="9")
    told.pick_up("c1", at=seconds(1))
    call(told, "c2", 2)
    assert told.offered() == ""
    hang_up(told, "c1", 5)
    assert offers(told) == [("c2", "A", 5)]


def test_an_agent_whose_client_is_lost_is_offered_nothing_until_it_is_back() -> None:
    """3.4: no offers from the loss on; on return within the grace the waiting caller is offered at once."""
    told = rig(group(agents="A"))
    told.feed(e.AgentLost(at=seconds(1), agent=A))
    call(told, "c1", 2)
    assert told.offered() == ""
    told.feed(e.AgentReturned(at=seconds(30), agent=A))
    assert offers(told) == [("c1", "A", 30)]


# ---------------------------------------------------------------- how offers end


def test_the_phones_of_those_who_lost_are_hung_up_each_once() -> None:
    """V5: a cancelled offer is no word only: the switch is told to end each ringing, and the winner's leg stays."""
    told = rig(group(ring=ALL))
    told.call(key="1")
    ringing = told.legs()
    won = told.pick_up(at=seconds(4), which=1)
    ended = [c.leg for c in told.commands if isinstance(c, commands.HangUpLeg)]
    assert sorted(ended) == sorted(leg for leg in ringing if leg != won)
    assert told.legs() == [won]


def test_an_answer_at_the_end_of_the_longest_wait_wins() -> None:
    """3.3: answer and maximum wait at the same instant: the answer wins."""
    told = rig(group(agents="A", max_wait=Duration(20 * SECOND), ring_timeout=Duration(30 * SECOND)))
    told.call(key="1")
    told.until(seconds(19.9))
    told.pick_up(at=seconds(20))
    told.until(seconds(25))
    assert [f.wait // SECOND for f in told.told(facts.Connected)] == [20]
    assert not told.told(facts.Left)


@pytest.mark.parametrize("to", ["agent:B", "extension:801"])
def test_a_transfer_that_nobody_answers_comes_back_to_the_old_place(to: str) -> None:
    """V6, 3.10.7: who was transferred in vain stands before those who came after it."""
    told = rig(group("1", agents="A", wrap_up=60 * SECOND), group("2", agents="B"))
    told.call("c1", key="1", caller="013900003333")
    told.pick_up("c1", at=seconds(1))
    call(told, "c2", 5)
    party = Party(kind=PartyKind.AGENT, id="A")
    told.feed(e.TransferRequested(at=seconds(10), party=party, target=target(to)))
    told.until(seconds(70))
    assert [offer for offer in offers(told) if offer[1] == "A"] == [("c1", "A", 0), ("c1", "A", 70)]


# ---------------------------------------------------------------- agents


@pytest.mark.parametrize(("key", "other", "wrap_up"), [("1", "2", 5), ("2", "1", 20)])
def test_wrap_up_is_that_of_the_call_and_holds_in_every_group(key: str, other: str, wrap_up: int) -> None:
    """V13: the group the call came from says how long; callers of the other group wait for it too."""
    told = rig(group("1", agents="A", wrap_up=5 * SECOND), group("2", agents="A", wrap_up=20 * SECOND))
    talk(told, "c1", 0, 10, key)
    call(told, "c2", 11, other)
    told.until(seconds(60))
    assert offers(told)[:2] == [("c1", "A", 0), ("c2", "A", 10 + wrap_up)]


def test_an_agent_is_free_for_what_happens_at_the_end_of_its_wrap_up() -> None:
    """V13: half-open: a call of exactly that instant finds A, who comes first, and not B."""
    told = rig(group(agents="AB", ranking="priority", wrap_up=10 * SECOND))
    talk(told, "c1", 0, 5)
    told.until(seconds(14.9))
    told.call("c2", at=seconds(15), key="1", caller=OTHER)
    assert told.offered() == "AA"


def test_a_break_asked_for_in_a_talk_begins_after_the_wrap_up() -> None:
    """3.4: the intent outlives talk and wrap-up; the next caller is not offered."""
    told = rig(group(agents="A", wrap_up=5 * SECOND))
    told.call("c1", key="1")
    told.pick_up("c1", at=seconds(1))
    told.feed(e.AgentNotReady(at=seconds(2), agent=A, reason="lunch"))
    call(told, "c2", 3)
    hang_up(told, "c1", 10)
    assert phase(told) is AgentPhase.WRAP_UP
    told.until(seconds(15))
    assert phase(told) is AgentPhase.NOT_READY
    assert told.told(facts.AgentState)[-1].reason == "lunch"
    assert told.offered() == "A"


def test_ready_pressed_in_a_talk_frees_nobody() -> None:
    """V1: the agent talks on, wraps up after it, and is offered the next caller only then."""
    told = rig(group(agents="A", wrap_up=5 * SECOND))
    told.call("c1", key="1")
    told.pick_up("c1", at=seconds(1))
    told.feed(e.AgentReady(at=seconds(2), agent=A))
    assert phase(told) is AgentPhase.TALKING
    call(told, "c2", 3)
    hang_up(told, "c1", 10)
    told.until(seconds(15))
    assert offers(told) == [("c1", "A", 0), ("c2", "A", 15)]


def test_an_answered_call_forgets_the_misses_before_it() -> None:
    """3.4: three misses in a row; two, an answer and two more are none."""
    told = rig(group(agents="A"))
    told.call("c1", key="1")
    told.until(seconds(30))
    told.pick_up("c1", at=seconds(35))
    hang_up(told, "c1", 40)
    call(told, "c2", 50)
    told.until(seconds(50 + 30))
    assert told.offered() == "AAA" + "AAA"
    assert phase(told) is AgentPhase.OFFERED


def test_who_is_slower_than_a_colleague_misses_nothing() -> None:
    """3.4: a lost race counts nothing, however often."""
    told = rig(group(agents="AB", ring=ALL))
    for number in range(4):
        talk(told, f"c{number}", 10 * number, 10 * number + 1)
    assert phase(told, B) is AgentPhase.READY
    assert [session.missed for session in told.engine.sessions(seconds(60))] == [0, 0]


def test_the_parts_of_a_session_add_up_also_in_a_block() -> None:
    """3.4: ready, not ready, ringing, talking and wrapping up are the length, at any moment; a block is not ready."""
    told = rig(group(agents="A", wrap_up=5 * SECOND))
    told.call("c1", at=seconds(3), key="1")
    told.feed(e.LegFailed(at=seconds(7), call=CallId("c1"), leg=told.legs()[0], cause=Cause.REJECTED))
    told.until(seconds(17))
    told.pick_up("c1", at=seconds(20))
    hang_up(told, "c1", 29)
    told.until(seconds(40))
    (session,) = told.engine.sessions(seconds(40))
    parts = (session.ready, session.not_ready, session.ringing, session.talking, session.wrap_up)
    assert [part // SECOND for part in parts] == [3 + 6, 10, 4 + 3, 9, 5]
    assert [(reason, length // SECOND) for reason, length in session.reasons if length] == [("rejected", 10)]
    assert session.missed == 1


def test_calls_of_an_agent_count_in_every_group() -> None:
    """3.10.3: fewest_calls looks at all calls of the day, through whichever group they came."""
    told = rig(*(group(id, agents="AB", ranking="fewest_calls") for id in "12"))
    talk(told, "c1", 0, 1, "1")
    call(told, "c2", 10, "2")
    assert told.offered() == "AB"


def test_an_agent_who_is_removed_ends_its_talk_first() -> None:
    """9.6: the talk goes on and counts in the session; then the agent is no more."""
    before, after = config(group(agents="AB")), config(group(agents="B"))
    told = Rig(before)
    told.log_in("A")
    told.call("c1", key="1")
    told.pick_up("c1", at=seconds(1))
    told.feed(e.ConfigChanged(at=seconds(2), config=after))
    assert phase(told) is AgentPhase.TALKING
    hang_up(told, "c1", 9)
    assert A not in told.engine.agent_phases()
    (ended,) = told.told(facts.SessionEnded)
    assert (ended.session.answered, ended.session.talking // SECOND) == (1, 8)


def test_a_late_answer_of_a_phone_that_lost_is_hung_up_and_never_bridged() -> None:
    """V3: while the winner talks, and also when the call is over, a second answer gets its hang-up and nothing else."""
    told = rig(group(ring=ALL))
    told.confirms = False
    told.call(key="1")
    loser = told.legs()[0]
    told.pick_up(at=seconds(4), which=1)

    def answer(at: float) -> list[type[commands.Command]]:
        return [type(c) for c in told.feed(e.LegAnswered(at=seconds(at), call=CallId("c1"), leg=loser)).commands]

    assert answer(5) == [commands.HangUpLeg]
    hang_up(told, "c1", 10)
    assert answer(11) == [commands.HangUpLeg]


# ---------------------------------------------------------------- the line


def test_a_caller_who_becomes_a_vip_moves_up_at_once() -> None:
    """3.2: a change of class acts on who waits; the next free agent is the VIP's."""
    vip = (VipCustomer(number=matched(OTHER), caller_class=CallerClass.VIP),)
    told = Rig(config(group(agents="A")))
    told.call("c1", key="1", caller=CALLER)
    call(told, "c2", 1)
    told.feed(e.ConfigChanged(at=seconds(2), config=config(group(agents="A", vip=vip))))
    told.log_in("A", at=seconds(3))
    assert [id for id, _, _ in offers(told)] == ["c2"]


def test_a_caller_who_has_waited_long_stands_among_the_vips() -> None:
    """3.2: raised by aging, it stands by its arrival: before the VIP who came later."""
    vip = (VipCustomer(number=matched(OTHER), caller_class=CallerClass.VIP),)
    aging = (AgingStep(after=Duration(30 * SECOND), caller_class=CallerClass.VIP),)
    told = Rig(config(group(agents="A", vip=vip, aging=aging)))
    told.call("c1", key="1", caller=CALLER)
    call(told, "c2", 10)
    told.until(seconds(35))
    told.log_in("A", at=seconds(40))
    assert [id for id, _, _ in offers(told)] == ["c1"]


def test_an_estimate_does_not_grow_when_agents_get_slower_and_fewer() -> None:
    """3.5: told 5 s, the caller is not told more while nobody has come before it."""
    said = LineAnnouncement(first=Duration(10 * SECOND), every=Duration(10 * SECOND))
    told = rig(group(agents="AB", ranking="priority", announce=said))
    talk(told, "c0", 0, 10)
    call(told, "c1", 15)
    told.pick_up("c1", at=seconds(15))
    call(told, "c2", 20)
    told.pick_up("c2", at=seconds(20))
    told.feed(e.AgentNotReady(at=seconds(25), agent=B, reason="lunch"))
    call(told, "c3", 30)
    hang_up(told, "c2", 45)
    told.until(seconds(50))
    announced = [(f.at // SECOND, f.position, f.estimate) for f in told.told(facts.Announced) if f.call == "c3"]
    assert announced == [(40, 1, Duration(5 * SECOND)), (50, 1, Duration(5 * SECOND))]


def test_callers_being_rung_count_for_place_and_length() -> None:
    """3.10.5: the next is told that it is second, and the one after that finds the line full."""
    said = LineAnnouncement(first=Duration(5 * SECOND), every=Duration(60 * SECOND))
    told = rig(group(agents="A", announce=said, max_length=2))
    told.call("c1", key="1")
    call(told, "c2", 1)
    told.until(seconds(6))
    assert [f.position for f in told.told(facts.Announced) if f.call == "c2"] == [2]
    call(told, "c3", 7, caller="013900003333")
    assert [(f.call, f.reason) for f in told.told(facts.Left)] == [("c3", LeftReason.FULL)]
