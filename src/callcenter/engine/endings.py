"""How calls end: the last prompt, voicemail, and the one terminal fact."""

from __future__ import annotations

from typing import Final

from callcenter.engine.floor import Floor, move
from callcenter.engine.play import play, play_over, stop_music, stop_play
from callcenter.engine.states import Call, CallState, Tape, TimerKind
from callcenter.model.events import Cause
from callcenter.model.facts import CallOutcome
from callcenter.model.ids import PromptName, RecordingId, VoicemailName
from callcenter.model.made import commands, facts
from callcenter.model.times import DAY, Duration, Instant
from callcenter.model.tree import HANGUP, Target

_KEPT: Final = DAY
"""How long an ended call is known, so that late events are known as late."""
_KEPT_MOST: Final = 100_000


def end(floor: Floor, call: Call, outcome: CallOutcome) -> None:
    """End a call: no leg, timer or line remembers it, and its one terminal fact is told.

    At least one talk makes it answered; a group's closed hours make it refused (9.3 of the formats).
    """
    floor.timers.cancel_all(call.id)
    if call.direct_leg is not None:
        hang_up_direct(floor, call, Cause.CALLER_LEFT)
    if call.answered:
        floor.answered -= 1
    if call.talks:
        outcome = CallOutcome.ANSWERED
    elif call.refused:
        outcome = CallOutcome.REFUSED
    move(call, CallState.ENDED)
    floor.drop_call(call)
    floor.ended[call.id] = floor.now
    _forget_old(floor)
    floor.tell(facts.CallEnded(at=floor.now, call=call.id, outcome=outcome))


def _forget_old(floor: Floor) -> None:
    ended = floor.ended
    while ended:
        oldest = next(iter(ended))
        if ended[oldest] > floor.now - _KEPT and len(ended) <= _KEPT_MOST:
            break
        del ended[oldest]
    _forget_tapes(floor)


def _forget_tapes(floor: Floor) -> None:
    """Let go of the recordings of calls that are not even remembered: nobody will tell of their end any more."""
    while floor.tapes:
        id, tape = next(iter(floor.tapes.items()))
        if tape.call in floor.calls or tape.call in floor.ended:
            return
        del floor.tapes[id]
        if tape.box is None:
            lost = facts.RecordingEnded(at=floor.now, call=tape.call, recording=id, length=Duration(0), missing=True)
            floor.tell(lost)


def hang_up(floor: Floor, call: Call, outcome: CallOutcome, cause: Cause = Cause.NORMAL) -> None:
    """End the caller's leg and the call."""
    if call.play is not None:
        play_over(floor, call)
    floor.order(commands.HangUp(call=call.id, cause=cause))
    end(floor, call, outcome)


def say_and_hang_up(floor: Floor, call: Call, prompt: PromptName, outcome: CallOutcome) -> None:
    """Play a last prompt, then end the call; without the prompt, end it now."""
    stop_music(floor, call)
    call.outcome = outcome
    if play(floor, call, (prompt,)):
        move(call, CallState.CLOSING)
    else:
        hang_up(floor, call, outcome)


def hang_up_direct(floor: Floor, call: Call, cause: Cause) -> None:
    """End the leg of a direct dial, if there is one."""
    leg = floor.legs.get(call.direct_leg) if call.direct_leg is not None else None
    call.direct_leg = None
    if leg is not None:
        floor.cancel(TimerKind.RING, leg.id)
        floor.hang_up_leg(leg, cause)


# ---------------------------------------------------------------- voicemail


def enter_voicemail(floor: Floor, call: Call, target: Target) -> Target | None:
    """Play the greeting of a box and take a message; a box that is gone hangs up."""
    floor.tell(facts.Routed(at=floor.now, call=call.id, target=target))
    name = VoicemailName(target.name)
    box = floor.config.center.voicemails.get(name)
    if box is None:
        return HANGUP
    call.box = name
    call.outcome = CallOutcome.IVR_ABANDONED  # until a message has begun
    move(call, CallState.VOICEMAIL)
    if box.greeting is None or not play(floor, call, (box.greeting,)):
        take_message(floor, call)
    return None


def take_message(floor: Floor, call: Call) -> None:
    """Begin to record the caller's message."""
    assert call.box is not None
    box = floor.config.center.voicemails.get(call.box)
    call.recording = RecordingId(floor.name(call, "R"))
    call.recording_since = floor.now
    call.outcome = CallOutcome.VOICEMAIL
    floor.tapes[call.recording] = Tape(call=call.id, party=None, box=call.box, started_at=floor.now)
    longest = box.max_length if box is not None else None
    floor.order(commands.Record(call=call.id, recording=call.recording, max_length=longest))
    if longest is not None:
        floor.set(TimerKind.VOICEMAIL, call.id, Instant(floor.now + longest))


def message_over(floor: Floor, call: Call) -> None:
    """Tell of the message that was left, if one had begun."""
    if call.recording is not None and call.box is not None:
        length = Duration(floor.now - call.recording_since)
        floor.order(commands.StopRecord(call=call.id, recording=call.recording))
        floor.tell(
            facts.VoicemailLeft(at=floor.now, call=call.id, box=call.box, length=length, recording=call.recording)
        )
        call.recording = None


def stop_all_sound(floor: Floor, call: Call) -> None:
    """Stop what the caller hears, before it hears something else."""
    stop_play(floor, call)
    stop_music(floor, call)
