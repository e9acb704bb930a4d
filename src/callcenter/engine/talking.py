"""The talk: from a phone's answer over whisper and announcement to the bridge, and to its end."""

from __future__ import annotations

from typing import Final

from callcenter.engine.agent_steps import Told
from callcenter.engine.agents import Input, tell_station
from callcenter.engine.endings import end, hang_up
from callcenter.engine.floor import Floor, move
from callcenter.engine.offers import end_offer, withdraw_all
from callcenter.engine.play import play, stop_music, stop_play
from callcenter.engine.states import (
    NOBODY,
    Announcement,
    Call,
    CallState,
    Conversation,
    Credit,
    Leg,
    Station,
    Tape,
    TimerKind,
)
from callcenter.engine.visits import out_of_line, tell_answered
from callcenter.ivr.composer import AGENT_ID
from callcenter.model.commands import CreditPurpose
from callcenter.model.directory import MANUAL, GroupKind
from callcenter.model.events import Cause
from callcenter.model.facts import CallOutcome, OfferOutcome
from callcenter.model.ids import BridgeId, PromptName, RecordingId
from callcenter.model.made import commands, facts
from callcenter.model.records import Talk, TalkEndedBy
from callcenter.model.times import MINUTE, Duration, Instant
from callcenter.model.value import maker

CREDIT_WARNING = PromptName("credit_warning")
_conversation, _talk_of, _told = maker(Conversation), maker(Talk), maker(Told)
_DEADLINE: Final = (TimerKind.CREDIT, TimerKind.CREDIT_WARNING)
"""Timers of the end of the money."""

# ---------------------------------------------------------------- from the answer to the bridge


def phone_answered(floor: Floor, call: Call, leg: Leg) -> None:
    """Let the first phone that answers win: all others are cancelled exactly once (3.3)."""
    floor.cancel(TimerKind.RING, leg.id)
    offer = call.offers[leg.offer] if leg.offer is not None else None
    station = None
    if offer is not None:
        withdraw_all(floor, call, Cause.ANSWERED_ELSEWHERE, but=offer.id)
        end_offer(floor, call, offer, OfferOutcome.ANSWERED, Cause.NORMAL, Input.ANSWERED)
        out_of_line(floor, call)
        station = floor.stations[offer.station]
    call.direct_leg = None
    call.talk = _conversation(
        number=call.talks + 1,
        leg=leg.id,
        party=leg.party,
        station=station.id if station else "",
        group=offer.group if offer else None,
        phone=leg.number,
        ring_at=leg.ring_at,
        answered_at=floor.now,
    )
    stop_play(floor, call)  # an answer pre-empts any announcement (3.5)
    floor.order(commands.AskCredit(call=call.id, purpose=CreditPurpose.TALK, caller=call.caller, called=call.dialled))
    move(call, CallState.ANNOUNCING)
    call.announcements = _announcements(floor, call)
    announce_next(floor, call)


def _announcements(floor: Floor, call: Call) -> tuple[Announcement, ...]:
    if call.visit is None:
        return ()
    config = floor.groups[call.visit.group].config
    said = (Announcement.WHISPER,) if config.whisper is not None else ()
    return (*said, Announcement.AGENT_ID) if config.announce_agent_id else said


def announce_next(floor: Floor, call: Call) -> None:
    """Say what is still to be said before the bridge, then bridge."""
    talk, visit = call.talk, call.visit
    assert talk is not None
    while call.announcements:
        what, call.announcements = call.announcements[0], call.announcements[1:]
        assert visit is not None
        if what is Announcement.WHISPER:
            whisper = floor.groups[visit.group].config.whisper
            started = whisper is not None and play(floor, call, (whisper,), talk.leg)
        else:
            stop_music(floor, call)
            said = commands.Saying(kind=commands.SayingKind.AGENT_ID, text=talk.party.id)
            started = play(floor, call, (AGENT_ID,), sayings=(said,))
        if started:
            return
    _connect(floor, call, talk)


def _connect(floor: Floor, call: Call, talk: Conversation) -> None:
    stop_music(floor, call)
    move(call, CallState.TALKING)
    if call.visit is not None:
        call.visit.offered = NOBODY  # a round is over with its talk
    floor.order(commands.Bridge(call=call.id, leg=talk.leg, bridge=BridgeId(floor.name(call, "B"))))
    wait = Duration(talk.answered_at - call.waits_from)
    floor.tell(facts.Connected(at=floor.now, call=call.id, party=talk.party, wait=wait))
    longest = floor.config.center.caps.talk
    if longest:
        floor.set(TimerKind.CAP, call.id, Instant(talk.answered_at + longest))
    _record(floor, call, talk)


def _record(floor: Floor, call: Call, talk: Conversation) -> None:
    """Record the talk of a login group when the agent's flag is on (K4)."""
    station = floor.stations.get(talk.station)
    if station is None or station.agent is None or not station.agent.record or talk.group is None:
        return
    if floor.groups[talk.group].config.kind is not GroupKind.LOGIN:
        return
    talk.recording = RecordingId(floor.name(call, "R"))
    floor.tapes[talk.recording] = Tape(call=call.id, party=talk.party, box=None, started_at=floor.now)
    floor.order(commands.Record(call=call.id, recording=talk.recording))
    floor.tell(facts.RecordingStarted(at=floor.now, call=call.id, party=talk.party, recording=talk.recording))


def part(floor: Floor, call: Call) -> Station | None:
    """Take the phone away that answered and was never bridged: no talk, no wrap-up, no miss (3.10.4)."""
    talk, call.talk = call.talk, None
    assert talk is not None
    stop_play(floor, call)
    call.announcements = ()
    _no_deadline(floor, call)
    station = floor.stations.get(talk.station)
    if station is not None:
        tell_station(floor, station, Input.PARTED)
    return station


# ---------------------------------------------------------------- until when


def set_deadline(floor: Floor, call: Call, until: Instant | None, *, cap: bool = False) -> None:
    """Let a talk end when its money is used up; warn one minute before (4.2), but not of a plan's cap."""
    call.until_cap = cap
    if until is None:
        _no_deadline(floor, call)
        return
    floor.set(TimerKind.CREDIT, call.id, until)
    warning = Instant(until - MINUTE)
    if warning > floor.now and not cap:
        floor.set(TimerKind.CREDIT_WARNING, call.id, warning)
    else:
        floor.cancel(TimerKind.CREDIT_WARNING, call.id)


def _no_deadline(floor: Floor, call: Call) -> None:
    floor.cancel_any(_DEADLINE, call.id)


def warn(floor: Floor, call: Call) -> None:
    """Tell the caller in the talk that the money lasts one more minute."""
    if call.play is None:
        play(floor, call, (CREDIT_WARNING,))


# ---------------------------------------------------------------- the end


def end_talk(
    floor: Floor, call: Call, by: TalkEndedBy, cause: Cause = Cause.NORMAL, lived_to: Instant | None = None
) -> None:
    """End a talk: it is charged from the phone's answer to now; the phone is hung up unless it is gone.

    A talk of which nobody told the end is charged to its last proof of life, and flagged.
    """
    talk, call.talk = call.talk, None
    assert talk is not None
    ended = floor.now
    if lived_to is not None:
        ended = talk.lived_to = max(talk.answered_at, min(lived_to, floor.now))
    call.talks += 1
    call.credit = Credit.NONE  # the talk has used the hold up: before another phone rings, money is held anew (C4)
    _no_deadline(floor, call)
    floor.cancel(TimerKind.CAP, call.id)
    stop_play(floor, call)
    leg = floor.legs.get(talk.leg)
    if leg is not None:
        floor.hang_up_leg(leg, cause)
    if talk.recording is not None:
        floor.order(commands.StopRecord(call=call.id, recording=talk.recording))
    floor.tell(
        facts.TalkEnded(
            at=floor.now,
            call=call.id,
            party=talk.party,
            length=Duration(ended - talk.answered_at),
            by=by,
            talk=_talk(floor, call, talk, by, ended),
        )
    )
    if call.visit is not None:
        call.fallback = (call.visit.group, call.visit.ticket)
        tell_answered(floor, call, talk)
    _agent_goes_on(floor, call, talk)


def _talk(floor: Floor, call: Call, talk: Conversation, by: TalkEndedBy, ended: Instant) -> Talk:
    return _talk_of(
        center=floor.config.center.id,
        call=call.id,
        number=talk.number,
        ref=call.ref,
        caller=call.caller,
        dialled=call.dialled,
        party=talk.party,
        phone=talk.phone,
        group=talk.group,
        ring_at=talk.ring_at,
        answered_at=talk.answered_at,
        ended_at=ended,
        by=by,
        tags=call.tags,
        suspect=talk.lived_to is not None,
    )


def _agent_goes_on(floor: Floor, call: Call, talk: Conversation) -> None:
    station = floor.stations.get(talk.station)
    if station is None:
        return
    floor.remember_talk(call, station)
    wrap_up = Duration(0)
    if station.agent is not None:
        group = floor.groups.get(talk.group) if talk.group is not None else None
        own = station.agent.wrap_up
        wrap_up = own if own is not None else group.config.wrap_up if group is not None else Duration(0)
    _count(floor, station, talk, wrap_up)
    tell_station(floor, station, Input.TALK_ENDED, _told(wrap_up=wrap_up))


def _count(floor: Floor, station: Station, talk: Conversation, wrap_up: Duration) -> None:
    """Add a talk to what the station did today, and to what its group takes for a call."""
    length = floor.now - talk.answered_at
    for id, view in station.groups.items():
        floor.begin_day(floor.groups[id])
        view.talked += length
        floor.groups[id].count(talked=length)
    group = floor.groups.get(talk.group) if talk.group is not None else None
    if group is not None:
        group.handled.append(length + (wrap_up if wrap_up != MANUAL else 0))


def hang_up_after_talk(floor: Floor, call: Call, by: TalkEndedBy, cause: Cause = Cause.NORMAL) -> None:
    """End the talk and the call."""
    end_talk(floor, call, by, cause)
    hang_up(floor, call, CallOutcome.ANSWERED, cause)


def caller_ended_talk(floor: Floor, call: Call) -> None:
    """End the talk and the call of a caller who hung up."""
    end_talk(floor, call, TalkEndedBy.CALLER, Cause.CALLER_LEFT)
    end(floor, call, CallOutcome.ANSWERED)
