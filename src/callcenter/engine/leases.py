"""Leases: nothing lives on the word of a switch that has fallen silent.

Theory of operation. A call lives as long as the switch gives proof of it: an event of the caller's line, or a list of
what the switch has up (:class:`~callcenter.model.events.CallsReconciled`). What two lists in a row lack, some seconds
apart, is gone, so that an event that a list has overtaken is not taken for a lost one. Where the host asks again and
again, the lists have to go on coming: a call without any proof for :data:`LIFE` is given up, and an agent is free again
within 90 s of a lost hang-up. Where nobody asks, a call is kept for a day. A talk that is given up is charged to its
last proof of life and flagged. What the switch has up and nobody here knows is hung up, on the second list that has it.
A host that has come back and cannot reach the switch says so: leases then begin anew, for nobody could have given proof.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from callcenter.engine import talking
from callcenter.engine.endings import hang_up, message_over
from callcenter.engine.floor import Floor
from callcenter.engine.states import Call, CallState, Leg, TimerKind
from callcenter.engine.visits import leave
from callcenter.model import events
from callcenter.model.events import Cause
from callcenter.model.facts import CallOutcome, LeftReason
from callcenter.model.ids import CallId, LegId
from callcenter.model.made import commands, facts
from callcenter.model.records import TalkEndedBy
from callcenter.model.times import DAY, SECOND, Instant
from callcenter.model.tree import Target

CONFIRM: Final = 5 * SECOND
"""So far apart are two lists that lack a thing, for it to be gone."""
LIFE: Final = 60 * SECOND
"""How long a call lives without proof, where the switch is asked every 20 s."""
UNLISTED: Final = DAY
"""How long a call lives without proof, where the switch is not asked."""

Take = Callable[[Floor, Call, Any, Any], None]
"""Lets an event happen to a call, by the table."""


def begin_lease(floor: Floor, call: Call) -> None:
    """Give a call its first lease."""
    floor.set(TimerKind.LIFE, call.id, Instant(floor.now + _lease(floor)))


def _lease(floor: Floor) -> int:
    return LIFE if floor.listed else UNLISTED


# ---------------------------------------------------------------- steps of the table


def unlisted(floor: Floor, call: Call, event: events.CallsReconciled) -> Target | None:
    """Doubt a call that a list of the switch lacks; give it up when the next one lacks it as well."""
    if call.missed_at is None:
        call.missed_at = floor.now
    elif floor.now - call.missed_at >= CONFIRM:
        _give_up(floor, call, call.seen_at)
    return None


def silent(floor: Floor, call: Call, event: None) -> Target | None:
    """Give up a call of which the switch told nothing for too long; one that gave proof meanwhile goes on."""
    due = Instant(max(call.seen_at, floor.away_at) + _lease(floor))
    if due > floor.now:
        floor.set(TimerKind.LIFE, call.id, due)
        return None
    leg = floor.legs.get(call.talk.leg) if call.talk is not None else None
    _give_up(floor, call, call.seen_at if leg is None else min(call.seen_at, leg.seen_at))
    return None


def _give_up(floor: Floor, call: Call, lived_to: Instant) -> None:
    """End a call that nobody ended, as far as anybody was told."""
    call.play, call.music = None, None  # nothing is stopped for a line that is gone
    outcome = CallOutcome.FAILED
    match call.state:
        case CallState.TALKING:
            talking.end_talk(floor, call, TalkEndedBy.SWITCH, Cause.LEASE_EXPIRED, lived_to)
        case CallState.ANNOUNCING:
            _part(floor, call)
        case CallState.WAITING | CallState.RESERVED | CallState.RINGING:
            leave(floor, call, LeftReason.ABANDONED)
        case CallState.VOICEMAIL:
            outcome = call.outcome or outcome
            message_over(floor, call)
        case _:
            call.direct = None
    hang_up(floor, call, outcome, Cause.LEASE_EXPIRED)


def _part(floor: Floor, call: Call) -> None:
    assert call.talk is not None
    leg = floor.legs.get(call.talk.leg)
    talking.part(floor, call)
    if leg is not None:
        floor.hang_up_leg(leg, Cause.LEASE_EXPIRED)
    if call.visit is not None:
        leave(floor, call, LeftReason.ABANDONED)


# ---------------------------------------------------------------- a list of the switch


def prove(floor: Floor, event: events.CallsReconciled, at: Instant) -> None:
    """Take a list as proof of life before the leases that ran out in front of it: it was the host that was away."""
    if event.away:
        floor.away_at = at
    for id in event.calls:
        if id in floor.calls:
            floor.calls[id].seen_at = at
    for _, id_of_leg in event.legs:
        if id_of_leg in floor.legs:
            floor.legs[id_of_leg].seen_at = at


def compare(floor: Floor, event: events.CallsReconciled, take: Take) -> None:
    """Hold what the engine believes to be up against what the switch has up."""
    if event.away:
        return
    lines, legs = frozenset(event.calls), frozenset(event.legs)
    turned, floor.listed = event.again is not floor.listed, event.again
    for call in list(floor.calls.values()):
        if call.id in lines:
            call.seen_at, call.missed_at = floor.now, None
        if call.id in lines or turned:
            begin_lease(floor, call)
    for call in list(floor.calls.values()):
        if call.id not in lines and call.id in floor.calls:
            take(floor, call, events.CallsReconciled, event)
    for leg in list(floor.legs.values()):
        if (leg.call, leg.id) in legs:
            leg.seen_at, leg.missed_at = floor.now, None
        elif leg.id in floor.legs:
            _unlisted_leg(floor, leg, take)
    _strangers(floor, event)


def _unlisted_leg(floor: Floor, leg: Leg, take: Take) -> None:
    """Doubt a leg that a list lacks; when the next one lacks it too, it has ended."""
    if leg.missed_at is None:
        leg.missed_at = floor.now
        return
    if floor.now - leg.missed_at < CONFIRM:
        return
    call = floor.calls.get(leg.call)
    if call is None or leg.ending:
        floor.drop_leg(leg)
    elif call.talk is not None and call.talk.leg == leg.id and call.state is CallState.TALKING:
        floor.drop_leg(leg)
        talking.end_talk(floor, call, TalkEndedBy.SWITCH, Cause.LEASE_EXPIRED, leg.seen_at)
        hang_up(floor, call, CallOutcome.ANSWERED, Cause.LEASE_EXPIRED)
    else:
        ended = events.LegEnded(at=floor.now, call=leg.call, leg=leg.id, cause=Cause.LEASE_EXPIRED)
        take(floor, call, events.LegEnded, ended)


def _strangers(floor: Floor, event: events.CallsReconciled) -> None:
    """Hang up what nobody here knows, when a second list has it; the first may have overtaken its arrival or end."""
    found: list[tuple[CallId, LegId | None]] = [(call, None) for call in event.calls if call not in floor.calls]
    found += [(call, leg) for call, leg in event.legs if leg not in floor.legs]
    known = {key: floor.strangers.get(key, floor.now) for key in found}
    for (call, leg), since in known.items():
        state = CallState.ENDED if call in floor.ended else CallState.NEW
        floor.tell(facts.StaleEvent(at=floor.now, event="CallsReconciled", state=state.value, id=leg or call))
        if floor.now - since < CONFIRM:
            continue
        if leg is None:
            floor.order(commands.HangUp(call=call, cause=Cause.LEASE_EXPIRED))
        else:
            floor.order(commands.HangUpLeg(call=call, leg=leg, cause=Cause.LEASE_EXPIRED))
    floor.strangers = known
