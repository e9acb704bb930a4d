"""The steps that the table of a call names: one small function for each (state, event) that means something.

Each takes the floor, the call and the event (or, for a timer, None) and returns where the caller goes next, if it goes
anywhere; the interpreter in :mod:`~callcenter.engine.transitions` follows.
"""

from __future__ import annotations

from callcenter.engine import direct, line, talking
from callcenter.engine.agents import Input
from callcenter.engine.endings import end, hang_up, message_over, take_message
from callcenter.engine.floor import Floor
from callcenter.engine.line import begin_aging, begin_announcing
from callcenter.engine.menu import walk
from callcenter.engine.offers import end_offer, hunger, ring_reserved
from callcenter.engine.play import play_over
from callcenter.engine.reach import phone_verdict
from callcenter.engine.states import Call, Credit, Leg, TimerKind
from callcenter.engine.visits import leave
from callcenter.ivr import signals
from callcenter.model import commands, events, facts
from callcenter.model.events import Cause, PlayResult
from callcenter.model.facts import CallOutcome, LeftReason, OfferOutcome
from callcenter.model.ids import AgentId, agent_key
from callcenter.model.records import TalkEndedBy
from callcenter.model.times import Instant
from callcenter.model.tree import HANGUP, Target, TargetKind

_OUTCOMES = {
    Cause.BUSY: OfferOutcome.BUSY,
    Cause.REJECTED: OfferOutcome.REJECTED,
    Cause.NO_ANSWER: OfferOutcome.NO_ANSWER,
}


def unheard(floor: Floor, call: Call, event: object) -> Target | None:
    """A key that means nothing here is ignored (9.6 of the formats)."""
    return None


# ---------------------------------------------------------------- in the IVR


def digit(floor: Floor, call: Call, event: events.DigitPressed) -> Target | None:
    """Tell the walk of a key."""
    return walk(floor, call, signals.Digit(digit=event.digit))


def prompt_over(floor: Floor, call: Call, event: events.PlaybackEnded) -> Target | None:
    """Tell the walk that its prompt has ended, or failed."""
    play_over(floor, call)
    return walk(floor, call, signals.PromptEnded(failed=event.result is PlayResult.FAILED))


def menu_timer(floor: Floor, call: Call, event: None) -> Target | None:
    """Tell the walk that its time has come; a play that it no longer waits for is over."""
    return walk(floor, call, signals.TimerDue())


def host_said(floor: Floor, call: Call, event: events.HostAnswered) -> Target | None:
    """Tell the walk what the host answered."""
    return walk(floor, call, signals.HostSaid(answer=event.answer))


def host_collected(floor: Floor, call: Call, event: events.DigitsCollected) -> Target | None:
    """Tell the walk what the host collected."""
    play_over(floor, call)
    return walk(floor, call, signals.Collected(digits=event.digits, timed_out=event.timed_out))


def gone_in_menu(floor: Floor, call: Call, event: events.CallerHungUp) -> Target | None:
    """End a call whose caller hung up in the IVR (rule 18)."""
    walk(floor, call, signals.HungUp())
    end(floor, call, CallOutcome.IVR_ABANDONED)
    return None


# ---------------------------------------------------------------- in a group


def gone_in_line(floor: Floor, call: Call, event: events.CallerHungUp) -> Target | None:
    """End a call whose caller gave up waiting."""
    leave_quietly(floor, call, LeftReason.ABANDONED)
    end(floor, call, CallOutcome.ABANDONED)
    return None


def leave_quietly(floor: Floor, call: Call, reason: LeftReason) -> None:
    """Take a caller who is gone out of its group: nothing is played or stopped for it any more."""
    call.play, call.music = None, None
    leave(floor, call, reason)


def exit_key(floor: Floor, call: Call, event: events.DigitPressed) -> Target | None:
    """Leave the line by its exit key, also while phones ring."""
    assert call.visit is not None
    config = floor.groups[call.visit.group].config
    if not config.exit_key or event.digit != config.exit_key:
        return None
    leave(floor, call, LeftReason.EXIT_KEY)
    return config.on_exit_key


def waited_too_long(floor: Floor, call: Call, event: None) -> Target | None:
    """Leave the line after the longest wait."""
    return leave(floor, call, LeftReason.TIMEOUT).config.on_timeout


def look_again(floor: Floor, call: Call, event: None) -> Target | None:
    """Be looked at again: the giving out after every event does it."""
    return None


def age(floor: Floor, call: Call, event: None) -> Target | None:
    """Let the next step of aging act on a caller who has waited for it."""
    line.age(floor, call)
    return None


def tell_place(floor: Floor, call: Call, event: None) -> Target | None:
    """Tell a waiting caller where it stands."""
    line.announce(floor, call)
    return None


def line_prompt_over(floor: Floor, call: Call, event: events.PlaybackEnded | None) -> Target | None:
    """Take note that an announcement to the waiting has ended."""
    play_over(floor, call)
    return None


def credit_held(floor: Floor, call: Call, event: events.CreditGranted) -> Target | None:
    """Ring the phones that were chosen, now that the money is held (C4)."""
    call.credit = Credit.HELD
    ring_reserved(floor, call)
    return None


def credit_refused(floor: Floor, call: Call, event: events.CreditRefused) -> Target | None:
    """Tell the caller that the balance does not admit the call, and end it (C4)."""
    call.credit = Credit.NONE
    leave(floor, call, LeftReason.INSUFFICIENT_BALANCE)
    direct.no_money(floor, call)
    return None


# ---------------------------------------------------------------- while phones ring


def leg_rings(floor: Floor, call: Call, event: events.LegRinging) -> Target | None:
    """Take note of when the phone began to ring."""
    floor.legs[event.leg].ring_at = floor.now
    return None


def leg_answered(floor: Floor, call: Call, event: events.LegAnswered) -> Target | None:
    """Let the phone that answered first win."""
    talking.phone_answered(floor, call, floor.legs[event.leg])
    return None


def leg_missed(floor: Floor, call: Call, event: events.LegFailed | events.LegEnded) -> Target | None:
    """End the offer of a phone that was busy, rejected, could not be reached, or rang out at the switch."""
    leg = floor.legs[event.leg]
    cause = event.cause if event.cause in {*_OUTCOMES, Cause.CONGESTION} else Cause.UNREACHABLE
    floor.drop_leg(leg)
    _missed(floor, call, leg, cause)
    return None


def rang_out(floor: Floor, call: Call, leg: Leg) -> Target | None:
    """End the offer of a phone that nobody answered in its ring time."""
    _missed(floor, call, leg, Cause.NO_ANSWER)
    return None


def _missed(floor: Floor, call: Call, leg: Leg, cause: Cause) -> None:
    assert leg.offer is not None
    offer = call.offers[leg.offer]
    outcome = _OUTCOMES.get(cause, OfferOutcome.UNREACHABLE)
    if cause is Cause.NO_ANSWER and call.visit is not None:
        call.visit.ring_until = Instant(0)  # a ring that ran out: the next one is full again (3.10.1)
    end_offer(floor, call, offer, outcome, cause, Input.MISSED)
    if not call.offers:
        hunger(floor, call)


# ---------------------------------------------------------------- direct dials


def direct_held(floor: Floor, call: Call, event: events.CreditGranted) -> Target | None:
    """Ring the phone of a direct dial, now that the money is held."""
    call.credit = Credit.HELD
    if call.direct_leg is None:
        direct.ring_direct(floor, call)
    return None


def direct_refused(floor: Floor, call: Call, event: events.CreditRefused) -> Target | None:
    """Tell the caller that the balance does not admit the call, and end it."""
    call.credit = Credit.NONE
    call.direct = None
    direct.no_money(floor, call)
    return None


def direct_missed(floor: Floor, call: Call, event: events.LegFailed | events.LegEnded) -> Target | None:
    """Go on after a direct dial that was busy, rejected or could not be reached."""
    floor.cancel(TimerKind.RING, event.leg)
    floor.drop_leg(floor.legs[event.leg])
    return direct.not_reached(floor, call, event.cause)


def direct_rang_out(floor: Floor, call: Call, leg: Leg) -> Target | None:
    """Go on after a direct dial that nobody answered."""
    return direct.not_reached(floor, call)


def gone_while_dialling(floor: Floor, call: Call, event: events.CallerHungUp) -> Target | None:
    """End a call whose caller hung up while a direct dial rang."""
    end(floor, call, CallOutcome.UNANSWERED)
    return None


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
            return "" if target.name in floor.groups else "unknown"
        case TargetKind.AGENT:
            return _agent_refusal(floor, agent_key(target.name))
        case TargetKind.EXTENSION | TargetKind.NUMBER:
            verdict = phone_verdict(floor, target)
            return "" if verdict is signals.Verdict.OK else verdict.value
        case _:
            return "unknown"


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
