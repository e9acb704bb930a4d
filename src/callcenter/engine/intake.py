"""Events come in: each finds its call or agent, passes the gates, and the table says what it means.

Two gates stand before the table of a call. An event of a leg is looked up by its leg: one that is not the call's any
more only frees its phone, or is hung up when it answers. The end of a play counts only while that play is the one
that is heard.
"""

from __future__ import annotations

from collections.abc import Mapping
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
from callcenter.model import commands, events, facts
from callcenter.model.events import Cause
from callcenter.model.facts import AgentPhase, OfferOutcome
from callcenter.model.ids import CallId, LegId, agent_key
from callcenter.model.records import Party, PartyKind

_AGENT_INPUTS: Final[Mapping[type[Any], Input]] = {
    events.AgentLoggedIn: Input.LOG_IN,
    events.AgentLoggedOut: Input.LOG_OUT,
    events.AgentReady: Input.READY,
    events.AgentNotReady: Input.NOT_READY,
    events.WrapUpDone: Input.WRAP_UP_DONE,
    events.AgentLost: Input.LOST,
    events.AgentReturned: Input.RETURNED,
}
_ROWS: Final[Mapping[CallState, Mapping[What, Row]]] = {
    state: {what: row for (of, what), row in TRANSITIONS.items() if of is state} for state in CallState
}
"""The table of a call by state, for the interpreter."""
_BY_PARTY: Final = (events.TransferRequested, events.CallHeld, events.CallRetrieved)


_CALL_OF: Final = frozenset(what for _, what in TRANSITIONS if isinstance(what, type)) - {events.CallsReconciled}
_SIGNS: Final = frozenset(
    {events.CallAnswered, events.DigitPressed, events.DigitsCollected, events.PlaybackEnded, events.CallerHungUp}
)
"""What only a living line of a caller can lead to."""


def take_event(floor: Floor, event: Any) -> None:
    """Let an event happen, at the floor's time."""
    kind = type(event)
    if kind in _CALL_OF:
        _call_event(floor, event, kind)
    elif kind in _AGENT_INPUTS:
        _agent_event(floor, event, _AGENT_INPUTS[kind])
    else:
        _other_event(floor, event)


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


def _call_event(floor: Floor, event: Any, kind: type[Any]) -> None:
    if kind is events.CommandFailed and event.command == "Dial" and event.id in floor.legs:  # no phone rings
        event = events.LegFailed(at=event.at, call=event.call, leg=LegId(event.id), cause=Cause.UNREACHABLE)
        kind = events.LegFailed
    id = _talks_to(floor, event.party) if kind in _BY_PARTY else event.call
    call = floor.calls.get(id) if id is not None else None
    if call is None:
        state = CallState.ENDED if id is None or id in floor.ended else CallState.NEW
        if kind is events.CallOffered and state is CallState.NEW:
            TRANSITIONS[state, kind][0](floor, None, event)
        elif kind in LEG_EVENTS:
            _foreign_leg(floor, event, kind, state)
        else:
            _unwanted(floor, event, kind, state)
        return
    if kind in _SIGNS:
        call.seen_at, call.missed_at = floor.now, None
    if kind in LEG_EVENTS and not _leg_of(floor, event, call):
        _foreign_leg(floor, event, kind, call.state)
    elif kind is events.PlaybackEnded and event.play != call.play and (call.state, kind) in TRANSITIONS:
        _tell_stale(floor, event, call.state)  # the end of another play
    else:
        _take(floor, call, kind, event)


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


def _leg_of(floor: Floor, event: Any, call: Call) -> bool:
    leg = floor.legs.get(event.leg)
    return leg is not None and leg.call == call.id and not leg.ending


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


def _agent_event(floor: Floor, event: Any, entry: Input) -> None:
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


def _other_event(floor: Floor, event: Any) -> None:
    match event:
        case events.RecordingEnded():
            _recording_ended(floor, event)
        case events.ConfigChanged():
            for station in configure(floor, event.config):
                _withdraw(floor, station)
        case events.CapReached():
            floor.day_cap = event.reached
        case events.CallsReconciled():
            compare(floor, event, _take)
        case _:
            name, id = _named(event)
            floor.tell(facts.ImpossibleEvent(at=floor.now, event=name, state="", id=id))


def _recording_ended(floor: Floor, event: events.RecordingEnded) -> None:
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
