"""The steps of a call from a phone's answer on: whisper and announcement, the talk, last prompts, voicemail, failures.

They are named by the table in :mod:`~callcenter.engine.transitions`, as those of
:mod:`~callcenter.engine.before_answer` are.
"""

from __future__ import annotations

from callcenter.engine import direct, talking
from callcenter.engine.before_answer import leave_quietly, waited_too_long
from callcenter.engine.endings import end, hang_up, message_over, take_message
from callcenter.engine.floor import Floor
from callcenter.engine.line import begin_aging, begin_announcing
from callcenter.engine.offers import hunger
from callcenter.engine.play import play_over
from callcenter.engine.reach import phone_verdict
from callcenter.engine.states import Call, TimerKind
from callcenter.engine.visits import arrival_refusal, leave
from callcenter.ivr import signals
from callcenter.model import events
from callcenter.model.events import Cause
from callcenter.model.facts import CallOutcome, LeftReason
from callcenter.model.ids import AgentId, GroupId, agent_key
from callcenter.model.made import commands, facts
from callcenter.model.records import TalkEndedBy
from callcenter.model.times import Instant
from callcenter.model.tree import HANGUP, Target, TargetKind

# ---------------------------------------------------------------- between answer and bridge


def announced(floor: Floor, call: Call, event: events.PlaybackEnded | None) -> Target | None:
    """Say the next thing, or bridge."""
    play_over(floor, call)
    talking.announce_next(floor, call)
    return None


def agent_parted(floor: Floor, call: Call, event: events.LegEnded | events.LegFailed) -> Target | None:
    """Put the caller back whose agent hung up before the bridge: the wait runs on, nothing is charged (C4b)."""
    floor.drop_leg(floor.legs[event.leg])
    return _unanswered_again(floor, call)


def _unanswered_again(floor: Floor, call: Call) -> Target | None:
    talking.part(floor, call)
    visit = call.visit
    if visit is None:  # a direct dial
        return direct.not_reached(floor, call)
    visit.last_ended = floor.now
    longest = floor.groups[visit.group].config.max_wait
    if longest and visit.entered_at + longest <= floor.now:
        return waited_too_long(floor, call, None)
    if longest:
        floor.set(TimerKind.MAX_WAIT, call.id, Instant(visit.entered_at + longest))
    begin_aging(floor, call, floor.groups[visit.group], visit)
    begin_announcing(floor, call, floor.groups[visit.group])
    hunger(floor, call)
    return None


def gone_before_bridge(floor: Floor, call: Call, event: events.CallerHungUp) -> Target | None:
    """End a call whose caller hung up between answer and bridge: it was abandoned, nothing is charged (3.10.4)."""
    assert call.talk is not None
    leg = floor.legs.get(call.talk.leg)
    call.play, call.music = None, None
    talking.part(floor, call)
    if leg is not None:
        floor.hang_up_leg(leg, Cause.CALLER_LEFT)
    leave_quietly(floor, call, LeftReason.ABANDONED)
    end(floor, call, CallOutcome.ABANDONED)
    return None


def money_gone_before_bridge(floor: Floor, call: Call, event: None) -> Target | None:
    """End a call whose money does not reach to the bridge."""
    assert call.talk is not None
    leg = floor.legs.get(call.talk.leg)
    talking.part(floor, call)
    if leg is not None:
        floor.hang_up_leg(leg, Cause.CREDIT_EXHAUSTED)
    leave(floor, call, LeftReason.INSUFFICIENT_BALANCE)
    direct.no_money(floor, call)
    return None


# ---------------------------------------------------------------- talking


def deadline(floor: Floor, call: Call, event: events.CreditGranted) -> Target | None:
    """Let the talk end when its money is used up."""
    talking.set_deadline(floor, call, event.until, cap=event.cap)
    return None


def no_credit(floor: Floor, call: Call, event: events.CreditRefused) -> Target | None:
    """Let the talk end now: there is no money for it."""
    talking.set_deadline(floor, call, floor.now)
    return None


def agent_hung_up(floor: Floor, call: Call, event: events.LegEnded | events.LegFailed) -> Target | None:
    """End the talk and the call when the phone hangs up."""
    floor.drop_leg(floor.legs[event.leg])
    by = TalkEndedBy.AGENT if event.cause in {Cause.NORMAL, Cause.REJECTED} else TalkEndedBy.SWITCH
    talking.hang_up_after_talk(floor, call, by)
    return None


def caller_hung_up(floor: Floor, call: Call, event: events.CallerHungUp) -> Target | None:
    """End the talk and the call when the caller hangs up."""
    call.play, call.music = None, None
    talking.caller_ended_talk(floor, call)
    return None


def money_gone(floor: Floor, call: Call, event: None) -> Target | None:
    """End the talk when its money is used up, or its plan's cap is reached."""
    by = TalkEndedBy.CAP if call.until_cap else TalkEndedBy.CREDIT
    talking.hang_up_after_talk(floor, call, by, Cause.CREDIT_EXHAUSTED)
    return None


def talked_too_long(floor: Floor, call: Call, event: None) -> Target | None:
    """End the longest talk that the center allows."""
    talking.hang_up_after_talk(floor, call, TalkEndedBy.CAP)
    return None


def warn(floor: Floor, call: Call, event: None) -> Target | None:
    """Warn of the end of the money."""
    talking.warn(floor, call)
    return None


def hold(floor: Floor, call: Call, event: events.CallHeld) -> Target | None:
    """Put the caller on hold; the talk goes on and is billed."""
    assert call.talk is not None
    if not call.talk.held:
        call.talk.held = True
        floor.order(commands.HoldCall(call=call.id, leg=call.talk.leg))
    return None


def retrieve(floor: Floor, call: Call, event: events.CallRetrieved) -> Target | None:
    """Take the caller back from hold."""
    assert call.talk is not None
    if call.talk.held:
        call.talk.held = False
        floor.order(commands.RetrieveCall(call=call.id, leg=call.talk.leg))
    return None


def transfer(floor: Floor, call: Call, event: events.TransferRequested) -> Target | None:
    """Send the caller on: the first talk ends at the request; a target that cannot be reached changes nothing."""
    assert call.talk is not None
    reason = _transfer_refusal(floor, event)
    if reason:
        floor.tell(
            facts.TransferFailed(at=floor.now, call=call.id, party=event.party, target=event.target, reason=reason)
        )
        return None
    talking.end_talk(floor, call, TalkEndedBy.TRANSFER)
    call.waits_from = floor.now
    return event.target


def _transfer_refusal(floor: Floor, event: events.TransferRequested) -> str:
    target = event.target
    if not event.blind:
        return "attended"
    match target.kind:
        case TargetKind.GROUP:
            return _group_refusal(floor, GroupId(target.name))
        case TargetKind.AGENT:
            return _agent_refusal(floor, agent_key(target.name))
        case TargetKind.EXTENSION | TargetKind.NUMBER:
            verdict = phone_verdict(floor, target)
            return "" if verdict is signals.Verdict.OK else verdict.value
        case _:
            return "unknown"


def _group_refusal(floor: Floor, id: GroupId) -> str:
    """Return why a group would refuse the caller at once (3.10.7): it is unknown, closed, empty or full."""
    group = floor.groups.get(id)
    if group is None:
        return "unknown"
    refusal = arrival_refusal(floor, group)
    return "" if refusal is None else refusal.value


def _agent_refusal(floor: Floor, id: AgentId) -> str:
    station = floor.stations.get(id)
    if station is None or station.agent is None:
        return "unknown"
    return "" if floor.is_free(station) else "unavailable"


# ---------------------------------------------------------------- last prompts, voicemail, failures


def holiday_over(floor: Floor, call: Call, event: events.PlaybackEnded | None) -> Target | None:
    """Try the holiday target after the holiday prompt; none: hang up (K5)."""
    play_over(floor, call)
    return call.after_holiday or HANGUP


def gone_on_holiday(floor: Floor, call: Call, event: events.CallerHungUp) -> Target | None:
    """End a call whose caller did not hear the holiday prompt out."""
    end(floor, call, CallOutcome.REFUSED)
    return None


def greeting_over(floor: Floor, call: Call, event: events.PlaybackEnded | None) -> Target | None:
    """Take the message after the greeting."""
    play_over(floor, call)
    take_message(floor, call)
    return None


def message_full(floor: Floor, call: Call, event: None) -> Target | None:
    """End the longest message, and the call."""
    message_over(floor, call)
    hang_up(floor, call, CallOutcome.VOICEMAIL)
    return None


def gone_at_voicemail(floor: Floor, call: Call, event: events.CallerHungUp) -> Target | None:
    """End a call whose caller hung up at a box; what was said is kept."""
    message_over(floor, call)
    end(floor, call, call.outcome or CallOutcome.IVR_ABANDONED)
    return None


def last_word_said(floor: Floor, call: Call, event: events.PlaybackEnded | None) -> Target | None:
    """Hang up after the last prompt."""
    hang_up(floor, call, call.outcome or CallOutcome.IVR_ENDED)
    return None


def gone_at_last_word(floor: Floor, call: Call, event: events.CallerHungUp) -> Target | None:
    """End a call whose caller did not hear the last prompt out."""
    end(floor, call, call.outcome or CallOutcome.IVR_ENDED)
    return None


def failed(floor: Floor, call: Call, event: object) -> Target | None:
    """End a call that the switch cannot serve."""
    hang_up(floor, call, CallOutcome.FAILED)
    return None
