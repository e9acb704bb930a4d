"""The engine of one center: events in, commands and facts out; no clock, no I/O, no dice of its own.

One writer: an engine is not thread-safe and has no locks. A host keeps one for each center, feeds it every event in
the order of their times, sends the commands, and arms ONE timer for :meth:`Engine.next_deadline` after each step.
"""

from __future__ import annotations

from collections.abc import Mapping

from callcenter.engine.agents import Input, tell_station
from callcenter.engine.coupling import settle
from callcenter.engine.floor import Floor
from callcenter.engine.intake import fire, take_event
from callcenter.engine.leases import prove
from callcenter.engine.sessions import as_of
from callcenter.engine.setup import configure
from callcenter.engine.snapshot import dump_floor, load_floor
from callcenter.engine.states import CallState
from callcenter.model import events
from callcenter.model.commands import Command
from callcenter.model.directory import CenterConfig
from callcenter.model.events import Event
from callcenter.model.facts import AgentPhase, CallOutcome, Fact, RejectReason
from callcenter.model.ids import AgentId, CallId, LegId
from callcenter.model.made import commands, facts
from callcenter.model.records import Party, WorkSession
from callcenter.model.times import Duration, Instant
from callcenter.model.value import maker, value
from callcenter.routing import RANKINGS, KeyOf, Ranking


@value
class Outcome:
    """What an event led to, both in order.

    Attributes:
        commands: To be sent after the facts are durable.
        facts: To be written down.
    """

    commands: tuple[Command, ...] = ()
    facts: tuple[Fact, ...] = ()


_outcome = maker(Outcome)


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
        if type(event) is events.CallsReconciled:
            prove(floor, event, at)
        if floor.timers.first <= at or floor.rests.first <= at:
            self._catch_up(at)
            floor.now = at
            self._rest_over()
        else:
            floor.now = at
        take_event(floor, event)
        settle(floor)
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

    def watches(self) -> bool:
        """Tell whether a list of what the switch has up would mean anything, even an empty one."""
        floor = self._floor
        return bool(floor.calls or floor.legs or floor.strangers)

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
            fire(floor, *floor.timers.pop())
        settle(self._floor)

    def _rest_over(self) -> bool:
        """End the wrap-ups and blocks that are over: they are over for every event of this moment (3.10.4)."""
        floor, over = self._floor, False
        if floor.rests.first > floor.now:
            return False
        due = floor.rests.due()
        while due is not None and due <= floor.now:
            _, owner = floor.rests.pop()
            tell_station(floor, floor.stations[owner], Input.TIME_UP)
            over = True
            due = floor.rests.due()
        return over

    def _outcome(self) -> Outcome:
        told, ordered = self._floor.facts, self._floor.commands
        outcome = _outcome(commands=tuple(ordered) if ordered else (), facts=tuple(told) if told else ())
        ordered.clear()
        told.clear()
        return outcome


def _registry(rankings: Mapping[str, KeyOf] | None) -> Mapping[str, Ranking]:
    """Return the rankings of the house and the user's, of whose keys nothing is promised."""
    own = {name: Ranking(name=name, key=key) for name, key in (rankings or {}).items()}
    return {**RANKINGS, **own}


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
