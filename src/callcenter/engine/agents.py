"""The life of an agent: one table, every (state, input) pair decided.

Theory of operation. A station is an agent, or a phone of an extension group. Its inputs are what people do (log in,
ready …), what becomes of offers and talks, and two timers. A row is ``(step, states it may lead to)``. Pairs that are
not rows are *stale* (a race: ignored and counted) or *impossible* (never told by this engine). What is asked for
during a call is kept as an intent and applied when the call is over, never lost (3.4 of the routing design).

Extensions share the rows of offers, talks and blocks; they have no session, no strikes and write no ``agent_state``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from callcenter.engine.floor import Floor
from callcenter.engine.sessions import close_session, enter_phase, open_session
from callcenter.engine.states import Intent, Station, TimerKind
from callcenter.model import facts
from callcenter.model.directory import MANUAL
from callcenter.model.events import Cause
from callcenter.model.facts import AgentPhase
from callcenter.model.times import NEVER, SECOND, Duration, Instant
from callcenter.model.value import state
from callcenter.model.words import Word

STRIKES: Final = 3
"""Misses in a row after which an agent is set to not ready (3.4)."""
GRACE: Final = Duration(120 * SECOND)
"""How long a lost client may be away before its agent is logged out (3.4)."""
DELAYS: Final[Mapping[Cause, Duration]] = {
    Cause.NO_ANSWER: Duration(0),
    Cause.REJECTED: Duration(10 * SECOND),
    Cause.BUSY: Duration(60 * SECOND),
    Cause.UNREACHABLE: Duration(5 * SECOND),
    Cause.CONGESTION: Duration(5 * SECOND),
}
"""How long a station is blocked after a miss, by its cause (3.4)."""


class Input(Word):
    """What can happen to a station."""

    LOG_IN = "log_in"
    LOG_OUT = "log_out"
    REMOVE = "remove"
    READY = "ready"
    NOT_READY = "not_ready"
    WRAP_UP_DONE = "wrap_up_done"
    LOST = "lost"
    RETURNED = "returned"
    OFFER = "offer"
    OFFER_GONE = "offer_gone"
    MISSED = "missed"
    ANSWERED = "answered"
    PARTED = "parted"
    TALK_ENDED = "talk_ended"
    TIME_UP = "time_up"
    GRACE_OVER = "grace_over"


@state
class Told:
    """What comes with an input.

    Attributes:
        reason: Of not ready, in the agent's own words.
        phone: Of a log-in.
        address: Of a log-in.
        cause: Of a miss.
        wrap_up: After a talk, from the group or the agent.
    """

    reason: str = ""
    phone: str = ""
    address: str = ""
    cause: Cause = Cause.NORMAL
    wrap_up: Duration = Duration(0)


Step = Callable[[Floor, Station, Told], None]
Row = tuple[Step, frozenset[AgentPhase]]
NOTHING: Final = Told()


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
    if station.pending not in {Intent.LOG_OUT, Intent.REMOVED}:
        station.pending, station.pending_reason = Intent.NOT_READY, told.reason


def want_log_out(floor: Floor, station: Station, told: Told) -> None:
    """Remember to log out after this call."""
    if station.pending is not Intent.REMOVED:
        station.pending = Intent.LOG_OUT


def want_removal(floor: Floor, station: Station, told: Told) -> None:
    """Remember that the agent is no more after this call."""
    station.pending = Intent.REMOVED


def want_ready(floor: Floor, station: Station, told: Told) -> None:
    """Forget what was asked for: the agent goes on after this call."""
    if station.pending is not Intent.REMOVED:
        station.pending = None


def lose(floor: Floor, station: Station, told: Told) -> None:
    """Offer nothing more until the client is back; log out when it stays away (K8: the talk goes on)."""
    if station.lost_since is None:
        station.lost_since = floor.now
        floor.set(TimerKind.GRACE, station.id, Instant(floor.now + GRACE))
        floor.refresh(station)


def find(floor: Floor, station: Station, told: Told) -> None:
    """Go on as if the client had never been away."""
    _found(floor, station)
    floor.refresh(station)


def grace_over(floor: Floor, station: Station, told: Told) -> None:
    """Log an agent out whose client stayed away, as of the last proof of life."""
    if station.lost_since is not None:
        _out(floor, station, station.lost_since)


def grace_over_busy(floor: Floor, station: Station, told: Told) -> None:
    """Log an agent out whose client stayed away, when its call is over."""
    if station.lost_since is not None and station.pending is not Intent.REMOVED:
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
    station.phase = phase
    station.reason = reason
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
    if pending in {Intent.LOG_OUT, Intent.REMOVED}:
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
        floor.begin_day(floor.groups[id])
        others = [other for other in floor.members(floor.groups[id]) if other is not station and _here(floor, other)]
        counted = [other.groups[id] for other in others]
        view.calls = sum(other.calls for other in counted) // len(counted) if counted else 0
        view.talked = sum(other.talked for other in counted) // len(counted) if counted else 0


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


# ---------------------------------------------------------------- the table

_OUT, _NOT, _READY = AgentPhase.LOGGED_OUT, AgentPhase.NOT_READY, AgentPhase.READY
_OFFERED, _TALKING, _WRAP, _BLOCKED = AgentPhase.OFFERED, AgentPhase.TALKING, AgentPhase.WRAP_UP, AgentPhase.BLOCKED
_AFTER: Final = frozenset({_OUT, _NOT, _READY})

TRANSITIONS: Final[Mapping[tuple[AgentPhase, Input], Row]] = {
    # --- logged out
    (_OUT, Input.LOG_IN): (log_in, frozenset({_NOT})),
    (_OUT, Input.REMOVE): (log_out, frozenset({_OUT})),
    # --- not ready
    (_NOT, Input.LOG_IN): (log_in, frozenset({_NOT})),
    (_NOT, Input.LOG_OUT): (log_out, frozenset({_OUT})),
    (_NOT, Input.REMOVE): (log_out, frozenset({_OUT})),
    (_NOT, Input.READY): (ready, frozenset({_READY})),
    (_NOT, Input.NOT_READY): (not_ready, frozenset({_NOT})),
    (_NOT, Input.LOST): (lose, frozenset({_NOT})),
    (_NOT, Input.RETURNED): (find, frozenset({_NOT})),
    (_NOT, Input.GRACE_OVER): (grace_over, frozenset({_NOT, _OUT})),
    # --- ready
    (_READY, Input.LOG_IN): (log_in, frozenset({_NOT})),
    (_READY, Input.LOG_OUT): (log_out, frozenset({_OUT})),
    (_READY, Input.REMOVE): (log_out, frozenset({_OUT})),
    (_READY, Input.READY): (want_ready, frozenset({_READY})),
    (_READY, Input.NOT_READY): (not_ready, frozenset({_NOT})),
    (_READY, Input.LOST): (lose, frozenset({_READY})),
    (_READY, Input.RETURNED): (find, frozenset({_READY})),
    (_READY, Input.OFFER): (offer, frozenset({_OFFERED})),
    (_READY, Input.GRACE_OVER): (grace_over, frozenset({_READY, _OUT})),
    # --- offered: what asks the agent away is remembered; the coupling withdraws the offer, which applies it
    (_OFFERED, Input.LOG_IN): (want_not_ready, frozenset({_OFFERED})),
    (_OFFERED, Input.LOG_OUT): (want_log_out, frozenset({_OFFERED})),
    (_OFFERED, Input.REMOVE): (want_removal, frozenset({_OFFERED})),
    (_OFFERED, Input.NOT_READY): (want_not_ready, frozenset({_OFFERED})),
    (_OFFERED, Input.READY): (want_ready, frozenset({_OFFERED})),
    (_OFFERED, Input.LOST): (lose, frozenset({_OFFERED})),
    (_OFFERED, Input.RETURNED): (find, frozenset({_OFFERED})),
    (_OFFERED, Input.OFFER_GONE): (offer_gone, _AFTER),
    (_OFFERED, Input.MISSED): (missed, _AFTER | {_BLOCKED}),
    (_OFFERED, Input.ANSWERED): (answered, frozenset({_TALKING})),
    (_OFFERED, Input.GRACE_OVER): (grace_over_busy, frozenset({_OFFERED})),
    # --- talking
    (_TALKING, Input.LOG_IN): (log_in, frozenset({_TALKING})),
    (_TALKING, Input.LOG_OUT): (want_log_out, frozenset({_TALKING})),
    (_TALKING, Input.REMOVE): (want_removal, frozenset({_TALKING})),
    (_TALKING, Input.READY): (want_ready, frozenset({_TALKING})),
    (_TALKING, Input.NOT_READY): (want_not_ready, frozenset({_TALKING})),
    (_TALKING, Input.LOST): (lose, frozenset({_TALKING})),
    (_TALKING, Input.RETURNED): (find, frozenset({_TALKING})),
    (_TALKING, Input.PARTED): (parted, _AFTER),
    (_TALKING, Input.TALK_ENDED): (talk_ended, _AFTER | {_WRAP}),
    (_TALKING, Input.GRACE_OVER): (grace_over_busy, frozenset({_TALKING})),
    # --- wrapping up
    (_WRAP, Input.LOG_IN): (log_in, frozenset({_WRAP})),
    (_WRAP, Input.LOG_OUT): (log_out, frozenset({_OUT})),
    (_WRAP, Input.REMOVE): (log_out, frozenset({_OUT})),
    (_WRAP, Input.READY): (want_ready, frozenset({_WRAP})),
    (_WRAP, Input.NOT_READY): (want_not_ready, frozenset({_WRAP})),
    (_WRAP, Input.WRAP_UP_DONE): (rested, _AFTER),
    (_WRAP, Input.LOST): (lose, frozenset({_WRAP})),
    (_WRAP, Input.RETURNED): (find, frozenset({_WRAP})),
    (_WRAP, Input.TIME_UP): (rested, _AFTER),
    (_WRAP, Input.GRACE_OVER): (grace_over, frozenset({_WRAP, _OUT})),
    # --- blocked after a miss
    (_BLOCKED, Input.LOG_IN): (log_in, frozenset({_NOT})),
    (_BLOCKED, Input.LOG_OUT): (log_out, frozenset({_OUT})),
    (_BLOCKED, Input.REMOVE): (log_out, frozenset({_OUT})),
    (_BLOCKED, Input.READY): (ready, frozenset({_READY})),
    (_BLOCKED, Input.NOT_READY): (not_ready, frozenset({_NOT})),
    (_BLOCKED, Input.LOST): (lose, frozenset({_BLOCKED})),
    (_BLOCKED, Input.RETURNED): (find, frozenset({_BLOCKED})),
    (_BLOCKED, Input.TIME_UP): (unblocked, _AFTER),
    (_BLOCKED, Input.GRACE_OVER): (grace_over, frozenset({_BLOCKED, _OUT})),
}

STALE: Final = frozenset(
    {
        # people press keys when the state has just changed
        (_OUT, Input.LOG_OUT),
        (_OUT, Input.READY),
        (_OUT, Input.NOT_READY),
        (_OUT, Input.WRAP_UP_DONE),
        (_OUT, Input.LOST),
        (_OUT, Input.RETURNED),
        (_NOT, Input.WRAP_UP_DONE),
        (_READY, Input.WRAP_UP_DONE),
        (_OFFERED, Input.WRAP_UP_DONE),
        (_TALKING, Input.WRAP_UP_DONE),
        (_BLOCKED, Input.WRAP_UP_DONE),
    }
)

IMPOSSIBLE: Final = frozenset(
    {(phase, entry) for phase in (_OUT, _NOT, _READY, _WRAP, _BLOCKED) for entry in (Input.OFFER_GONE, Input.MISSED)}
    | {(phase, Input.OFFER) for phase in (_OUT, _NOT, _OFFERED, _TALKING, _WRAP, _BLOCKED)}
    | {(phase, Input.ANSWERED) for phase in (_OUT, _NOT, _READY, _TALKING, _WRAP, _BLOCKED)}
    | {
        (phase, entry)
        for phase in (_OUT, _NOT, _READY, _OFFERED, _WRAP, _BLOCKED)
        for entry in (Input.PARTED, Input.TALK_ENDED)
    }
    | {(phase, Input.TIME_UP) for phase in (_OUT, _NOT, _READY, _OFFERED, _TALKING)}
    | {(_OUT, Input.GRACE_OVER)}
    | {(_TALKING, Input.OFFER_GONE), (_TALKING, Input.MISSED)}
)


_ROWS: Final[Mapping[AgentPhase, Mapping[Input, Row]]] = {
    phase: {entry: row for (of, entry), row in TRANSITIONS.items() if of is phase} for phase in AgentPhase
}
"""The table by state, for the interpreter."""


def tell_station(floor: Floor, station: Station, entry: Input, told: Told = NOTHING) -> bool:
    """Let an input happen to a station.

    Returns:
        False when it meant nothing in this state (stale); the table says which.
    """
    row = _ROWS[station.phase].get(entry)
    if row is None:
        return False
    step, leads_to = row
    step(floor, station, told)
    assert station.phase in leads_to, (station.id, entry, station.phase)
    return True
