"""Every (state, event) pair of a call and of an agent is decided, and behaves as it is decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from callcenter.engine import agents
from callcenter.engine.agents import Input
from callcenter.engine.states import CallState
from callcenter.engine.transitions import CALL_EVENTS, CALL_TIMERS, IMPOSSIBLE, STALE, TRANSITIONS
from callcenter.model import events as e, facts
from callcenter.model.facts import AgentPhase
from callcenter.model.ids import AgentId, CallId, LegId, PlayId, PromptName
from callcenter.model.records import Party, PartyKind
from callcenter.model.times import SECOND
from tests.engine.rig import ACCESS, CALLER, Rig, config, group, seconds, target

C1 = CallId("c1")
NOW = seconds(1)
ALL_CALL = [(state, what) for state in CallState for what in (*CALL_EVENTS, *CALL_TIMERS)]
ALL_AGENT = [(phase, entry) for phase in AgentPhase for entry in Input]


def named(pair: Any) -> str:
    state, what = pair
    return f"{state.value}-{getattr(what, '__name__', None) or what.value}"


@pytest.mark.parametrize("pair", ALL_CALL, ids=named)
def test_each_pair_of_a_call_is_in_exactly_one_set(pair: tuple[CallState, Any]) -> None:
    """A pair is handled, stale or impossible, and never two of them."""
    assert [pair in TRANSITIONS, pair in STALE, pair in IMPOSSIBLE].count(True) == 1


@pytest.mark.parametrize("pair", ALL_AGENT, ids=named)
def test_each_pair_of_an_agent_is_in_exactly_one_set(pair: tuple[AgentPhase, Input]) -> None:
    """A pair is handled, stale or impossible, and never two of them."""
    assert [pair in agents.TRANSITIONS, pair in agents.STALE, pair in agents.IMPOSSIBLE].count(True) == 1


# ---------------------------------------------------------------- a call in each state


def in_new() -> Rig:
    return Rig()


def in_offered() -> Rig:
    rig = Rig(credit=False)
    rig.call()
    return rig


def in_answering() -> Rig:
    rig = Rig()
    rig.answers = False
    rig.call()
    return rig


def in_menu() -> Rig:
    rig = Rig()
    rig.call()
    return rig


def in_waiting() -> Rig:
    rig = Rig()
    rig.call(key="1")
    return rig


def in_reserved() -> Rig:
    rig = Rig()
    rig.log_in()
    rig.call()
    rig.credit = False
    rig.press("c1", "1", seconds(0))
    return rig


def in_ringing() -> Rig:
    rig = Rig()
    rig.log_in()
    rig.call(key="1")
    return rig


def in_dialling() -> Rig:
    rig = Rig()
    rig.call(key="9")
    return rig


def in_announcing() -> Rig:
    rig = Rig(config(group(announce_agent_id=True)))
    rig.log_in()
    rig.call(key="1")
    rig.pick_up()
    return rig


def in_talking() -> Rig:
    rig = in_ringing()
    rig.pick_up()
    return rig


def in_closed_hours() -> Rig:
    rig = Rig()
    rig.call(key="8")
    return rig


def in_voicemail() -> Rig:
    rig = Rig()
    rig.call(key="7")
    return rig


def in_closing() -> Rig:
    rig = Rig()
    rig.log_in()
    rig.call()
    rig.credit = False
    rig.press("c1", "1", seconds(0))
    rig.feed(e.CreditRefused(at=seconds(0), call=C1))
    return rig


def in_ended() -> Rig:
    rig = in_menu()
    rig.feed(e.CallerHungUp(at=seconds(0), call=C1))
    return rig


BUILD: dict[CallState, Callable[[], Rig]] = {
    CallState.NEW: in_new,
    CallState.OFFERED: in_offered,
    CallState.ANSWERING: in_answering,
    CallState.MENU: in_menu,
    CallState.WAITING: in_waiting,
    CallState.RESERVED: in_reserved,
    CallState.RINGING: in_ringing,
    CallState.DIALLING: in_dialling,
    CallState.ANNOUNCING: in_announcing,
    CallState.TALKING: in_talking,
    CallState.CLOSED_HOURS: in_closed_hours,
    CallState.VOICEMAIL: in_voicemail,
    CallState.CLOSING: in_closing,
    CallState.ENDED: in_ended,
}


LIVE = frozenset(CallState) - {CallState.NEW, CallState.ENDED}


def state_of(rig: Rig) -> CallState:
    view = rig.engine.live_calls().get(C1)
    return view.state if view else (CallState.ENDED if rig.told(facts.CallEnded) else CallState.NEW)


def event_of(what: type[Any], rig: Rig) -> Any:
    """Return an event of a kind that is as right as it can be in the state the call is in."""
    legs = rig.legs()
    leg = legs[0] if legs else LegId("c1/L99")
    plays = [c.play for c in rig.commands if type(c).__name__ == "Play"]
    play = plays[-1] if plays else PlayId("c1/P99")
    party = Party(kind=PartyKind.AGENT, id="A")
    made: dict[type[Any], Any] = {
        e.CallOffered: lambda: e.CallOffered(at=NOW, call=C1, caller=CALLER, dialled=ACCESS),
        e.CallAnswered: lambda: e.CallAnswered(at=NOW, call=C1),
        e.DigitPressed: lambda: e.DigitPressed(at=NOW, call=C1, digit="5"),
        e.DigitsCollected: lambda: e.DigitsCollected(at=NOW, call=C1, play=play, digits="5"),
        e.PlaybackEnded: lambda: e.PlaybackEnded(at=NOW, call=C1, play=play),
        e.CallerHungUp: lambda: e.CallerHungUp(at=NOW, call=C1),
        e.LegRinging: lambda: e.LegRinging(at=NOW, call=C1, leg=leg),
        e.LegAnswered: lambda: e.LegAnswered(at=NOW, call=C1, leg=leg),
        e.LegFailed: lambda: e.LegFailed(at=NOW, call=C1, leg=leg, cause=e.Cause.BUSY),
        e.LegEnded: lambda: e.LegEnded(at=NOW, call=C1, leg=leg),
        e.CommandFailed: lambda: e.CommandFailed(at=NOW, call=C1, command="Answer", id="c1"),
        e.TransferRequested: lambda: e.TransferRequested(at=NOW, party=party, target=target("extension:801")),
        e.CallHeld: lambda: e.CallHeld(at=NOW, party=party),
        e.CallRetrieved: lambda: e.CallRetrieved(at=NOW, party=party),
        e.CreditGranted: lambda: e.CreditGranted(at=NOW, call=C1),
        e.CreditRefused: lambda: e.CreditRefused(at=NOW, call=C1),
        e.HostAnswered: lambda: e.HostAnswered(at=NOW, call=C1, question="q", answer="a"),
        e.CallsReconciled: lambda: e.CallsReconciled(at=NOW, calls=() if state_of(rig) in LIVE else (C1,)),
    }
    return made[what]()


NOTHING_PLAYS = {CallState.WAITING, CallState.RESERVED, CallState.RINGING, CallState.TALKING}
"""States in which something may play, and nothing does in these stories: the end told is of another play."""
EVENT_PAIRS = [(state, what) for state in CallState for what in CALL_EVENTS]


@pytest.mark.parametrize("state", list(BUILD), ids=lambda state: state.value)
def test_a_story_leads_to_each_state(state: CallState) -> None:
    """Every state can be reached."""
    assert state_of(BUILD[state]()) is state


@pytest.mark.parametrize("pair", EVENT_PAIRS, ids=named)
def test_each_event_in_each_state_does_what_the_table_says(pair: tuple[CallState, type[Any]]) -> None:
    """A row leads to one of its states; a stale event is counted, an impossible one reported, and neither changes."""
    state, what = pair
    rig = BUILD[state]()
    held = rig.engine.dump()
    rig.credit = rig.answers = rig.confirms = False
    event = event_of(what, rig)
    before = len(rig.facts)

    rig.engine.handle(event)  # total: nothing raises
    fresh = Rig(rig.config)
    fresh.engine = type(rig.engine).load(rig.config, held)
    outcome = fresh.engine.handle(event)

    told = [type(fact) for fact in outcome.facts]
    assert len(rig.facts) == before
    if pair in TRANSITIONS:
        assert facts.ImpossibleEvent not in told
        of_another = what is e.PlaybackEnded and state in NOTHING_PLAYS
        assert (facts.StaleEvent in told) == of_another
    elif pair in STALE:
        assert facts.StaleEvent in told
        assert facts.ImpossibleEvent not in told
    elif what in {e.TransferRequested, e.CallHeld, e.CallRetrieved}:
        assert {facts.ImpossibleEvent, facts.StaleEvent} & set(told)  # the party talks to no call at all
    else:
        assert facts.ImpossibleEvent in told
    if pair not in TRANSITIONS:
        view = fresh.engine.live_calls().get(C1)
        assert (view.state if view else state) is state


# ---------------------------------------------------------------- an agent in each state


def agent_in(phase: AgentPhase) -> Rig:
    rig = Rig(config(group(agents="AB", wrap_up=5 * SECOND)))
    if phase is AgentPhase.LOGGED_OUT:
        return rig
    rig.log_in("A")
    if phase is AgentPhase.NOT_READY:
        rig.feed(e.AgentNotReady(at=seconds(0), agent=AgentId("A"), reason="lunch"))
    if phase in {AgentPhase.READY, AgentPhase.NOT_READY}:
        return rig
    rig.call(key="1")
    if phase is AgentPhase.BLOCKED:
        rig.feed(e.LegFailed(at=seconds(0), call=C1, leg=rig.legs()[0], cause=e.Cause.BUSY))
    if phase in {AgentPhase.OFFERED, AgentPhase.BLOCKED}:
        return rig
    leg = rig.pick_up()
    if phase is AgentPhase.WRAP_UP:
        rig.feed(e.LegEnded(at=seconds(0), call=C1, leg=leg))
    return rig


PEOPLE: dict[Input, Callable[[], Any]] = {
    Input.LOG_IN: lambda: e.AgentLoggedIn(at=NOW, agent=AgentId("A")),
    Input.LOG_OUT: lambda: e.AgentLoggedOut(at=NOW, agent=AgentId("A")),
    Input.READY: lambda: e.AgentReady(at=NOW, agent=AgentId("A")),
    Input.NOT_READY: lambda: e.AgentNotReady(at=NOW, agent=AgentId("A"), reason="lunch"),
    Input.WRAP_UP_DONE: lambda: e.WrapUpDone(at=NOW, agent=AgentId("A")),
    Input.LOST: lambda: e.AgentLost(at=NOW, agent=AgentId("A")),
    Input.RETURNED: lambda: e.AgentReturned(at=NOW, agent=AgentId("A")),
}


@pytest.mark.parametrize("entry", list(PEOPLE), ids=lambda entry: entry.value)
@pytest.mark.parametrize("phase", list(AgentPhase), ids=lambda phase: phase.value)
def test_what_people_do_in_each_state_does_what_the_table_says(phase: AgentPhase, entry: Input) -> None:
    """What agents do is handled, or stale: people may press any button at any time."""
    rig = agent_in(phase)
    assert rig.engine.agent_phases()[AgentId("A")] is phase

    rig.feed(PEOPLE[entry]())

    stale = [fact for fact in rig.told(facts.StaleEvent) if fact.state == phase.value]
    if (phase, entry) in agents.STALE:
        assert stale
        assert rig.engine.agent_phases()[AgentId("A")] is phase
    else:
        assert not stale
        assert not rig.told(facts.ImpossibleEvent)


def test_timers_of_the_engine_are_only_set_where_the_table_has_a_row() -> None:
    """In each state, letting all time pass reports nothing as impossible and ends every call."""
    for state, build in BUILD.items():
        rig = build()
        rig.credit = rig.answers = True
        for _ in range(200):
            due = rig.engine.next_deadline()
            if due is None:
                break
            rig.until(due)
        assert not rig.told(facts.ImpossibleEvent), state


def test_a_missing_prompt_plays_nothing_and_changes_no_way() -> None:
    """A play without a voice file is over at once (rule 14)."""
    setting = config(group(announce_agent_id=True))
    silent = type(setting)(
        center=setting.center, trees=setting.trees, missing_prompts=frozenset({PromptName("agent_id")})
    )
    rig = Rig(silent)
    rig.log_in()
    rig.call(key="1")
    rig.pick_up()
    assert state_of(rig) is CallState.TALKING
    assert [fact.prompt for fact in rig.told(facts.PromptMissing)] == ["agent_id"]
