"""Direct dials: an extension or an outside number rung outside a line, for 30 s (9.6 of the formats)."""

from __future__ import annotations

from typing import Final

from callcenter.engine.endings import hang_up_direct, say_and_hang_up
from callcenter.engine.floor import Floor, move
from callcenter.engine.play import stop_music, wait_music
from callcenter.engine.reach import phone_of
from callcenter.engine.states import Call, CallState, Credit, Leg, TimerKind
from callcenter.model.commands import CreditPurpose
from callcenter.model.events import Cause
from callcenter.model.facts import CallOutcome
from callcenter.model.ids import LegId, PromptName
from callcenter.model.made import commands, facts
from callcenter.model.times import SECOND, Duration, Instant
from callcenter.model.tree import HANGUP, RETURN, Target, TargetKind

RING_TIME: Final = Duration(30 * SECOND)
BALANCE: Final = PromptName("balance")


def dial_direct(floor: Floor, call: Call, target: Target) -> Target | None:
    """Ring an extension or number; return where to go when it cannot be rung."""
    floor.tell(facts.Routed(at=floor.now, call=call.id, target=target))
    found = phone_of(floor, target)
    call.direct = target
    call.outcome = CallOutcome.UNANSWERED
    if found is None or floor.in_use(found[1]):
        return not_reached(floor, call)
    move(call, CallState.DIALLING)
    if call.credit is Credit.HELD:
        return ring_direct(floor, call)
    call.credit = Credit.ASKED
    floor.order(commands.AskCredit(call=call.id, purpose=CreditPurpose.RING, caller=call.caller, called=call.dialled))
    return None


def ring_direct(floor: Floor, call: Call) -> Target | None:
    """Ring the phone of a direct dial, now that the money is held, unless it has come into a leg meanwhile."""
    assert call.direct is not None
    found = phone_of(floor, call.direct)
    if found is None or floor.in_use(found[1]):
        return not_reached(floor, call)
    party, number = found
    leg = Leg(
        id=LegId(floor.name(call, "L")),
        call=call.id,
        number=number,
        party=party,
        offer=None,
        ring_at=floor.now,
    )
    call.direct_leg = leg.id
    floor.add_leg(leg)
    wait_music(floor, call, None)
    floor.order(commands.Dial(call=call.id, leg=leg.id, number=number, caller_id=call.caller, timeout=RING_TIME))
    floor.set(TimerKind.RING, leg.id, Instant(floor.now + RING_TIME))
    return None


def no_money(floor: Floor, call: Call) -> None:
    """Tell the caller that the balance does not admit the call, and end it (C4)."""
    say_and_hang_up(floor, call, BALANCE, CallOutcome.INSUFFICIENT_BALANCE)


def not_reached(floor: Floor, call: Call, cause: Cause = Cause.NO_ANSWER) -> Target:
    """Go on after a direct dial that nobody answered: back to its place, its menu, or the end.

    Returns:
        ``return`` for a caller who has a place in a line or a menu to return to, else ``hangup``.
    """
    target = call.direct
    hang_up_direct(floor, call, cause)
    stop_music(floor, call)
    call.direct = None
    call.outcome = CallOutcome.UNANSWERED
    assert target is not None
    to_menu = call.position is not None and call.position.can_return and not call.talks
    if target.kind is TargetKind.EXTENSION and (call.fallback is not None or to_menu):
        return RETURN
    return HANGUP
