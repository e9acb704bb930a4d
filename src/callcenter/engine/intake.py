"""Events come in: each kind by its gate, which finds the call or agent; then the table says what it means.

Gates know what the table of a call does not. What only a living line can lead to is a sign of life. An event of a leg
is looked up by its leg: one that is not the call's any more only frees its phone, or is hung up when it answers. The
end of a play counts only while that play is the one that is heard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from callcenter.engine.agent_steps import Told
from callcenter.engine.agents import Input, tell_station
from callcenter.engine.floor import Floor
from callcenter.engine.leases import compare
from callcenter.engine.login import log_in_refusal
from callcenter.engine.offers import end_offer, hunger
from callcenter.engine.routes import follow
from callcenter.engine.setup import configure
from callcenter.engine.states import Call, CallState, Leg, Station, TimerKind
from callcenter.engine.transitions import IMPOSSIBLE, LEG_EVENTS, TRANSITIONS, Row, What
from callcenter.model import events
from callcenter.model.events import Cause
from callcenter.model.facts import AgentPhase, OfferOutcome
from callcenter.model.ids import CallId, LegId, agent_key
from callcenter.model.made import commands, facts
from callcenter.model.records import Party, PartyKind

_ROWS: Final[Mapping[CallState, Mapping[What, Row]]] = {
    state: {what: row for (of, what), row in TRANSITIONS.items() if of is state} for state in CallState
}
"""The table of a call by state, for the interpreter."""
Gate = Callable[[Floor, Any, type[Any]], None]


def take_event(floor: Floor, event: Any) -> None:
    """Let an event happen, at the floor's time."""
    kind = type(event)
    _GATES.get(kind, _unknown)(floor, event, kind)


def fire(floor: Floor, kind: TimerKind, owner: str) -> None:
    """Let a timer fire: of an agent, of a leg, or of a call, whose table has a row for it."""
    if kind is TimerKind.GRACE:
        tell_station(floor, floor.stations[owner], Input.GRACE_OVER)
    elif kind is TimerKind.LEG_LEASE:
        _leg_gone(floor, floor.legs[LegId(owner)])
    elif kind is TimerKind.RING:
        leg = floor.legs[LegId(owner)]
        _take(floor, floor.calls[leg.call], kind, leg)
    else:
        _take(floor, floor.calls[CallId(owner)], kind, None)


def _leg_gone(floor: Floor, leg: Leg) -> None:
    """Free a phone whose end the switch never told: a lease keeps nothing for ever."""
    floor.drop_leg(leg)


# ---------------------------------------------------------------- events


def _line_event(floor: Floor, event: Any, kind: type[Any]) -> None:
    """Take an event that only a living line of a caller can lead to: it is a sign of life."""
    call = floor.calls.get(event.call)
    if call is None:
        _no_call(floor, event, kind, event.call)
    else:
        call.seen_at, call.missed_at = floor.now, None
        _take(floor, call, kind, event)


def _play_event(floor: Floor, event: events.PlaybackEnded, kind: type[Any]) -> None:
    call = floor.calls.get(event.call)
    if call is not None and event.play != call.play and kind in _ROWS[call.state]:
        call.seen_at, call.missed_at = floor.now, None
        _tell_stale(floor, event, call.state)  # the end of another play
    else:
        _line_event(floor, event, kind)


def _host_event(floor: Floor, event: Any, kind: type[Any]) -> None:
    """Take an event of a call that says nothing of its line."""
    call = floor.calls.get(event.call)
    if call is None:
        _no_call(floor, event, kind, event.call)
    else:
        _take(floor, call, kind, event)


def _party_event(floor: Floor, event: Any, kind: type[Any]) -> None:
    """Take what the one who talks asks for."""
    id = _talks_to(floor, event.party)
    call = floor.calls.get(id) if id is not None else None
    if call is None:
        _no_call(floor, event, kind, id)
    else:
        _take(floor, call, kind, event)


def _leg_event(floor: Floor, event: Any, kind: type[Any]) -> None:
    call = floor.calls.get(event.call)
    leg = floor.legs.get(event.leg)
    if call is None or leg is None or leg.ending or leg.call != call.id:
        _foreign_leg(floor, event, kind, call.state if call is not None else _state_without_call(floor, event.call))
    else:
        _take(floor, call, kind, event)


def _command_failed(floor: Floor, event: events.CommandFailed, kind: type[Any]) -> None:
    if event.command == "Dial" and event.id in floor.legs:  # no phone rings
        failed = events.LegFailed(at=event.at, call=event.call, leg=LegId(event.id), cause=Cause.UNREACHABLE)
        _leg_event(floor, failed, events.LegFailed)
    else:
        _host_event(floor, event, kind)


def _no_call(floor: Floor, event: Any, kind: type[Any], id: CallId | None) -> None:
    state = _state_without_call(floor, id)
    if kind is events.CallOffered and state is CallState.NEW:
        TRANSITIONS[state, kind][0](floor, None, event)
    else:
        _unwanted(floor, event, kind, state)


def _state_without_call(floor: Floor, id: CallId | None) -> CallState:
    return CallState.ENDED if id is None or id in floor.ended else CallState.NEW


def _take(floor: Floor, call: Call, what: What, event: Any) -> None:
    row = _ROWS[call.state].get(what)
    if row is None:
        _unwanted(floor, event, what, call.state)
        return
    step, leads_to = row
    target = step(floor, call, event)
    if target is not None:
        follow(floor, call, target)
    assert call.state in leads_to, (call.id, what, call.state)


def _unwanted(floor: Floor, event: Any, what: What, state: CallState) -> None:
    """Ignore and count what came too late; report what cannot be."""
    if (state, what) in IMPOSSIBLE:
        name, id = _named(event)
        floor.tell(facts.ImpossibleEvent(at=floor.now, event=name, state=state.value, id=id))
    else:
        _tell_stale(floor, event, state)


def _tell_stale(floor: Floor, event: Any, state: CallState) -> None:
    name, id = _named(event)
    floor.tell(facts.StaleEvent(at=floor.now, event=name, state=state.value, id=id))


def _named(event: Any) -> tuple[str, str]:
    return type(event).__name__, str(getattr(event, "call", getattr(event, "party", "")))


def _talks_to(floor: Floor, party: Party) -> CallId | None:
    if party.kind is PartyKind.AGENT:
        station = floor.stations.get(agent_key(party.id))
        return station.call if station is not None else None
    return next((id for id, call in floor.calls.items() if call.talk and call.talk.party == party), None)


# ---------------------------------------------------------------- legs that are not the call's any more


def _foreign_leg(floor: Floor, event: Any, kind: type[Any], state: CallState) -> None:
    """Free the phone of a leg that was told to end; hang up one that answers too late."""
    leg = floor.legs.get(event.leg)
    if leg is not None and leg.ending and kind in {events.LegEnded, events.LegFailed}:
        floor.drop_leg(leg)
        return
    if kind is events.LegAnswered:
        floor.order(commands.HangUpLeg(call=event.call, leg=event.leg, cause=Cause.ANSWERED_ELSEWHERE))
    if leg is None and (state, kind) in IMPOSSIBLE:
        _unwanted(floor, event, kind, state)
    else:
        _tell_stale(floor, event, state)


# ---------------------------------------------------------------- agents, recordings, configuration


def _agent_event(floor: Floor, event: Any, kind: type[Any]) -> None:
    entry = _AGENT_INPUTS[kind]
    station = floor.stations.get(agent_key(event.agent))
    if station is None or station.agent is None:
        if entry is Input.LOG_IN:
            floor.tell(facts.LogInRefused(at=floor.now, agent=event.agent, reason="unknown"))
        else:
            _tell_stale(floor, event, CallState.NEW)
        return
    told = Told()
    if entry is Input.LOG_IN:
        phone = event.phone or station.agent.phone
        refusal = log_in_refusal(floor, station, phone)
        if refusal:
            floor.tell(facts.LogInRefused(at=floor.now, agent=station.agent.id, reason=refusal))
            return
        told = Told(phone=phone, address=event.address, reason="login")
    elif entry is Input.NOT_READY:
        told = Told(reason=event.reason)
    elif entry is Input.LOG_OUT:
        told = Told(forced=event.forced)
    _tell_agent(floor, event, station, entry, told)


def _tell_agent(floor: Floor, event: Any, station: Station, entry: Input, told: Told) -> None:
    if not tell_station(floor, station, entry, told):
        name = type(event).__name__
        floor.tell(facts.StaleEvent(at=floor.now, event=name, state=station.phase.value, id=station.id))
    elif station.phase is AgentPhase.OFFERED and station.pending is not None:
        _withdraw(floor, station)  # V14: who goes away while offered is offered nothing, in this step
        if entry is Input.LOG_IN:
            tell_station(floor, station, entry, told)


def _withdraw(floor: Floor, station: Station) -> None:
    call = floor.calls[station.call] if station.call is not None else None
    if call is None or station.offer is None:
        return
    end_offer(floor, call, call.offers[station.offer], OfferOutcome.CANCELLED, Cause.NORMAL, Input.OFFER_GONE)
    if not call.offers:
        hunger(floor, call)


def _config_changed(floor: Floor, event: events.ConfigChanged, kind: type[Any]) -> None:
    for station in configure(floor, event.config):
        _withdraw(floor, station)


def _cap_reached(floor: Floor, event: events.CapReached, kind: type[Any]) -> None:
    floor.day_cap = event.reached


def _reconciled(floor: Floor, event: events.CallsReconciled, kind: type[Any]) -> None:
    compare(floor, event, _take)


def _unknown(floor: Floor, event: Any, kind: type[Any]) -> None:
    name, id = _named(event)
    floor.tell(facts.ImpossibleEvent(at=floor.now, event=name, state="", id=id))


def _recording_ended(floor: Floor, event: events.RecordingEnded, kind: type[Any]) -> None:
    tape = floor.tapes.pop(event.recording, None)
    if tape is None:
        _tell_stale(floor, event, CallState.ENDED)
    elif tape.box is None:
        floor.tell(
            facts.RecordingEnded(
                at=floor.now,
                call=tape.call,
                recording=event.recording,
                length=event.length,
                missing=event.missing,
            )
        )


_AGENT_INPUTS: Final[Mapping[type[Any], Input]] = {
    events.AgentLoggedIn: Input.LOG_IN,
    events.AgentLoggedOut: Input.LOG_OUT,
    events.AgentReady: Input.READY,
    events.AgentNotReady: Input.NOT_READY,
    events.WrapUpDone: Input.WRAP_UP_DONE,
    events.AgentLost: Input.LOST,
    events.AgentReturned: Input.RETURNED,
}
_GATES: Final[Mapping[type[Any], Gate]] = {
    events.CallOffered: _host_event,
    events.CallAnswered: _line_event,
    events.DigitPressed: _line_event,
    events.DigitsCollected: _line_event,
    events.CallerHungUp: _line_event,
    events.PlaybackEnded: _play_event,
    events.CreditGranted: _host_event,
    events.CreditRefused: _host_event,
    events.HostAnswered: _host_event,
    events.CommandFailed: _command_failed,
    events.TransferRequested: _party_event,
    events.CallHeld: _party_event,
    events.CallRetrieved: _party_event,
    **dict.fromkeys(LEG_EVENTS, _leg_event),
    **dict.fromkeys(_AGENT_INPUTS, _agent_event),
    events.RecordingEnded: _recording_ended,
    events.ConfigChanged: _config_changed,
    events.CapReached: _cap_reached,
    events.CallsReconciled: _reconciled,
}
"""Through which gate an event comes in."""
