"""Lost hang-ups seen from the host: asked after a recovery and every 20 s, charged to the last proof of life (F6, F24)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.center.test_recovery import ANN, C1, DEMO, SCENARIO, T0, at, hang_up, talk_begins
from tests.center.world import DeafSwitch

from callcenter.center import CallCenterHost, Live
from callcenter.compat import override
from callcenter.errors import StoreError, SwitchError
from callcenter.model import commands, events, facts
from callcenter.model.facts import AgentPhase
from callcenter.model.ids import CallId, CenterId, LegId
from callcenter.model.money import fen
from callcenter.model.times import NEVER
from callcenter.store import MemoryStore
from callcenter.store.memory import MemoryTransaction


class FlakyStore(MemoryStore):
    """Fails one commit when it is told to."""

    fail = False

    @override
    @contextmanager
    def transaction(self) -> Iterator[MemoryTransaction]:
        with super().transaction() as tx:
            yield tx
            if self.fail:
                self.fail = False
                raise StoreError("E402", reason="test")


OTHER = {"access_number": "95990002", "ivr": "hangup"}


class TellingSwitch(DeafSwitch):
    """A switch that tells what it has up, if it can be reached.

    Attributes:
        up: What it has up.
        asked: How often it was asked.
    """

    def __init__(self) -> None:
        super().__init__()
        self.up = Live()
        self.asked = 0
        self.deaf = False

    def live(self) -> Live:
        self.asked += 1
        if self.deaf:
            raise SwitchError("E601", event="nothing", state="away")
        return self.up


def until(host: CallCenterHost, after: float) -> list[facts.Fact]:
    """Let time pass, as a driver does."""
    happened: list[facts.Fact] = []
    while (due := host.next_deadline()) is not None and due <= at(after):
        happened += host.handle_timers(due)
    return happened


def talking() -> tuple[CallCenterHost, TellingSwitch, MemoryStore]:
    store, switch = MemoryStore(), TellingSwitch()
    host = CallCenterHost(store, switch, at=T0, shop=SCENARIO.data)
    talk_begins(host, switch)
    switch.up = Live(calls=(C1,), legs=((C1, LegId("c1/L2")),))
    assert host.desks[DEMO].engine.live_legs() == {"c1/L2": "013900000001"}
    return host, switch, store


def phase(host: CallCenterHost) -> AgentPhase:
    return host.desks[DEMO].engine.agent_phases()[ANN]


def test_a_lost_hang_up_is_found_within_90_seconds_and_charged_to_the_last_proof_of_life() -> None:
    """The switch has lost it just after it told: the agent is free, the line is marked, the money is exact."""
    host, switch, store = talking()
    until(host, 100)
    switch.up = Live()
    happened = until(host, 100 + 90)
    (ended,) = [fact for fact in happened if isinstance(fact, facts.TalkEnded)]
    assert (ended.talk.suspect, ended.talk.ended_at) == (True, at(100))
    assert phase(host) is AgentPhase.READY
    with store.transaction() as tx:
        (line,) = tx.records.charges(DEMO, T0, NEVER)
        entry = tx.ledger.entry(line.key)
        assert (line.seconds, str(line.amount), line.ended_at) == (90, "24.00", at(100))
        assert entry is not None
        assert entry.reason == "last proof of life"
        assert tx.holds.open() == ()


def test_a_host_that_comes_back_asks_at_once_and_then_every_20_seconds() -> None:
    """The call ended while nobody listened: it is charged to the last list, and nobody is stuck."""
    host, _switch, store = talking()
    until(host, 41)
    again = TellingSwitch()
    back = CallCenterHost(store, again, at=at(60))
    back.recover()
    assert again.asked == 1
    assert phase(back) is AgentPhase.TALKING
    happened = until(back, 80)
    (charged,) = [fact for fact in happened if isinstance(fact, facts.Charged)]
    assert charged.seconds == 30
    assert phase(back) is AgentPhase.READY
    assert again.asked == 2


def test_a_call_that_outlived_its_host_goes_on() -> None:
    """Away for five minutes: the leases ran out, but it was the host that was silent; the first list proves the call."""
    host, switch, store = talking()
    until(host, 41)
    again = TellingSwitch()
    again.up = switch.up
    back = CallCenterHost(store, again, at=at(341))
    back.recover()
    until(back, 370)
    assert phase(back) is AgentPhase.TALKING
    assert hang_up(back, 371) == ["84.00"]


@pytest.mark.parametrize("away_s", [0, 90, 500])
def test_a_host_that_comes_back_before_its_switch_waits_for_it(away_s: int) -> None:
    """Away for five minutes, and the switch cannot be reached for some more: that is no hang-up, and the call goes on."""
    host, switch, store = talking()
    until(host, 41)
    again = TellingSwitch()
    again.up, again.deaf, again.refuses = switch.up, True, True
    back = CallCenterHost(store, again, at=at(341))
    back.recover()
    until(back, 341 + away_s)
    assert phase(back) is AgentPhase.TALKING
    again.deaf = again.refuses = False
    until(back, 341 + away_s + 45)
    assert phase(back) is AgentPhase.TALKING
    length = 341 + away_s + 46 - 10
    assert hang_up(back, 341 + away_s + 46) == [str(fen(12) * -(-length // 60))]


@pytest.mark.parametrize("hears", [False, True])
def test_a_switch_that_stays_away_ends_its_calls_at_their_last_proof_of_life(hears: bool) -> None:
    """After ten minutes; after one if it could tell of a call, and tells nothing of this one. What the host waited for is not charged."""
    host, _switch, store = talking()
    until(host, 41)
    again = TellingSwitch()
    again.deaf = again.refuses = True
    back = CallCenterHost(store, again, at=at(341))
    back.recover()
    if hears:
        back.handle(events.CallOffered(at=at(350), call=CallId("c2"), caller="013900001112", dialled="95990001"))
    happened = until(back, 341 + 59 if hears else 341 + 600)
    assert [fact for fact in happened if isinstance(fact, facts.TalkEnded)] == []
    happened = until(back, 341 + 90 if hears else 341 + 600 + 90)
    (ended,) = [fact for fact in happened if isinstance(fact, facts.TalkEnded)]
    assert (ended.talk.suspect, ended.talk.ended_at) == (True, at(40))
    assert phase(back) is AgentPhase.READY


def test_what_the_switch_has_up_and_nobody_knows_is_hung_up() -> None:
    """Legs and lines of a host that died before it could tell: on the second list that has them."""
    host, switch, _store = talking()
    switch.up = Live(calls=(C1, CallId("old")), legs=((C1, LegId("c1/L2")), (CallId("old"), LegId("old/L1"))))
    switch.told.clear()
    until(host, 100)
    hung_up = {(type(told).__name__, told.call) for told in switch.told}
    assert hung_up == {("HangUp", "old"), ("HangUpLeg", "old")}
    assert phase(host) is AgentPhase.TALKING


def test_a_switch_that_cannot_be_asked_loses_its_calls_after_a_minute() -> None:
    """Silence is no proof of life; what is decided waits in the outbox for the switch."""
    host, switch, _store = talking()
    until(host, 50)
    switch.deaf = switch.refuses = True
    happened = until(host, 50 + 90)
    assert [fact.talk.suspect for fact in happened if isinstance(fact, facts.TalkEnded)] == [True]
    assert phase(host) is AgentPhase.READY
    assert isinstance(host.listener_errors[-1], SwitchError)
    switch.deaf = switch.refuses = False
    switch.told.clear()
    until(host, 160)
    assert {type(told) for told in switch.told} >= {commands.HangUp, commands.HangUpLeg}


def test_lists_go_to_the_centers_whose_calls_they_name() -> None:
    """Two centers on one switch: each hears of its own calls, and an idle one of nothing."""
    host, switch, store = talking()
    host.change("center.other", OTHER, at(12))
    until(host, 60)
    with store.transaction() as tx:
        kinds = {center: {row.kind for row in tx.journal.since(center, 0)} for center in (DEMO, CenterId("other"))}
    assert "CallsReconciled" in kinds[DEMO]
    assert kinds[CenterId("other")] == set()
    assert switch.asked == 3
    assert hang_up(host, 70) == ["12.00"]


def test_an_embedder_who_asks_by_hand_decides_when() -> None:
    """``reconcile`` twice, with a switch that cannot tell by itself: the call that both lists lack has ended."""
    switch = DeafSwitch()
    host = CallCenterHost(MemoryStore(), switch, at=T0, shop=SCENARIO.data)
    talk_begins(host, switch)
    assert host.reconcile(Live(), at(30)) == ()
    happened = host.reconcile(Live(), at(40))
    assert [type(fact) for fact in happened].count(facts.CallEnded) == 1
    assert host.reconcile(Live(), at(50)) == ()


def test_a_late_event_of_a_call_that_was_given_up_changes_nothing() -> None:
    """The hang-up comes after all: the call is over, and was charged once."""
    host, switch, store = talking()
    until(host, 50)
    switch.up = Live()
    until(host, 140)
    assert hang_up(host, 150) == []
    late = events.LegEnded(at=at(151), call=C1, leg=LegId("c1/L2"))
    assert [type(fact) for fact in host.handle(late)] == [facts.StaleEvent]
    with store.transaction() as tx:
        assert len(tx.records.charges(DEMO, T0, NEVER)) == 1


def test_a_late_event_after_a_step_that_failed_goes_to_the_engine_that_lives() -> None:
    """The call is over, a step was rolled back, the engines were made anew: its late leg is theirs, not the old ones'."""
    store, switch = FlakyStore(), DeafSwitch()
    host = CallCenterHost(store, switch, at=T0, shop=SCENARIO.data)
    talk_begins(host, switch)
    hang_up(host, 70)
    store.fail = True
    with pytest.raises(StoreError):
        host.handle(events.AgentNotReady(at=at(71), agent=ANN))
    engine = host.desks[DEMO].engine
    host.handle(events.LegEnded(at=at(72), call=C1, leg=LegId("c1/L2")))
    assert host.desks[DEMO].engine is not engine
    assert host.desks[DEMO].engine.live_legs() == {}
