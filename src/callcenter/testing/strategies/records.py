"""Strategies for what is kept: talks, call records, work sessions, charge lines, each with times that follow each other."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from callcenter.model.facts import LeftReason
from callcenter.model.ids import AgentId, CallId, CenterId, GroupId, RecordingId
from callcenter.model.records import (
    CallRecord,
    ChargeKind,
    ChargeLine,
    Party,
    PartyKind,
    RecordOutcome,
    Talk,
    TalkEndedBy,
    WorkSession,
)
from callcenter.model.times import DAY, HOUR, Duration, Instant
from callcenter.model.tree import CallerClass
from callcenter.testing.strategies.words import (
    access_numbers,
    caller_numbers,
    durations,
    ids,
    instants,
    money,
    phone_numbers,
    short_numbers,
    tags,
    texts,
)

_RIGHT_AWAY: Final = Duration(0)


def parties() -> st.SearchStrategy[Party]:
    """Return who answers a caller: agents, extensions, outside numbers."""
    return st.one_of(
        ids().map(lambda login: Party(kind=PartyKind.AGENT, id=login)),
        short_numbers().map(lambda short: Party(kind=PartyKind.EXTENSION, id=short)),
        phone_numbers().map(lambda number: Party(kind=PartyKind.NUMBER, id=number)),
    )


@st.composite
def talks(draw: st.DrawFn) -> Talk:
    """Draw a talk: rung, then answered, then ended."""
    ring_at = draw(instants())
    answered_at = Instant(ring_at + draw(durations(HOUR)))
    party = draw(parties())
    return Talk(
        center=CenterId(draw(ids())),
        call=CallId(draw(ids())),
        number=draw(st.integers(1, 9)),
        ref=draw(texts()),
        caller=draw(caller_numbers()),
        dialled=draw(access_numbers()),
        party=party,
        phone=draw(phone_numbers()),
        group=None if party.kind is PartyKind.NUMBER else draw(st.none() | ids().map(GroupId)),
        ring_at=ring_at,
        answered_at=answered_at,
        ended_at=Instant(answered_at + draw(durations(DAY))),
        by=draw(st.sampled_from(TalkEndedBy)),
        tags=draw(tags()),
        suspect=draw(st.booleans()),
    )


@st.composite
def call_records(draw: st.DrawFn) -> CallRecord:
    """Draw a visit to a group: answered by somebody after a wait, or missed for a reason."""
    answered = draw(st.booleans())
    queued_at = draw(instants())
    wait = draw(durations(HOUR))
    talk = draw(durations(DAY)) if answered else _RIGHT_AWAY
    recording = draw(st.none() | ids().map(RecordingId)) if answered else None
    return CallRecord(
        center=CenterId(draw(ids())),
        call=CallId(draw(ids())),
        ref=draw(texts()),
        access_number=draw(access_numbers()),
        caller=draw(caller_numbers()),
        name=draw(texts()),
        caller_class=draw(st.sampled_from(CallerClass)),
        group=GroupId(draw(ids())),
        party=draw(parties()) if answered else None,
        phone=draw(phone_numbers()) if answered else "",
        outcome=RecordOutcome.ANSWERED if answered else RecordOutcome.MISSED,
        reason="" if answered else draw(st.sampled_from(LeftReason)).value,
        queued_at=queued_at,
        answered_at=Instant(queued_at + wait) if answered else None,
        ended_at=Instant(queued_at + wait + talk),
        wait=wait,
        talk=talk,
        recording=recording,
        tags=draw(tags()),
    )


@st.composite
def work_sessions(draw: st.DrawFn) -> WorkSession:
    """Draw a log-in that goes on or is over; its parts, and the reasons of not ready, add up."""
    reasons = draw(st.dictionaries(texts(), durations(HOUR), max_size=3))
    not_ready = sum(reasons.values())
    ready, ringing, talking, wrap_up = (draw(durations(4 * HOUR)) for _ in range(4))
    login_at = draw(instants())
    length = ready + not_ready + ringing + talking + wrap_up
    return WorkSession(
        center=CenterId(draw(ids())),
        agent=AgentId(draw(ids())),
        phone=draw(phone_numbers()),
        groups=tuple(GroupId(id) for id in draw(st.lists(ids(), max_size=2, unique=True))),
        login_at=login_at,
        logout_at=draw(st.sampled_from([None, Instant(login_at + length)])),
        address=draw(texts()),
        answered=draw(st.integers(0, 99)),
        missed=draw(st.integers(0, 99)),
        ready=ready,
        not_ready=Duration(not_ready),
        ringing=ringing,
        talking=talking,
        wrap_up=wrap_up,
        reasons=tuple(reasons.items()),
    )


@st.composite
def charge_lines(draw: st.DrawFn) -> ChargeLine:
    """Draw a line of the charge detail: a call with its times, or a rent or minimum without (C3)."""
    kind = draw(st.sampled_from(ChargeKind))
    center = CenterId(draw(ids()))
    access_number = draw(access_numbers())
    amount = draw(money(0))
    if kind is not ChargeKind.CALL:
        day = draw(st.dates()).isoformat()
        return ChargeLine(
            key=f"rent:{center}:{day}" if kind is ChargeKind.RENT else f"min:{center}:{day[:7]}",
            kind=kind,
            center=center,
            caller="",
            access_number=access_number,
            agent_phone=access_number,
            ring_at=None,
            answered_at=None,
            ended_at=draw(instants()),
            seconds=0,
            amount=amount,
        )
    talk = draw(talks())
    return ChargeLine(
        key=f"call:{talk.call}:{talk.number}",
        kind=kind,
        center=center,
        caller=talk.caller,
        access_number=access_number,
        agent_phone=talk.phone,
        ring_at=talk.ring_at,
        answered_at=talk.answered_at,
        ended_at=talk.ended_at,
        seconds=-((talk.answered_at - talk.ended_at) // 1_000_000),
        amount=amount,
    )
