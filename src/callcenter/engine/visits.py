"""A caller's stay in a group: coming in, being refused, waiting, leaving.

A visit begins when the caller's key leads to the group and ends with an answer or with one reason (fact ``left``).
Where the caller goes next is returned, never taken here: :mod:`callcenter.engine.transitions` follows it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from callcenter.engine.floor import Floor, Group, move
from callcenter.engine.line import begin_aging, begin_announcing
from callcenter.engine.offers import Pick, begin, reserve, tell_queued, withdraw_all
from callcenter.engine.play import play, stop_music, stop_play, wait_music
from callcenter.engine.states import Call, CallState, Conversation, TimerKind, Visit
from callcenter.model.directory import Absence
from callcenter.model.facts import AgentPhase, CallOutcome, LeftReason
from callcenter.model.hours import day_and_minute, holds
from callcenter.model.ids import GroupId, agent_key
from callcenter.model.made import facts
from callcenter.model.records import CallRecord, RecordOutcome
from callcenter.model.times import Duration, Instant
from callcenter.model.tree import HANGUP, RETURN, CallerClass, Target
from callcenter.model.value import maker
from callcenter.routing import Ticket

_record, _ticket, _visit = maker(CallRecord), maker(Ticket), maker(Visit)
_OUTCOMES: Final = {
    LeftReason.ABANDONED: CallOutcome.ABANDONED,
    LeftReason.EXIT_KEY: CallOutcome.ABANDONED,
    LeftReason.TIMEOUT: CallOutcome.TIMEOUT,
    LeftReason.FULL: CallOutcome.REFUSED,
    LeftReason.EMPTY: CallOutcome.REFUSED,
    LeftReason.CLOSED: CallOutcome.REFUSED,
    LeftReason.INSUFFICIENT_BALANCE: CallOutcome.INSUFFICIENT_BALANCE,
}
"""What becomes of a call that ends with a visit, unless something else becomes of it later."""
_WAITING: Final = (TimerKind.MAX_WAIT, TimerKind.RING_AGAIN, TimerKind.AGING, TimerKind.ANNOUNCE)
"""Timers of a caller in a line."""
_ABSENCES: Final = {
    AgentPhase.LOGGED_OUT: Absence.LOGGED_OUT,
    AgentPhase.NOT_READY: Absence.PAUSED,
    AgentPhase.OFFERED: Absence.BUSY,
    AgentPhase.TALKING: Absence.BUSY,
    AgentPhase.WRAP_UP: Absence.BUSY,
    AgentPhase.BLOCKED: Absence.BUSY,
}


# ---------------------------------------------------------------- coming in


def enter_group(floor: Floor, call: Call, target: Target) -> Target | None:
    """Let a caller into a group, or refuse it before any side effect (3.2).

    Returns:
        Where to go instead, or None when the caller waits.
    """
    group = floor.groups.get(GroupId(target.name))
    floor.tell(facts.Routed(at=floor.now, call=call.id, target=target))
    if group is None:  # removed by a change while the caller was on the way
        call.outcome = CallOutcome.REFUSED
        return HANGUP
    refusal = arrival_refusal(floor, group)
    if refusal is not None:
        return refuse(floor, call, group, refusal)
    floor.sequence += 1
    ticket = _ticket(call=call.id, caller_class=floor.class_in(group, call), arrived=floor.now, sequence=floor.sequence)
    call.requires = tuple(target.requires)
    requires = _asked(call, group)
    _wait(floor, call, group, _visit(group=group.config.id, ticket=ticket, entered_at=floor.now, requires=requires))
    return None


def _asked(call: Call, group: Group) -> tuple[tuple[str, int], ...]:
    """Return the skills asked of an agent: the group's, and above them the caller's own."""
    if not call.requires:
        return group.config.requires
    return tuple({**dict(group.config.requires), **dict(call.requires)}.items())


def put_back(floor: Floor, call: Call, group: Group, ticket: Ticket) -> None:
    """Let a caller wait again in its old place (3.2)."""
    requires = _asked(call, group)
    ticket.caller_class = floor.class_in(group, call)  # a change acts at once, also one of meanwhile
    _wait(floor, call, group, _visit(group=group.config.id, ticket=ticket, entered_at=floor.now, requires=requires))


def _wait(floor: Floor, call: Call, group: Group, visit: Visit) -> None:
    call.visit = visit
    move(call, CallState.WAITING)
    tell_queued(floor, call, group, visit)
    group.line.add(visit.ticket)
    floor.hungry[visit.group] = group
    begin_aging(floor, call, group, visit)
    begin_announcing(floor, call, group)
    if group.config.max_wait:
        floor.set(TimerKind.MAX_WAIT, call.id, Instant(floor.now + group.config.max_wait))
    wait_music(floor, call, group.config.hold_music)


def arrival_refusal(floor: Floor, group: Group) -> LeftReason | None:
    """Return why a group would refuse a caller now, or None: closed, then empty, then full."""
    config = group.config
    if is_closed(floor, group):
        return LeftReason.CLOSED
    if config.join_empty and is_empty(floor, group, config.join_empty):
        return LeftReason.EMPTY
    if config.max_length and group.waiting() >= config.max_length:
        return LeftReason.FULL
    return None


def is_closed(floor: Floor, group: Group) -> bool:
    """Tell whether a group is outside its hours or on its holiday (K5)."""
    config = group.config
    if not config.hours and not config.holidays:
        return False
    day, minute = day_and_minute(floor.zone, floor.now)
    if day in config.holidays:
        return True
    return bool(config.hours) and not any(
        holds(window, day, minute, config.holidays.workdays) for window in config.hours
    )


def is_empty(floor: Floor, group: Group, absences: Collection[Absence]) -> bool:
    """Tell whether every member is in one of the listed states; without members a group counts as logged out."""
    stations = floor.members(group)
    if not stations:
        return Absence.LOGGED_OUT in absences
    return all(_absence(floor, station.phase, station.phone) in absences for station in stations)


def _absence(floor: Floor, phase: AgentPhase, phone: str) -> Absence | None:
    """Return how a member is away; one whose phone only waits for the switch to confirm a hang-up is there."""
    absence = _ABSENCES.get(phase)
    if absence is not None or phone not in floor.phones:
        return absence
    return None if floor.legs[floor.phones[phone]].ending else Absence.BUSY


def refuse(floor: Floor, call: Call, group: Group, reason: LeftReason) -> Target | None:
    """Tell that a group refused a caller on arrival, and return where its policy leads."""
    tell_left(floor, call, group, reason, floor.now, Duration(0))
    call.outcome = _OUTCOMES[reason]
    if reason is LeftReason.CLOSED:
        return _holiday(floor, call, group)
    return group.config.on_full if reason is LeftReason.FULL else group.config.on_empty


def _holiday(floor: Floor, call: Call, group: Group) -> Target | None:
    """Play the holiday prompt, then try the holiday target; without both, hang up (K5)."""
    call.refused = True
    call.after_holiday = group.config.holiday_target
    move(call, CallState.CLOSED_HOURS)
    prompt = group.config.holiday_prompt
    if prompt is not None and play(floor, call, (prompt,)):
        return None
    return call.after_holiday or HANGUP


# ---------------------------------------------------------------- being sent to one agent


def enter_for_agent(floor: Floor, call: Call, target: Target) -> Target | None:
    """Ring one agent for a caller who was sent to it; a caller it does not answer gets its old place (3.10.7)."""
    floor.tell(facts.Routed(at=floor.now, call=call.id, target=target))
    station = floor.stations.get(agent_key(target.name))
    if station is None or not floor.is_free(station) or call.fallback is None:
        return RETURN
    id, ticket = call.fallback
    group = floor.groups.get(id)
    if group is None:
        return RETURN
    ticket.caller_class = floor.class_in(group, call)
    call.visit = _visit(group=id, ticket=ticket, entered_at=floor.now, requires=_asked(call, group), hungry=False)
    group.ringing.add(ticket)
    reserve(floor, call, group, [Pick(station=station)])
    begin(floor, call, group)
    return None


# ---------------------------------------------------------------- leaving


def leave(floor: Floor, call: Call, reason: LeftReason) -> Group:
    """Take a caller out of its group without an answer; its phones stop ringing.

    Returns:
        The group, for its policy.
    """
    visit = call.visit
    assert visit is not None
    group = floor.groups[visit.group]
    withdraw_all(floor, call)
    out_of_line(floor, call)
    if call.play is not None:
        stop_play(floor, call)
    stop_music(floor, call)
    tell_left(floor, call, group, reason, visit.entered_at, Duration(floor.now - call.waits_from))
    call.visit = None
    call.outcome = _OUTCOMES[reason]
    return group


def out_of_line(floor: Floor, call: Call) -> None:
    """Take a caller out of the line it stands in, and stop the timers of waiting; the visit itself goes on."""
    visit = call.visit
    assert visit is not None
    group = floor.groups[visit.group]
    (group.line if visit.hungry else group.ringing).remove(visit.ticket)
    if not group.line:
        floor.hungry.pop(visit.group, None)
    visit.hungry = False
    floor.cancel_any(_WAITING, call.id)


def tell_left(floor: Floor, call: Call, group: Group, reason: LeftReason, queued_at: Instant, wait: Duration) -> None:
    """Write down that a caller left a group without an answer."""
    floor.tell(facts.Left(at=floor.now, call=call.id, group=group.config.id, reason=reason, wait=wait))
    _tell_visit(floor, call, group, queued_at, wait, reason.value, None)


def tell_answered(floor: Floor, call: Call, talk: Conversation) -> None:
    """Write down that a visit was answered, when its talk is over; the visit is then over too."""
    visit = call.visit
    assert visit is not None
    wait = Duration(talk.answered_at - call.waits_from)
    _tell_visit(floor, call, floor.groups[visit.group], visit.entered_at, wait, "", talk)
    call.visit = None


def _tell_visit(
    floor: Floor,
    call: Call,
    group: Group,
    queued_at: Instant,
    wait: Duration,
    reason: str,
    talk: Conversation | None,
) -> None:
    vip = group.vips.get(call.matched)
    ended = talk.lived_to if talk and talk.lived_to is not None else floor.now
    record = _record(
        center=floor.config.center.id,
        call=call.id,
        ref=call.ref,
        access_number=call.dialled,
        caller=call.caller,
        name=vip.name if vip else "",
        caller_class=vip.caller_class if vip else CallerClass.NORMAL,
        group=group.config.id,
        party=talk.party if talk else None,
        phone=talk.phone if talk else "",
        outcome=RecordOutcome.ANSWERED if talk else RecordOutcome.MISSED,
        reason=reason,
        queued_at=queued_at,
        answered_at=talk.answered_at if talk else None,
        ended_at=ended,
        wait=wait,
        talk=Duration(ended - talk.answered_at) if talk else Duration(0),
        recording=talk.recording if talk else None,
        tags=call.tags,
    )
    floor.tell(facts.VisitEnded(at=floor.now, record=record))
