"""Who is offered whom, and when: ring modes, rankings, tiers, rounds, and the order over groups."""

from __future__ import annotations

from typing import Any

import pytest

from callcenter.engine import Engine
from callcenter.model import commands, events as e, facts
from callcenter.model.directory import AgentGroup, AgingStep, LineAnnouncement, Member, RingKind, RingMode, VipCustomer
from callcenter.model.events import Cause
from callcenter.model.facts import AgentPhase, OfferOutcome
from callcenter.model.ids import AgentId, CallId
from callcenter.model.records import Party, PartyKind
from callcenter.model.times import HOUR, SECOND, Duration, Instant
from callcenter.model.tree import CallerClass
from callcenter.routing import MemberView
from callcenter.routing.ranking import GroupMemory
from tests.engine.rig import Rig, config, group, seconds, target

ALL = RingMode(kind=RingKind.ALL)


def tiers(**tier_of: int) -> tuple[Member, ...]:
    return tuple(Member(agent=AgentId(letter), tier=tier) for letter, tier in tier_of.items())


def rig(*groups: AgentGroup, **more: Any) -> Rig:
    made = Rig(config(*groups, **more))
    made.log_in("".join(sorted({member.agent for g in groups for member in g.members})))
    return made


def one_talk(rig: Rig, id: str, at: float, length: float = 1) -> None:
    """Let a caller arrive, be answered at once by the first phone that rings, and hang up after a while."""
    rig.until(seconds(at))
    rig.call(id, at=seconds(at), key="1")
    rig.pick_up(id, at=seconds(at))
    rig.until(seconds(at + length))
    rig.feed(e.CallerHungUp(at=seconds(at + length), call=CallId(id)))


# ---------------------------------------------------------------- rounds and tiers


def test_a_round_offers_everybody_once_before_anybody_twice() -> None:
    """V7: one caller whom nobody answers rings A, B, C, then A again."""
    told = rig(group(ranking="priority"))
    told.call(key="1")
    told.until(seconds(44))
    assert told.offered() == "ABC"
    told.until(seconds(45))
    assert told.offered() == "ABCA"


def test_the_retry_delay_runs_before_a_repetition_only() -> None:
    """3.10.1: the delay belongs to the caller and runs from the end of its last offer."""
    told = rig(group(agents="AB", ranking="priority", retry_delay=Duration(20 * SECOND)))
    told.call(key="1")
    told.until(seconds(49))
    assert [(f.at // SECOND, str(f.party)) for f in told.told(facts.AgentOffered)] == [(0, "A"), (15, "B")]
    told.until(seconds(50))
    assert told.offered() == "ABA"


def test_another_caller_is_not_held_back_by_a_retry_delay() -> None:
    """3.10.1: who waits for its delay does not hold the agents for others."""
    told = rig(group(agents="A", retry_delay=Duration(60 * SECOND)))
    told.call("c1", key="1")
    told.until(seconds(15))
    told.call("c2", at=seconds(16), key="1", caller="013900002222")
    assert [(f.call, f.at // SECOND) for f in told.told(facts.AgentOffered)] == [("c1", 0), ("c2", 16)]


def test_a_tier_follows_at_once_when_the_lower_one_was_tried() -> None:
    """Case 11: tiers A0 B0 C1, all; A and B reject at 5; C rings at 5."""
    told = rig(AgentGroup(**_fields(ring=ALL, members=tiers(A=0, B=0, C=1))))
    told.call(key="1")
    for leg in told.legs():
        told.feed(e.LegFailed(at=seconds(5), call=CallId("c1"), leg=leg, cause=Cause.REJECTED))
    assert [(f.at // SECOND, str(f.party)) for f in told.told(facts.AgentOffered)] == [(0, "A"), (0, "B"), (5, "C")]


def _fields(**changes: Any) -> dict[str, Any]:
    made = group()
    return {"id": made.id, "kind": made.kind, **changes}


def test_a_higher_tier_waits_while_a_phone_of_the_lower_one_rings() -> None:
    """3.10.1: no next tier while a leg of the call rings."""
    told = rig(AgentGroup(**_fields(ring=ALL, members=tiers(A=0, B=0, C=1))))
    told.call(key="1")
    told.feed(e.LegFailed(at=seconds(5), call=CallId("c1"), leg=told.legs()[0], cause=Cause.BUSY))
    assert told.offered() == "AB"


def test_a_tier_opened_by_time_joins_the_ringing() -> None:
    """3.10.1: a tier opened by its wait joins at once, also while others ring."""
    told = rig(AgentGroup(**_fields(ring=ALL, members=tiers(A=0, B=1), tier_wait=Duration(10 * SECOND))))
    told.call(key="1")
    told.until(seconds(9))
    assert told.offered() == "A"
    told.until(seconds(10))
    assert told.offered() == "AB"


def test_aging_opens_a_tier_raises_a_class_and_drops_a_skill() -> None:
    """3.2: after its time each step acts, and the class is told to nobody else's cost before."""
    steps = (
        AgingStep(after=Duration(5 * SECOND), tier=1),
        AgingStep(after=Duration(7 * SECOND), caller_class=CallerClass.VIP, drop=("english",)),
    )
    told = rig(
        AgentGroup(**_fields(members=tiers(A=0, B=1), aging=steps, requires=(("english", 2),), ranking="priority")),
    )
    told.call(key="1")
    told.until(seconds(6))
    assert told.offered() == ""
    told.until(seconds(7))
    assert told.offered() == "A"
    told.until(seconds(22))
    assert told.offered() == "AB"


# ---------------------------------------------------------------- ring modes


def test_progressive_rings_one_more_each_interval() -> None:
    """Case 10: progressive:10 with 30 s: {A}, {A,B}, {A,B,C}; B answers at 22 and the others are cancelled once."""
    ring = RingMode(kind=RingKind.PROGRESSIVE, interval=Duration(10 * SECOND))
    told = rig(group(ring=ring, ring_timeout=Duration(30 * SECOND)))
    told.call(key="1")
    told.until(seconds(21))
    assert [(f.at // SECOND, str(f.party)) for f in told.told(facts.AgentOffered)] == [(0, "A"), (10, "B"), (20, "C")]
    told.pick_up(at=seconds(22), which=1)
    ends = [(str(f.party), f.outcome) for f in told.told(facts.OfferEnded)]
    assert ends == [
        ("A", OfferOutcome.CANCELLED),
        ("C", OfferOutcome.CANCELLED),
        ("B", OfferOutcome.ANSWERED),
    ]


def test_progressive_rings_the_next_at_once_when_nothing_rings() -> None:
    """3.10.1: a rejection does not leave the caller in silence until the interval is over."""
    ring = RingMode(kind=RingKind.PROGRESSIVE, interval=Duration(10 * SECOND))
    told = rig(group(ring=ring))
    told.call(key="1")
    told.feed(e.LegFailed(at=seconds(3), call=CallId("c1"), leg=told.legs()[0], cause=Cause.REJECTED))
    assert [(f.at // SECOND, str(f.party)) for f in told.told(facts.AgentOffered)] == [(0, "A"), (3, "B")]


def test_parallel_keeps_its_number_ringing() -> None:
    """parallel:2 rings two, and one more as soon as one of them is gone."""
    told = rig(group(ring=RingMode(kind=RingKind.PARALLEL, count=2)))
    told.call(key="1")
    assert told.offered() == "AB"
    told.feed(e.LegFailed(at=seconds(3), call=CallId("c1"), leg=told.legs()[0], cause=Cause.BUSY))
    assert told.offered() == "ABC"


def test_a_newly_free_agent_joins_all_but_not_a_snapshot() -> None:
    """3.3: ``all`` is live, ``all:snapshot`` is not."""
    for ring, expected in ((ALL, "AB"), (RingMode(kind=RingKind.SNAPSHOT), "A")):
        told = Rig(config(group(agents="AB", ring=ring)))
        told.log_in("A")
        told.call(key="1")
        told.log_in("B", at=seconds(1))
        assert told.offered() == expected, ring


def test_restart_false_leaves_the_next_agent_what_is_left() -> None:
    """3.3: after a rejection at 6 of 15 s the next phone rings 9 s; a ring that ran out starts a full one."""
    told = rig(group(restart=False))
    told.call(key="1")
    told.feed(e.LegFailed(at=seconds(6), call=CallId("c1"), leg=told.legs()[0], cause=Cause.REJECTED))
    dials = [c.timeout // SECOND for c in told.commands if isinstance(c, commands.Dial)]
    assert dials == [15, 9]
    told.until(seconds(15))
    dials = [c.timeout // SECOND for c in told.commands if isinstance(c, commands.Dial)]
    assert dials == [15, 9, 15]


# ---------------------------------------------------------------- rankings


def test_fewest_calls_counts_answers_and_moves_on_when_unanswered() -> None:
    """Case 7: with 2, 1, 1 answered calls B is offered, and C when B does not answer."""
    told = rig(group(ranking="fewest_calls"))
    for number, at in enumerate((0, 10, 20, 30)):
        one_talk(told, f"w{number}", at)
    assert told.offered() == "ABCA"
    told.call("c1", at=seconds(40), key="1")
    told.until(seconds(55))
    assert told.offered() == "ABCABC"


def test_a_newcomer_starts_at_the_average() -> None:
    """3.3: who has had no session today is not given every call until it has caught up."""
    told = Rig(config(group(ranking="fewest_calls")))
    told.log_in("AB")
    for number in range(6):
        one_talk(told, f"w{number}", 10 * number)
    told.log_in("C", at=seconds(70))
    for number in range(6, 9):
        one_talk(told, f"w{number}", 10 * number + 20)
    assert told.offered() == "ABABABABC"


def test_counts_begin_anew_at_local_midnight() -> None:
    """3.3: the window of fewest_calls is the local date of the center."""
    told = rig(group(ranking="fewest_calls"))
    midnight = 16 * HOUR // SECOND  # Asia/Shanghai is eight hours ahead of the tests' clock, which starts at 00:00Z
    one_talk(told, "w0", 0)
    one_talk(told, "w1", midnight + 10)
    one_talk(told, "w2", midnight + 20)
    assert told.offered() == "AAB"


def test_sticky_prefers_who_spoke_with_the_caller_last() -> None:
    """3.3: within sticky_s the same agent, else the fallback."""
    told = rig(group(ranking="sticky", fallback="round_robin", sticky=Duration(100 * SECOND)))
    one_talk(told, "w0", 0)
    one_talk(told, "w1", 10)
    assert told.offered() == "AA"
    told.call("other", at=seconds(20), key="1", caller="013900002222")
    assert told.offered() == "AAB"
    told.feed(e.CallerHungUp(at=seconds(21), call=CallId("other")))
    one_talk(told, "w2", 200)
    assert told.offered() == "AABC"


def test_least_recent_takes_who_ended_first() -> None:
    """Case 8: ended 100 s, 500 s and 300 s ago: B; unanswered, C, then A."""
    told = rig(group(ranking="least_recent"))
    for id, at in (("a", 0), ("b", 1), ("c", 2)):
        told.call(id, at=seconds(at), key="1")
        told.pick_up(id, at=seconds(at))
    for id, end in (("b", 500), ("c", 700), ("a", 900)):
        told.feed(e.CallerHungUp(at=seconds(end), call=CallId(id)))
    told.call("c1", at=seconds(1000), key="1")
    told.until(seconds(1030))
    assert told.offered() == "ABCBCA"


def test_a_failing_ranking_of_the_users_stops_nobody() -> None:
    """V16: the group goes on in join order, and the failure is told."""

    def broken(member: MemberView, memory: GroupMemory, size: int) -> tuple[int, ...]:
        raise ZeroDivisionError(member.id)

    setting = config(group(ranking="broken"))
    told = Rig(config(group()))
    told.config = setting
    told.engine = Engine(setting, rankings={"broken": broken})
    told.log_in()
    told.call(key="1")
    assert told.offered() == "A"
    assert [fact.ranking for fact in told.told(facts.RankingFailed)] == ["broken"]


def test_an_offer_says_why() -> None:
    """3.1: each offer carries the ranking, its key for the winner and the size of the field."""
    told = rig(group(ranking="longest_idle"))
    told.call(key="1")
    (offer,) = told.told(facts.AgentOffered)
    assert (offer.ranking, offer.key, offer.field) == ("longest_idle", (0, 0), 3)


# ---------------------------------------------------------------- the order of callers


def test_a_shared_agent_takes_the_best_caller_of_all_groups() -> None:
    """V9: class first, then arrival, over all groups of the center."""
    vip = (VipCustomer(number="013900009999", caller_class=CallerClass.VIP),)
    told = Rig(config(group("1", agents="A"), group("2", agents="A", vip=vip)))
    told.call("first", at=seconds(1), key="1")
    told.call("second", at=seconds(2), key="2", caller="013900002222")
    told.call("vip", at=seconds(3), key="2", caller="013900009999")
    told.log_in("A", at=seconds(10))
    order = []
    for at in (20, 30, 40):
        call = told.told(facts.AgentOffered)[-1].call
        order.append(call)
        told.pick_up(call, at=seconds(at))
        told.feed(e.CallerHungUp(at=seconds(at + 1), call=call))
    assert order == ["vip", "first", "second"]


def test_a_caller_put_back_keeps_its_place() -> None:
    """V6: who was dropped before the bridge stands again where it stood."""
    told = Rig(config(group(agents="A", announce_agent_id=True)))
    told.log_in("A")
    told.call("c1", at=seconds(0), key="1")
    told.call("c2", at=seconds(1), key="1", caller="013900002222")
    leg = told.pick_up("c1", at=seconds(2))
    told.feed(e.LegEnded(at=seconds(3), call=CallId("c1"), leg=leg))
    assert [f.call for f in told.told(facts.AgentOffered)] == ["c1", "c1"]
    assert not told.told(facts.TalkEnded)


def test_nobody_is_offered_a_call_from_its_own_phone() -> None:
    """F22: the caller's own phone is passed over."""
    told = rig(group(agents="AB", ranking="priority"))
    told.call(key="1", caller="013900000001")
    assert told.offered() == "B"


def test_an_agent_sent_a_caller_that_it_does_not_answer_gives_it_back() -> None:
    """3.10.7: a transfer to an agent who does not answer puts the caller back in the group of the ended talk."""
    told = rig(group(agents="AB", ranking="priority"))
    told.call(key="1")
    told.pick_up(at=seconds(1))
    party = Party(kind=PartyKind.AGENT, id="A")
    told.feed(e.TransferRequested(at=seconds(10), party=party, target=target("agent:B")))
    assert told.offered() == "AB"
    told.until(seconds(25))
    assert told.offered() == "ABA"
    assert [f.by.value for f in told.told(facts.TalkEnded)] == ["transfer"]
    assert len(told.told(facts.Queued)) == 2


def test_a_transfer_to_a_busy_agent_changes_nothing() -> None:
    """3.10.7: a target that cannot be rung at once leaves the talk as it is."""
    told = rig(group(agents="AB", ranking="priority"))
    told.feed(e.AgentNotReady(at=seconds(0), agent=AgentId("B"), reason="lunch"))
    told.call(key="1")
    told.pick_up(at=seconds(1))
    party = Party(kind=PartyKind.AGENT, id="A")
    told.feed(e.TransferRequested(at=seconds(10), party=party, target=target("agent:B")))
    assert [f.reason for f in told.told(facts.TransferFailed)] == ["unavailable"]
    assert not told.told(facts.TalkEnded)


# ---------------------------------------------------------------- misses and people


@pytest.mark.parametrize(
    ("cause", "delay"), [(Cause.REJECTED, 10), (Cause.BUSY, 60), (Cause.UNREACHABLE, 5), (Cause.CONGESTION, 5)]
)
def test_a_miss_blocks_by_its_cause(cause: Cause, delay: int) -> None:
    """3.4: the table of delays; a block is half-open."""
    told = rig(group(agents="A"))
    told.call(key="1")
    told.feed(e.LegFailed(at=seconds(0), call=CallId("c1"), leg=told.legs()[0], cause=cause))
    told.until(seconds(delay - 0.001))
    assert told.engine.agent_phases()[AgentId("A")] is AgentPhase.BLOCKED
    told.until(seconds(delay))
    assert [f.at // SECOND for f in told.told(facts.AgentOffered)] == [0, delay]


def test_three_misses_in_a_row_set_an_agent_to_not_ready() -> None:
    """3.4: with a fact, and the strikes are forgotten (3.10.4)."""
    told = rig(group(agents="A"))
    told.call(key="1")
    told.until(seconds(60))
    assert told.offered() == "AAA"
    assert told.told(facts.AgentState)[-1].reason == "auto"


def test_who_asks_to_be_not_ready_while_offered_is_offered_nothing_in_this_step() -> None:
    """V14: the caller is offered to the next agent at once."""
    told = rig(group(ranking="priority"))
    told.call(key="1")
    told.feed(e.AgentNotReady(at=seconds(4), agent=AgentId("A"), reason="lunch"))
    assert told.offered() == "AB"
    assert [f.outcome for f in told.told(facts.OfferEnded)] == [OfferOutcome.CANCELLED]
    states = [(f.agent, f.state.value, f.reason) for f in told.told(facts.AgentState) if f.at == seconds(4)]
    assert states == [("A", "not_ready", "lunch"), ("B", "offered", "")]


def test_an_announcement_tells_the_place_and_an_estimate_that_never_grows() -> None:
    """3.5: unknown without data, then rank times handle time, never growing while the line only shrinks."""
    said = LineAnnouncement(first=Duration(10 * SECOND), every=Duration(10 * SECOND))
    told = Rig(config(group(agents="A", announce=said)))
    told.log_in("A")
    told.call("c1", key="1")
    told.pick_up("c1", at=seconds(1))
    told.call("c2", at=seconds(2), key="1", caller="013900002222")
    told.until(seconds(12))
    told.feed(e.CallerHungUp(at=seconds(31), call=CallId("c1")))
    told.until(seconds(40))
    announced = [(f.at // SECOND, f.position, f.estimate) for f in told.told(facts.Announced)]
    assert announced == [(12, 1, None), (22, 1, None), (32, 1, Duration(30 * SECOND))]


def test_wrap_up_is_half_open_and_ends_exactly() -> None:
    """V13, case 13: A W=20, B W=10, calls of 1 s at 0, 2, 5, 15, 16: A@0, B@2, B@13, A@21, B@24."""
    people = {"A": {"wrap_up": Duration(20 * SECOND)}, "B": {"wrap_up": Duration(10 * SECOND)}}
    told = rig(group(agents="AB", ranking="priority"), agents=people)
    answered: set[str] = set()

    def serve(until: Instant) -> None:
        """Answer what rings at once and hang up after one second, as long as time allows."""
        while True:
            ringing = [f for f in told.told(facts.AgentOffered) if f.offer not in answered]
            if ringing:
                offer = ringing[0]
                answered.add(offer.offer)
                told.pick_up(offer.call, at=offer.at)
                ends[offer.call] = Instant(offer.at + SECOND)
                continue
            due = min([at for at in (told.engine.next_deadline(), *ends.values()) if at is not None], default=until)
            if due >= until:
                return
            done = [call for call, at in ends.items() if at == due]
            for call in done:
                del ends[call]
                told.feed(e.CallerHungUp(at=due, call=call))
            if not done:
                told.until(due)

    ends: dict[CallId, Instant] = {}
    for number, at in enumerate((0, 2, 5, 15, 16)):
        serve(seconds(at))
        told.call(f"c{number}", at=seconds(at), key="1", caller=f"01390000222{number}")
    serve(seconds(60))
    assert [(str(f.party), f.at // SECOND) for f in told.told(facts.AgentOffered)] == [
        ("A", 0),
        ("B", 2),
        ("B", 13),
        ("A", 21),
        ("B", 24),
    ]
