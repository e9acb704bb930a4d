"""The engine of one center: events in, commands and facts out; no clock, no I/O, no dice of its own.

One writer: an engine is not thread-safe and has no locks. A host keeps one for each center, feeds it every event in
the order of their times, sends the commands, and arms ONE timer for :meth:`Engine.next_deadline` after each step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from callcenter.engine.agents import Input, Told, tell_station
from callcenter.engine.floor import Floor
from callcenter.engine.login import log_in_refusal
from callcenter.engine.offers import end_offer, give_out, hunger
from callcenter.engine.routes import follow
from callcenter.engine.sessions import as_of
from callcenter.engine.setup import configure, see_off
from callcenter.engine.snapshot import dump_floor, load_floor
from callcenter.engine.states import Call, CallState, Leg, Station, TimerKind
from callcenter.engine.transitions import IMPOSSIBLE, LEG_EVENTS, TRANSITIONS, Row, What
from callcenter.engine.visits import is_empty, leave
from callcenter.model import commands, events, facts
from callcenter.model.commands import Command
from callcenter.model.directory import CenterConfig
from callcenter.model.events import Cause, Event
from callcenter.model.facts import AgentPhase, CallOutcome, Fact, LeftReason, OfferOutcome, RejectReason
from callcenter.model.ids import AgentId, CallId, LegId, agent_key
from callcenter.model.records import Party, PartyKind, WorkSession
from callcenter.model.times import Duration, Instant
from callcenter.model.value import value
from callcenter.routing import RANKINGS, KeyOf, Ranking

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


@value
class Outcome:
    """What an event led to, both in order.

    Attributes:
        commands: To be sent after the facts are durable.
        facts: To be written down.
    """

    commands: tuple[Command, ...] = ()
    facts: tuple[Fact, ...] = ()


@value
class CallView:
    """A live call, as an auditor or a wallboard may see it.

    Attributes:
        legs: Its legs that are not told to end, with their numbers.
        party: Who talks to the caller.
    """

    state: CallState
    legs: tuple[tuple[LegId, str], ...]
    party: Party | None
    group: str


class Engine:
    """The life of every call and agent of one center.

    Args:
        config: The center as it is configured now.
        seed: For rankings by chance; the same seed and events give the same facts, byte for byte.
        rankings: Rankings of the user's by name, beside those of :data:`callcenter.routing.RANKINGS`.
    """

    def __init__(self, config: CenterConfig, *, seed: int = 0, rankings: Mapping[str, KeyOf] | None = None) -> None:
        self._floor = Floor(config, seed, _registry(rankings))
        configure(self._floor, config)

    # ------------------------------------------------------------ the contract

    def handle(self, event: Event) -> Outcome:
        """Take an event and return what it led to. Total: no event raises.

        Timers that were due before the event fire first, at their own time. A time before the last one is taken as
        the last one, and noted.
        """
        floor = self._floor
        at = event.at
        if at < floor.now:
            floor.tell(facts.ClockWentBack(at=floor.now, by=Duration(floor.now - at)))
            at = floor.now
        due = self.next_deadline()
        if due is not None and due <= at:
            self._catch_up(at)
            floor.now = at
            self._rest_over()
        else:
            floor.now = at
        kind = type(event)
        if kind in _CALL_OF:
            self._call_event(event, kind)
        elif kind in _AGENT_INPUTS:
            self._agent_event(event, _AGENT_INPUTS[kind])
        else:
            self._other_event(event)
        self._settle()
        return self._outcome()

    def next_deadline(self) -> Instant | None:
        """Return when :meth:`handle_timer` is wanted next, or None."""
        due, rest = self._floor.timers.due(), self._floor.rests.due()
        if due is None or rest is None:
            return rest if due is None else due
        return min(rest, due)

    def handle_timer(self, now: Instant) -> Outcome:
        """Fire the first timer that is due at ``now`` or before; before the deadline, nothing.

        One timer a step, in the order of time and setting: what it asks about money is answered, and what phones do at
        the same instant comes, before the next one fires. A host calls it while :meth:`next_deadline` is due.
        """
        floor = self._floor
        due = self.next_deadline()
        if due is not None and due <= now:
            self._fire_next(due)
            due = self.next_deadline()
        if due is None or due > now:
            floor.now = max(floor.now, now)
        return self._outcome()

    def dump(self) -> str:
        """Return the whole state as JSON; it can be loaded at any moment, and goes on identically."""
        return dump_floor(self._floor)

    @classmethod
    def load(cls, config: CenterConfig, blob: str, *, rankings: Mapping[str, KeyOf] | None = None) -> Engine:
        """Return the engine of a dump, under the configuration that it had then.

        Raises:
            CallCenterError: E706, for a blob that is no dump of this version.
        """
        engine = cls(config, rankings=rankings)
        engine._floor = load_floor(config, blob, engine._floor.rankings)
        return engine

    # ------------------------------------------------------------ looking in

    @property
    def config(self) -> CenterConfig:
        """The configuration in force."""
        return self._floor.config

    def live_calls(self) -> dict[CallId, CallView]:
        """Return the calls that are not over."""
        floor = self._floor
        legs: dict[CallId, list[tuple[LegId, str]]] = {}
        for leg in floor.legs.values():
            if not leg.ending:
                legs.setdefault(leg.call, []).append((leg.id, leg.number))
        return {
            id: CallView(
                state=call.state,
                legs=tuple(legs.get(id, ())),
                party=call.talk.party if call.talk else None,
                group=call.visit.group if call.visit else "",
            )
            for id, call in floor.calls.items()
        }

    def live_legs(self) -> dict[LegId, str]:
        """Return every leg that the engine believes live, with its number; also those told to end."""
        return {id: leg.number for id, leg in self._floor.legs.items()}

    def agent_phases(self) -> dict[AgentId, AgentPhase]:
        """Return the state of every agent."""
        stations = self._floor.stations.values()
        return {station.agent.id: station.phase for station in stations if station.agent is not None}

    def sessions(self, now: Instant) -> tuple[WorkSession, ...]:
        """Return the log-ins that go on, as of a moment; their parts add up to it."""
        stations = self._floor.stations.values()
        return tuple(as_of(s.session, now) for s in stations if s.session is not None)

    def waiting(self) -> dict[str, int]:
        """Return how many callers each group holds that nobody talks to."""
        return {id: group.waiting() for id, group in self._floor.groups.items()}

    # ------------------------------------------------------------ time

    def _catch_up(self, before: Instant) -> None:
        """Fire every timer that is due before an instant, each at its own time."""
        at = self.next_deadline()
        while at is not None and at < before:
            self._fire_next(at)
            at = self.next_deadline()

    def _fire_next(self, at: Instant) -> None:
        """Fire the timer of a deadline, or end the rests that are over then."""
        floor = self._floor
        floor.now = max(floor.now, at)
        rested = self._rest_over()
        due = floor.timers.due()
        if not rested and due is not None and due <= floor.now:
            self._fire(*floor.timers.pop())
        self._settle()

    def _rest_over(self) -> bool:
        """End the wrap-ups and blocks that are over: they are over for every event of this moment (3.10.4)."""
        floor, over = self._floor, False
        due = floor.rests.due()
        while due is not None and due <= floor.now:
            _, owner = floor.rests.pop()
            tell_station(floor, floor.stations[owner], Input.TIME_UP)
            over = True
            due = floor.rests.due()
        return over

    def _fire(self, kind: TimerKind, owner: str) -> None:
        floor = self._floor
        if kind is TimerKind.GRACE:
            tell_station(floor, floor.stations[owner], Input.GRACE_OVER)
        elif kind is TimerKind.LEG_LEASE:
            self._leg_gone(floor.legs[LegId(owner)])
        elif kind is TimerKind.RING:
            leg = floor.legs[LegId(owner)]
            self._take(floor.calls[leg.call], kind, leg)
        else:
            self._take(floor.calls[CallId(owner)], kind, None)

    def _leg_gone(self, leg: Leg) -> None:
        """Free a phone whose end the switch never told: a lease keeps nothing for ever."""
        self._floor.drop_leg(leg)

    # ------------------------------------------------------------ events

    def _call_event(self, event: Any, kind: type[Any]) -> None:
        floor = self._floor
        if kind is events.CommandFailed and event.command == "Dial" and event.id in floor.legs:  # no phone rings
            event = events.LegFailed(at=event.at, call=event.call, leg=LegId(event.id), cause=Cause.UNREACHABLE)
            kind = events.LegFailed
        id = self._talks_to(event.party) if kind in _BY_PARTY else event.call
        call = floor.calls.get(id) if id is not None else None
        if call is None:
            state = CallState.ENDED if id is None or id in floor.ended else CallState.NEW
            if kind is events.CallOffered and state is CallState.NEW:
                TRANSITIONS[state, kind][0](floor, None, event)
            elif kind in LEG_EVENTS:
                self._foreign_leg(event, kind, state)
            else:
                self._unwanted(event, kind, state)
            return
        if kind in LEG_EVENTS and not self._leg_of(event, call):
            self._foreign_leg(event, kind, call.state)
        elif kind is events.PlaybackEnded and event.play != call.play and (call.state, kind) in TRANSITIONS:
            self._tell_stale(event, call.state)  # the end of another play
        else:
            self._take(call, kind, event)

    def _take(self, call: Call, what: What, event: Any) -> None:
        row = _ROWS[call.state].get(what)
        if row is None:
            self._unwanted(event, what, call.state)
            return
        step, leads_to = row
        target = step(self._floor, call, event)
        if target is not None:
            follow(self._floor, call, target)
        assert call.state in leads_to, (call.id, what, call.state)

    def _unwanted(self, event: Any, what: What, state: CallState) -> None:
        """Ignore and count what came too late; report what cannot be."""
        if (state, what) in IMPOSSIBLE:
            floor = self._floor
            name, id = self._named(event)
            floor.tell(facts.ImpossibleEvent(at=floor.now, event=name, state=state.value, id=id))
        else:
            self._tell_stale(event, state)

    def _tell_stale(self, event: Any, state: CallState) -> None:
        name, id = self._named(event)
        self._floor.tell(facts.StaleEvent(at=self._floor.now, event=name, state=state.value, id=id))

    @staticmethod
    def _named(event: Any) -> tuple[str, str]:
        return type(event).__name__, str(getattr(event, "call", getattr(event, "party", "")))

    def _talks_to(self, party: Party) -> CallId | None:
        floor = self._floor
        if party.kind is PartyKind.AGENT:
            station = floor.stations.get(agent_key(party.id))
            return station.call if station is not None else None
        return next((id for id, call in floor.calls.items() if call.talk and call.talk.party == party), None)

    # ------------------------------------------------------------ legs that are not the call's any more

    def _leg_of(self, event: Any, call: Call) -> bool:
        leg = self._floor.legs.get(event.leg)
        return leg is not None and leg.call == call.id and not leg.ending

    def _foreign_leg(self, event: Any, kind: type[Any], state: CallState) -> None:
        """Free the phone of a leg that was told to end; hang up one that answers too late."""
        floor = self._floor
        leg = floor.legs.get(event.leg)
        if leg is not None and leg.ending and kind in {events.LegEnded, events.LegFailed}:
            floor.drop_leg(leg)
            return
        if kind is events.LegAnswered:
            floor.order(commands.HangUpLeg(call=event.call, leg=event.leg, cause=Cause.ANSWERED_ELSEWHERE))
        if leg is None and (state, kind) in IMPOSSIBLE:
            self._unwanted(event, kind, state)
        else:
            self._tell_stale(event, state)

    # ------------------------------------------------------------ agents, recordings, configuration

    def _agent_event(self, event: Any, entry: Input) -> None:
        floor = self._floor
        station = floor.stations.get(agent_key(event.agent))
        if station is None or station.agent is None:
            if entry is Input.LOG_IN:
                floor.tell(facts.LogInRefused(at=floor.now, agent=event.agent, reason="unknown"))
            else:
                self._tell_stale(event, CallState.NEW)
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
        self._tell_agent(event, station, entry, told)

    def _tell_agent(self, event: Any, station: Station, entry: Input, told: Told) -> None:
        if not tell_station(self._floor, station, entry, told):
            floor = self._floor
            name = type(event).__name__
            floor.tell(facts.StaleEvent(at=floor.now, event=name, state=station.phase.value, id=station.id))
        elif station.phase is AgentPhase.OFFERED and station.pending is not None:
            self._withdraw(station)  # V14: who goes away while offered is offered nothing, in this step
            if entry is Input.LOG_IN:
                tell_station(self._floor, station, entry, told)

    def _withdraw(self, station: Station) -> None:
        floor = self._floor
        call = floor.calls[station.call] if station.call is not None else None
        if call is None or station.offer is None:
            return
        end_offer(floor, call, call.offers[station.offer], OfferOutcome.CANCELLED, Cause.NORMAL, Input.OFFER_GONE)
        if not call.offers:
            hunger(floor, call)

    def _other_event(self, event: Any) -> None:
        floor = self._floor
        match event:
            case events.RecordingEnded():
                self._recording_ended(event)
            case events.ConfigChanged():
                for station in configure(floor, event.config):
                    self._withdraw(station)
            case events.CapReached():
                floor.day_cap = event.reached
            case _:
                name, id = self._named(event)
                floor.tell(facts.ImpossibleEvent(at=floor.now, event=name, state="", id=id))

    def _recording_ended(self, event: events.RecordingEnded) -> None:
        floor = self._floor
        tape = floor.tapes.pop(event.recording, None)
        if tape is None:
            self._tell_stale(event, CallState.ENDED)
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

    # ------------------------------------------------------------ coupling

    def _settle(self) -> None:
        """Run to a fixed point: nobody waits in an empty group that sends away, no caller and agent idle (V10)."""
        floor = self._floor
        if floor.hungry:
            self._empty_groups()
            while give_out(floor):
                self._empty_groups()
        if floor.leaving:
            see_off(floor)

    def _empty_groups(self) -> None:
        floor = self._floor
        for group in list(floor.hungry.values()):
            absences = group.config.leave_when_empty
            if absences and is_empty(floor, group, absences):
                for ticket in list(group.line):
                    call = floor.calls[ticket.call]
                    if not call.offers:  # not while it is being rung (3.10.5)
                        leave(floor, call, LeftReason.EMPTY)
                        follow(floor, call, group.config.on_empty)

    def _outcome(self) -> Outcome:
        floor = self._floor
        outcome = Outcome(commands=tuple(floor.commands), facts=tuple(floor.facts))
        floor.commands, floor.facts = [], []
        return outcome


def _registry(rankings: Mapping[str, KeyOf] | None) -> Mapping[str, Ranking]:
    """Return the rankings of the house and the user's, of whose keys nothing is promised."""
    own = {name: Ranking(name=name, key=key) for name, key in (rankings or {}).items()}
    return {**RANKINGS, **own}


_CALL_OF: Final = frozenset(what for _, what in TRANSITIONS if isinstance(what, type)) | frozenset(_BY_PARTY)


def refuse_unknown(event: events.CallOffered) -> Outcome:
    """Return what becomes of a call to a number that no center of a host has (K1)."""
    id = event.call
    return Outcome(
        commands=(commands.Reject(call=id, reason=RejectReason.UNKNOWN_NUMBER.value),),
        facts=(
            facts.CallOffered(at=event.at, call=id, caller=event.caller, dialled=event.dialled),
            facts.CallRejected(at=event.at, call=id, reason=RejectReason.UNKNOWN_NUMBER),
            facts.CallEnded(at=event.at, call=id, outcome=CallOutcome.REJECTED),
        ),
    )


__all__ = ["CallView", "Engine", "Outcome", "refuse_unknown"]
