"""The steps of a call until a phone answers: in the IVR, in the line of a group, while phones ring, direct dials.

Each takes the floor, the call and the event (or, for a timer, None) and returns where the caller goes next, if it goes
anywhere. Which step is taken when is said in :mod:`~callcenter.engine.transitions`, and nowhere else.
"""

from __future__ import annotations

from callcenter.engine import direct, line, talking
from callcenter.engine.agents import Input
from callcenter.engine.endings import end
from callcenter.engine.floor import Floor
from callcenter.engine.menu import walk
from callcenter.engine.offers import end_offer, hunger, look_again_later, ring_reserved
from callcenter.engine.play import play_over
from callcenter.engine.states import Call, Credit, Leg, TimerKind
from callcenter.engine.visits import leave
from callcenter.ivr import signals
from callcenter.model import events
from callcenter.model.events import Cause, PlayResult
from callcenter.model.facts import CallOutcome, LeftReason, OfferOutcome
from callcenter.model.times import Instant
from callcenter.model.tree import Target

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
    """Be looked at again: the giving out after every event does it; while phones ring, there may be a next time."""
    if call.offers and call.visit is not None:
        look_again_later(floor, call, floor.groups[call.visit.group], call.visit)
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
    return direct.ring_direct(floor, call) if call.direct_leg is None else None


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
