"""A call arrives: number, status, blacklist, balance, caps, in the order of K1; then the answer."""

from __future__ import annotations

from typing import Final

from callcenter.engine.endings import end
from callcenter.engine.floor import Floor, move
from callcenter.engine.leases import begin_lease
from callcenter.engine.menu import enter_ivr
from callcenter.engine.states import Call, CallState, TimerKind
from callcenter.model import events
from callcenter.model.commands import CreditPurpose
from callcenter.model.directory import CenterStatus, ResellerStatus
from callcenter.model.facts import CallOutcome, RejectReason
from callcenter.model.made import commands, facts
from callcenter.model.numbers import matched
from callcenter.model.times import MINUTE, SECOND, Instant
from callcenter.model.tree import Target
from callcenter.model.value import maker

_call = maker(Call)
ANSWER_LEASE: Final = 60 * SECOND
"""How long a switch may take to answer a caller."""
_CENTER: Final = {
    CenterStatus.SUSPENDED: RejectReason.CENTER_SUSPENDED,
    CenterStatus.LOCKED: RejectReason.CENTER_LOCKED,
    CenterStatus.FROZEN: RejectReason.CENTER_FROZEN,
    CenterStatus.CLOSED: RejectReason.CENTER_CLOSED,
}
_RESELLER: Final = {
    ResellerStatus.SUSPENDED: RejectReason.RESELLER_SUSPENDED,
    ResellerStatus.CANCELLED: RejectReason.RESELLER_CANCELLED,
}


def offered(floor: Floor, nobody: None, event: events.CallOffered) -> Target | None:
    """Take a new call, or reject it before the answer."""
    call = _call(
        id=event.call,
        caller=event.caller,
        matched=matched(event.caller),
        dialled=event.dialled,
        ref=event.ref or event.call,
        tags=event.tags,
        state=CallState.OFFERED,
        seen_at=floor.now,
    )
    floor.add_call(call)
    begin_lease(floor, call)
    floor.tell(facts.CallOffered(at=floor.now, call=call.id, caller=call.caller, dialled=call.dialled))
    reason = _refusal(floor, call)
    if reason is not None:
        reject(floor, call, reason)
    else:
        floor.order(
            commands.AskCredit(call=call.id, purpose=CreditPurpose.ADMIT, caller=call.caller, called=call.dialled)
        )
    return None


def _refusal(floor: Floor, call: Call) -> RejectReason | None:
    config = floor.config
    if call.dialled != config.center.access_number:
        return RejectReason.UNKNOWN_NUMBER
    reason = _CENTER.get(config.center.status) or _RESELLER.get(config.reseller_status)
    last_day = config.center.closed
    if reason is None and last_day is not None and floor.day() > last_day.toordinal():
        reason = RejectReason.CENTER_CLOSED
    if reason is None and call.matched in floor.blacklist:
        reason = RejectReason.BLACKLISTED
    return reason


def reject(floor: Floor, call: Call, reason: RejectReason) -> None:
    """Refuse a call before the answer: nothing played, nothing charged."""
    floor.tell(facts.CallRejected(at=floor.now, call=call.id, reason=reason))
    floor.order(commands.Reject(call=call.id, reason=reason.value))
    end(floor, call, CallOutcome.REJECTED)


def admitted(floor: Floor, call: Call, event: events.CreditGranted) -> Target | None:
    """Answer a call that the balance admits, unless the center has reached a cap (3.10.8)."""
    if over_cap(floor):
        reject(floor, call, RejectReason.OVER_CAP)
    else:
        move(call, CallState.ANSWERING)
        floor.order(commands.Answer(call=call.id))
        floor.set(TimerKind.ANSWER_LEASE, call.id, Instant(floor.now + ANSWER_LEASE))
    return None


def over_cap(floor: Floor) -> bool:
    """Tell whether the center may take no further call now."""
    caps = floor.config.center.caps
    if caps.concurrent_calls and floor.answered >= caps.concurrent_calls:
        return True
    if caps.calls_per_minute:
        while floor.answers and floor.answers[0] <= floor.now - MINUTE:
            floor.answers.popleft()
        if len(floor.answers) >= caps.calls_per_minute:
            return True
    return bool(caps.day) and floor.day_cap


def not_admitted(floor: Floor, call: Call, event: events.CreditRefused) -> Target | None:
    """Reject a call that the balance does not admit (C4, C5)."""
    reject(floor, call, RejectReason.INSUFFICIENT_BALANCE)
    return None


def answered(floor: Floor, call: Call, event: events.CallAnswered) -> Target | None:
    """Let the caller into the IVR, or where the center leads without one."""
    floor.cancel(TimerKind.ANSWER_LEASE, call.id)
    call.answered = True
    call.waits_from = floor.now
    floor.answered += 1
    if floor.config.center.caps.calls_per_minute:
        floor.answers.append(floor.now)
    floor.tell(facts.CallAnswered(at=floor.now, call=call.id))
    return enter_ivr(floor, call, floor.config.center.ivr)


def gone_before_answer(floor: Floor, call: Call, event: events.CallerHungUp) -> Target | None:
    """End a call whose caller gave up before the answer."""
    end(floor, call, CallOutcome.IVR_ABANDONED)
    return None
