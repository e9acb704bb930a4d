"""What happens to a station: one small function for each input that means something in a state.

:mod:`~callcenter.engine.agents` says which one is taken when.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from callcenter.engine.floor import Counts, Floor, Group
from callcenter.engine.sessions import close_session, enter_phase, open_session
from callcenter.engine.states import Intent, Station, TimerKind
from callcenter.model.directory import MANUAL
from callcenter.model.events import Cause
from callcenter.model.facts import AgentPhase
from callcenter.model.made import facts
from callcenter.model.times import NEVER, SECOND, Duration, Instant
from callcenter.model.value import state

_READY: Final = AgentPhase.READY
STRIKES: Final = 3
"""Misses in a row after which an agent is set to not ready (3.4)."""
GRACE: Final = Duration(120 * SECOND)
"""How long a lost client may be away before its agent is logged out (3.4)."""
_GOING: Final = frozenset({Intent.LOG_OUT, Intent.SENT_AWAY, Intent.REMOVED})
"""Intents after which there is no session."""
DELAYS: Final[Mapping[Cause, Duration]] = {
    Cause.NO_ANSWER: Duration(0),
    Cause.REJECTED: Duration(10 * SECOND),
    Cause.BUSY: Duration(60 * SECOND),
    Cause.UNREACHABLE: Duration(5 * SECOND),
    Cause.CONGESTION: Duration(5 * SECOND),
}
"""How long a station is blocked after a miss, by its cause (3.4)."""


@state
class Told:
    """What comes with an input.

    Attributes:
        reason: Of not ready, in the agent's own words.
        phone: Of a log-in.
        address: Of a log-in.
        cause: Of a miss.
        wrap_up: After a talk, from the group or the agent.
        forced: Whether a log-out is a supervisor's, or follows from a status.
    """

    reason: str = ""
    phone: str = ""
    address: str = ""
    cause: Cause = Cause.NORMAL
    wrap_up: Duration = Duration(0)
    forced: bool = False


# ---------------------------------------------------------------- steps: what people do


def log_in(floor: Floor, station: Station, told: Told) -> None:
    """Begin a session; the agent takes no calls until it says so. An old session is replaced."""
    busy = station.phase in {AgentPhase.TALKING, AgentPhase.WRAP_UP}
    if station.session is not None:
        close_session(floor, station, floor.now)
    elif station.seen != floor.day():
        _start_at_average(floor, station)
    station.seen = floor.day()
    _found(floor, station)
    floor.use_phone(station, told.phone)
    open_session(floor, station, told.phone, told.address)
    if busy:  # the talk on the phone goes on (K8); the new session waits for its end
        station.pending, station.pending_reason = Intent.NOT_READY, "login"
    else:
        _rest(floor, station, AgentPhase.NOT_READY, "login")


def log_out(floor: Floor, station: Station, told: Told) -> None:
    """End the session now."""
    _out(floor, station, floor.now)


def not_ready(floor: Floor, station: Station, told: Told) -> None:
    """Take no calls from now on."""
    _rest(floor, station, AgentPhase.NOT_READY, told.reason)


def ready(floor: Floor, station: Station, told: Told) -> None:
    """Take calls from now on; strikes are forgotten and a block is over."""
    station.strikes = 0
    _available(floor, station)


def want_not_ready(floor: Floor, station: Station, told: Told) -> None:
    """Remember to take no calls after this one."""
    if station.pending not in _GOING:
        station.pending, station.pending_reason = Intent.NOT_READY, told.reason


def want_log_out(floor: Floor, station: Station, told: Told) -> None:
    """Remember to log out after this call; who was sent away cannot take it back."""
    if station.pending is not Intent.REMOVED:
        sent_away = told.forced or station.pending is Intent.SENT_AWAY
        station.pending = Intent.SENT_AWAY if sent_away else Intent.LOG_OUT


def want_removal(floor: Floor, station: Station, told: Told) -> None:
    """Remember that the agent is no more after this call."""
    station.pending = Intent.REMOVED


def want_ready(floor: Floor, station: Station, told: Told) -> None:
    """Forget what was asked for: the agent goes on after this call, unless it was sent away or removed (P3b)."""
    if station.pending not in {Intent.SENT_AWAY, Intent.REMOVED}:
        station.pending = None


def lose(floor: Floor, station: Station, told: Told) -> None:
    """Offer nothing more until the client is back; log out when it stays away (K8: the talk goes on)."""
    if station.lost_since is None:
        station.lost_since = floor.now
        if station.agent is not None:
            floor.tell(facts.ClientLost(at=floor.now, agent=station.agent.id))
        floor.set(TimerKind.GRACE, station.id, Instant(floor.now + GRACE))
        floor.refresh(station)


def find(floor: Floor, station: Station, told: Told) -> None:
    """Go on as if the client had never been away."""
    if station.lost_since is not None and station.agent is not None:
        floor.tell(facts.ClientReturned(at=floor.now, agent=station.agent.id))
    _found(floor, station)
    floor.refresh(station)


def grace_over(floor: Floor, station: Station, told: Told) -> None:
    """Log an agent out whose client stayed away, as of the last proof of life."""
    if station.lost_since is not None:
        _out(floor, station, station.lost_since)


def grace_over_busy(floor: Floor, station: Station, told: Told) -> None:
    """Log an agent out whose client stayed away, when its call is over."""
    if station.lost_since is not None and station.pending not in _GOING:
        station.pending = Intent.LOG_OUT


# ---------------------------------------------------------------- steps: what becomes of offers and talks


def offer(floor: Floor, station: Station, told: Told) -> None:
    """Let the phone ring."""
    station.reserved = False
    _enter(floor, station, AgentPhase.OFFERED)


def offer_gone(floor: Floor, station: Station, told: Told) -> None:
    """Go on as before the offer: a lost race or a caller who left counts nothing."""
    station.offer = station.call = None
    _after(floor, station)


def missed(floor: Floor, station: Station, told: Told) -> None:
    """Count the miss; block the station for a while by its cause, or set the agent to not ready."""
    station.offer = station.call = None
    if station.session is not None:
        station.session.missed += 1
    if station.agent is not None:
        station.strikes += 1
    if station.strikes >= STRIKES and station.pending is None:
        station.strikes = 0
        _rest(floor, station, AgentPhase.NOT_READY, "auto")
        return
    delay = DELAYS.get(told.cause, Duration(0))
    if delay and station.pending is None:
        station.until = Instant(floor.now + delay)
        floor.rests.set(TimerKind.WRAP_UP, station.id, station.until)
        _enter(floor, station, AgentPhase.BLOCKED, told.cause.value)
    else:
        _after(floor, station)


def answered(floor: Floor, station: Station, told: Told) -> None:
    """Talk: strikes are forgotten, and the call counts (3.10.3)."""
    station.strikes = 0
    station.offer = None
    for id, view in station.groups.items():
        floor.begin_day(floor.groups[id])
        view.calls += 1
        floor.groups[id].count(calls=1)
    _enter(floor, station, AgentPhase.TALKING)


def parted(floor: Floor, station: Station, told: Told) -> None:
    """Be ready at once: who parts before the bridge has no wrap-up and no miss (3.10.4)."""
    station.call = None
    _after(floor, station)


def talk_ended(floor: Floor, station: Station, told: Told) -> None:
    """Count the talk and wrap up, or go on at once."""
    station.call = None
    station.talk_ended = floor.now
    if station.session is not None:
        station.session.answered += 1
    for view in station.groups.values():
        view.talk_ended = floor.now
    if told.wrap_up:
        station.until = NEVER if told.wrap_up == MANUAL else Instant(floor.now + told.wrap_up)
        if station.until != NEVER:
            floor.rests.set(TimerKind.WRAP_UP, station.id, station.until)
        _enter(floor, station, AgentPhase.WRAP_UP)
    else:
        _after(floor, station, talked=True)


def rested(floor: Floor, station: Station, told: Told) -> None:
    """Be available again after the wrap-up."""
    _after(floor, station, talked=True)


def unblocked(floor: Floor, station: Station, told: Told) -> None:
    """Be available again after a block; it does not count as becoming idle anew (3.10.3)."""
    _after(floor, station)


# ---------------------------------------------------------------- helpers of the steps


def _enter(floor: Floor, station: Station, phase: AgentPhase, reason: str = "") -> None:
    if station.agent is not None:
        enter_phase(floor, station, phase, reason)
        floor.tell(facts.AgentState(at=floor.now, agent=station.agent.id, state=phase, reason=reason))
    was = station.phase
    station.phase = phase
    station.reason = reason
    if phase is _READY or was is _READY:  # else nobody could be given this station before, and nobody can now
        floor.refresh(station)


def _available(floor: Floor, station: Station, *, since: bool = True) -> None:
    floor.rests.cancel(TimerKind.WRAP_UP, station.id)
    if since:
        station.available_since = floor.now
        for view in station.groups.values():
            view.available_since = floor.now
    _enter(floor, station, AgentPhase.READY)


def _rest(floor: Floor, station: Station, phase: AgentPhase, reason: str) -> None:
    floor.rests.cancel(TimerKind.WRAP_UP, station.id)
    station.strikes = 0
    station.pending = None
    _enter(floor, station, phase, reason)


def _after(floor: Floor, station: Station, *, talked: bool = False) -> None:
    """Apply what was asked for meanwhile, else be available; only a talk begins idleness anew (3.10.3)."""
    pending, station.pending = station.pending, None
    if pending in _GOING:
        _out(floor, station, floor.now)
    elif pending is Intent.NOT_READY:
        _rest(floor, station, AgentPhase.NOT_READY, station.pending_reason)
    elif talked and station.agent is not None and station.agent.on_demand:
        _rest(floor, station, AgentPhase.NOT_READY, "on_demand")
    else:
        _available(floor, station, since=talked)


def _start_at_average(floor: Floor, station: Station) -> None:
    """Let a newcomer, who has had no session today, start at the average of the members, rounded down (3.3)."""
    for id, view in station.groups.items():
        group = floor.groups[id]
        floor.begin_day(group)
        counts = group.counts
        if counts is None:
            counts = group.counts = added_up(floor, group)
        view.calls = counts.calls // counts.members if counts.members else 0
        view.talked = counts.talked // counts.members if counts.members else 0
        counts.members += 1  # from now on it has had one
        group.count(calls=view.calls, talked=view.talked)


def added_up(floor: Floor, group: Group) -> Counts:
    """Return what those members of a group did today who were there today."""
    views = [station.groups[group.config.id] for station in floor.members(group) if _here(floor, station)]
    return Counts(
        members=len(views), calls=sum(view.calls for view in views), talked=sum(view.talked for view in views)
    )


def _here(floor: Floor, station: Station) -> bool:
    return station.agent is None or station.session is not None or station.seen == floor.day()


def _found(floor: Floor, station: Station) -> None:
    station.lost_since = None
    floor.cancel(TimerKind.GRACE, station.id)


def _out(floor: Floor, station: Station, at: Instant) -> None:
    close_session(floor, station, at)
    station.seen = floor.day()
    _found(floor, station)
    floor.rests.cancel(TimerKind.WRAP_UP, station.id)
    station.pending = None
    station.strikes = 0
    _enter(floor, station, AgentPhase.LOGGED_OUT)
    floor.use_phone(station, "")
