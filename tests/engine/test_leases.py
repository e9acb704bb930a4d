"""A switch that loses events, or falls silent, keeps no agent: lists, leases, the last proof of life (F6, F24)."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from callcenter.engine import Engine
from callcenter.engine.leases import CONFIRM, LIFE, UNLISTED
from callcenter.engine.states import CallState
from callcenter.model import commands, events as e, facts
from callcenter.model.facts import AgentPhase, CallOutcome
from callcenter.model.ids import AgentId, CallId, LegId, PromptName
from callcenter.model.times import SECOND, Duration
from callcenter.model.value import changed
from tests.engine.rig import Rig, config, group, seconds
from tests.engine.test_every_pair import BUILD, LIVE

C1 = CallId("c1")
EVERY = 20
"""Seconds from one list to the next."""


def talking(at: float = 10) -> Rig:
    rig = Rig(config(group(agents="A")))
    rig.log_in("A")
    rig.call("c1", key="1")
    rig.pick_up("c1", at=seconds(at))
    return rig


def listed(rig: Rig, at: float, *, calls: bool = True, legs: bool = True) -> None:
    """Let the switch tell what it has up: all that the engine believes, or less."""
    rig.until(seconds(at))
    lines = tuple(rig.engine.live_calls()) if calls else ()
    up = [(id, leg) for id, view in rig.engine.live_calls().items() for leg, _number in view.legs] if legs else []
    rig.feed(e.CallsReconciled(at=seconds(at), calls=lines, legs=tuple(up), again=True))


def phase(rig: Rig) -> AgentPhase:
    return rig.engine.agent_phases()[AgentId("A")]


@pytest.mark.parametrize("gone", ["calls", "legs", "both"])
def test_an_agent_is_free_again_within_90_seconds_of_a_lost_hang_up(gone: str) -> None:
    """Whatever the switch has lost, the caller's line, the phone's leg or both; the talk counts to the last proof."""
    rig = talking()
    listed(rig, 20)
    listed(rig, 40)
    rig.confirms = False
    for at in (60, 80):  # the hang-up was just after 40
        listed(rig, at, calls=gone == "legs", legs=gone == "calls")
    rig.until(seconds(40 + 90))
    (ended,) = rig.told(facts.TalkEnded)
    assert (ended.talk.ended_at, ended.talk.suspect, ended.by.value) == (seconds(40), True, "switch")
    assert ended.length == 30 * SECOND
    assert [fact.outcome for fact in rig.told(facts.CallEnded)] == [CallOutcome.ANSWERED]
    (visit,) = rig.told(facts.VisitEnded)
    assert (visit.record.ended_at, visit.record.talk) == (seconds(40), 30 * SECOND)
    assert phase(rig) is AgentPhase.READY
    assert rig.engine.live_legs() == {}
    rig.call("c2", at=seconds(131), key="1")
    assert rig.offered() == "AA"


def test_one_list_that_lacks_a_call_ends_nothing() -> None:
    """The list may have overtaken the hang-up: the next event or list decides, and an exact end is charged exactly."""
    rig = talking()
    listed(rig, 20)
    listed(rig, 40, calls=False)
    listed(rig, 40 + CONFIRM / SECOND - 1, calls=False)
    assert phase(rig) is AgentPhase.TALKING
    rig.feed(e.CallerHungUp(at=seconds(45), call=C1))
    (ended,) = rig.told(facts.TalkEnded)
    assert (ended.talk.ended_at, ended.talk.suspect) == (seconds(45), False)


def test_a_call_that_is_back_in_the_next_list_was_never_away() -> None:
    """A doubt is forgotten by a list that has the call, and by any event of its line."""
    rig = talking()
    for at in (20, 60, 100):
        listed(rig, at, calls=False)
        listed(rig, at + EVERY)
    listed(rig, 140, calls=False)
    rig.feed(e.DigitPressed(at=seconds(150), call=C1, digit="5"))
    listed(rig, 160, calls=False)
    assert phase(rig) is AgentPhase.TALKING


def test_a_switch_that_falls_silent_loses_its_calls() -> None:
    """Where lists have come they must go on: 60 s without one, and the talk is given up at the last."""
    rig = talking()
    listed(rig, 20)
    rig.until(seconds(20 + LIFE / SECOND - 0.1))
    assert phase(rig) is AgentPhase.TALKING
    rig.confirms = False
    rig.until(seconds(20 + 90))
    (ended,) = rig.told(facts.TalkEnded)
    assert (ended.at, ended.talk.ended_at, ended.talk.suspect) == (seconds(80), seconds(20), True)
    assert phase(rig) is AgentPhase.READY
    assert [c for c in rig.commands if isinstance(c, commands.HangUp)] == [
        commands.HangUp(call=C1, cause=e.Cause.LEASE_EXPIRED)
    ]


@pytest.mark.parametrize("asked_once", [False, True])
def test_a_switch_that_is_not_asked_keeps_its_calls_for_a_day(asked_once: bool) -> None:
    """An embedder who does not go on asking is not punished: whoever waits for hours, waits."""
    rig = Rig(config(group(agents="A", max_wait=0)))
    rig.call("c1", key="1")
    if asked_once:
        rig.feed(e.CallsReconciled(at=seconds(0), calls=(C1,)))
    rig.until(seconds(UNLISTED / SECOND - 1))
    assert rig.engine.live_calls()[C1].state is CallState.WAITING
    rig.until(seconds(UNLISTED / SECOND))
    assert [fact.outcome for fact in rig.told(facts.CallEnded)] == [CallOutcome.FAILED]


STATES = sorted(LIVE - {CallState.OFFERED, CallState.RESERVED}, key=lambda state: state.value)


def test_a_recording_of_which_nothing_more_is_heard_is_missing_after_a_day() -> None:
    """When its call is not even remembered: told once as missing, and nothing of it stays; a message is only let go."""
    rig = Rig(config(group(agents="A"), agents={"A": {"record": True}}))
    rig.log_in("A")
    rig.call("c1", key="1")
    rig.pick_up("c1", at=seconds(5))
    rig.call("c2", at=seconds(20), key="7")
    (greeting,) = [told for told in rig.commands if isinstance(told, commands.Play) and "box.wav" in told.prompts]
    rig.feed(e.PlaybackEnded(at=seconds(21), call=CallId("c2"), play=greeting.play))
    for id, at in (("c1", 30), ("c2", 40)):
        rig.feed(e.CallerHungUp(at=seconds(at), call=CallId(id)))
    assert [tape["call"] for _id, tape in json.loads(rig.engine.dump())["tapes"]] == ["c1", "c2"]
    day = 86_400
    for id, at in (("c3", day), ("c4", day + 35)):
        rig.call(id, at=seconds(at))
        rig.feed(e.CallerHungUp(at=seconds(at), call=CallId(id)))
    assert [(fact.call, fact.missing) for fact in rig.told(facts.RecordingEnded)] == [("c1", True)]
    assert [id[:2] for id, _tape in json.loads(rig.engine.dump())["tapes"]] == ["c2"]
    rig.call("c5", at=seconds(2 * day))
    rig.feed(e.CallerHungUp(at=seconds(2 * day), call=CallId("c5")))
    assert json.loads(rig.engine.dump())["tapes"] == []
    assert len(rig.told(facts.RecordingEnded)) == 1


@pytest.mark.parametrize(("known_s", "lease_s"), [(None, 600), (5, 35), (700, 730)])
def test_the_end_of_a_play_that_is_never_told_is_waited_for_as_long_as_it_plays(
    known_s: int | None, lease_s: int
) -> None:
    """A lost end keeps a caller no longer than the file and half a minute, and a file of ten minutes is not cut off."""
    lengths = {} if known_s is None else {PromptName("box.wav"): Duration(known_s * SECOND)}
    rig = Rig(changed(config(group()), prompt_lengths=lengths))
    rig.call(key="7")
    rig.until(seconds(lease_s - 1))
    assert [told for told in rig.commands if isinstance(told, commands.Record)] == []
    rig.until(seconds(lease_s))
    assert len([told for told in rig.commands if isinstance(told, commands.Record)]) == 1


def vanish(rig: Rig) -> None:
    for at in (5, 10, 15):
        rig.feed(e.CallsReconciled(at=seconds(at)))


def silence(rig: Rig) -> None:
    rig.feed(e.CallsReconciled(at=seconds(0), calls=(C1,), legs=tuple((C1, leg) for leg in rig.legs()), again=True))
    rig.until(seconds(90))


@pytest.mark.parametrize("lose", [vanish, silence], ids=["vanished", "silent"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.value)
def test_a_call_is_given_up_in_every_state(state: CallState, lose: Callable[[Rig], None]) -> None:
    """It ends once; no leg, timer, line or agent remembers it, and nothing impossible was seen."""
    rig = BUILD[state]()
    rig.answers = rig.confirms = False
    lose(rig)
    rig.until(seconds(95))
    assert len(rig.told(facts.CallEnded)) == 1
    assert not rig.told(facts.ImpossibleEvent)
    assert (rig.engine.live_calls(), rig.engine.live_legs(), rig.engine.waiting()["1"]) == ({}, {}, 0)
    busy = {AgentPhase.OFFERED, AgentPhase.TALKING}
    assert not busy & set(rig.engine.agent_phases().values())
    opened = [fact.offer for fact in rig.told(facts.AgentOffered)]
    assert sorted(opened) == sorted(fact.offer for fact in rig.told(facts.OfferEnded))


def test_what_nobody_knows_is_hung_up_when_a_second_list_has_it() -> None:
    """A line of a call that is over, a call that never was, a leg without its call: hung up, each list again."""
    rig = Rig()
    rig.call("c1")
    rig.feed(e.CallerHungUp(at=seconds(1), call=C1))
    lines, legs = (C1, CallId("c9")), ((C1, LegId("c1/L1")),)
    first = rig.engine.handle(e.CallsReconciled(at=seconds(20), calls=lines, legs=legs))
    assert first.commands == ()
    assert [type(fact) for fact in first.facts] == [facts.StaleEvent] * 3
    second = rig.engine.handle(e.CallsReconciled(at=seconds(40), calls=lines, legs=legs))
    expired = e.Cause.LEASE_EXPIRED
    assert second.commands == (
        commands.HangUp(call=C1, cause=expired),
        commands.HangUp(call=CallId("c9"), cause=expired),
        commands.HangUpLeg(call=C1, leg=LegId("c1/L1"), cause=expired),
    )
    rig.engine.handle(e.CallsReconciled(at=seconds(60)))
    again = rig.engine.handle(e.CallsReconciled(at=seconds(80), calls=lines, legs=legs))
    assert again.commands == ()


def test_doubts_and_strangers_survive_a_dump() -> None:
    """Between two lists an engine may be dumped and loaded: the second list does what it would have done."""
    rig = talking()
    listed(rig, 20)
    lost = e.CallsReconciled(at=seconds(40), calls=(CallId("c9"),))
    rig.engine.handle(lost)
    other = Engine.load(rig.config, rig.engine.dump())
    later = e.CallsReconciled(at=seconds(60), calls=(CallId("c9"),))
    assert other.handle(later) == rig.engine.handle(later)
    assert other.dump() == rig.engine.dump()
