"""The eight calls of golden figure G1 as facts and charge lines, made by hand: what reports are tried with."""

from __future__ import annotations

from datetime import date

from callcenter.billing.plans import RatePlan
from callcenter.billing.rating import cost
from callcenter.model import facts
from callcenter.model.events import Cause
from callcenter.model.facts import Fact
from callcenter.model.ids import AgentId, CallId, CenterId, GroupId, OfferId
from callcenter.model.money import ZERO, fen
from callcenter.model.records import ChargeKind, ChargeLine, Party, PartyKind, Talk, TalkEndedBy
from callcenter.model.times import SECOND, Duration, Instant, zone
from callcenter.model.tree import CallerClass

CENTER = CenterId("demo")
ZONE = zone("Asia/Shanghai")
DAY = date(2008, 12, 29)
PLAN = RatePlan.per_minute(fen(12))
ACCESS = "95990001"
SECONDS = (390, 901, 232, 14, 355, 51, 14, 37)
FEN = ("84.00", "192.00", "48.00", "12.00", "72.00", "12.00", "12.00", "12.00")

# ring, answer, end, who, phone
CALLS = (
    ("10:14:49", "10:15:02", "10:21:32", "CC1001", "013900000001"),
    ("11:56:50", "11:57:01", "12:12:02", "CC1002", "013900000002"),
    ("14:05:25", "14:05:34", "14:09:26", "CC1003", "013900000003"),
    ("15:19:31", "15:19:39", "15:19:53", "804", "02855500012"),
    ("15:20:42", "15:20:53", "15:26:48", "CC1004", "013900000004"),
    ("15:27:42", "15:27:54", "15:28:45", "804", "02855500012"),
    ("16:47:31", "16:47:36", "16:47:50", "805", "02855500011"),
    ("17:39:13", "17:39:27", "17:40:04", "CC1004", "013900000004"),
)


def at(clock: str) -> Instant:
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    return Instant(ZONE.at(DAY, hours, minutes) + seconds * SECOND)


def party(who: str) -> Party:
    return Party(kind=PartyKind.AGENT if who.startswith("CC") else PartyKind.EXTENSION, id=who)


def talk(number: int) -> Talk:
    ring, answer, end, who, phone = CALLS[number]
    return Talk(
        center=CENTER,
        call=CallId(f"c{number + 1}"),
        number=1,
        ref=f"c{number + 1}",
        caller=f"01390000110{number}",
        dialled=ACCESS,
        party=party(who),
        phone=phone,
        group=GroupId("1"),
        ring_at=at(ring),
        answered_at=at(answer),
        ended_at=at(end),
        by=TalkEndedBy.CALLER,
    )


def charge_lines() -> list[ChargeLine]:
    rent = ChargeLine(
        key="rent:demo:2008-12-29",
        kind=ChargeKind.RENT,
        center=CENTER,
        caller="",
        access_number=ACCESS,
        agent_phone=ACCESS,
        ring_at=None,
        answered_at=None,
        ended_at=at("03:00:00"),
        seconds=0,
        amount=ZERO,
    )
    return [rent, *(charge_line(talk(number)) for number in range(len(CALLS)))]


def charge_line(done: Talk) -> ChargeLine:
    seconds = (done.ended_at - done.answered_at) // SECOND
    return ChargeLine(
        key=f"call:{done.call}:1",
        kind=ChargeKind.CALL,
        center=CENTER,
        caller=done.caller,
        access_number=ACCESS,
        agent_phone=done.phone,
        ring_at=done.ring_at,
        answered_at=done.answered_at,
        ended_at=done.ended_at,
        seconds=seconds,
        amount=cost(seconds, done.answered_at, PLAN),
    )


def facts_of_day() -> list[Fact]:
    """Agents come in at nine; the last call but one is dialled directly; every talk of an agent has its wrap-up."""
    happened: list[Fact] = [
        facts.AgentState(at=at("09:00:00"), agent=AgentId(f"CC100{n}"), state=facts.AgentPhase.READY)
        for n in (1, 2, 3, 4)
    ]
    for number in range(len(CALLS)):
        happened += facts_of_call(talk(number), direct=number == 6)
    return happened


def facts_of_call(done: Talk, *, direct: bool) -> list[Fact]:
    call, offer, who = done.call, OfferId(f"o-{done.call}"), done.party
    start, key = Instant(done.ring_at - 10 * SECOND), done.ring_at
    happened: list[Fact] = [
        facts.CallOffered(at=start, call=call, caller=done.caller, dialled=ACCESS),
        facts.CallAnswered(at=start, call=call),
    ]
    group = GroupId("1")
    if not direct:
        happened += [
            facts.Queued(at=key, call=call, group=group, position=1, caller_class=CallerClass.NORMAL),
            facts.AgentOffered(at=key, call=call, offer=offer, group=group, party=who, phone=done.phone),
            facts.OfferEnded(
                at=done.answered_at,
                call=call,
                offer=offer,
                party=who,
                outcome=facts.OfferOutcome.ANSWERED,
                cause=Cause.NORMAL,
            ),
        ]
    length = Duration(done.ended_at - done.answered_at)
    line = charge_line(done)
    happened += [
        facts.TalkEnded(at=done.ended_at, call=call, party=who, length=length, by=done.by, talk=done),
        facts.Charged(at=done.ended_at, call=call, seconds=line.seconds, amount=line.amount),
        facts.CallEnded(at=done.ended_at, call=call, outcome=facts.CallOutcome.ANSWERED),
    ]
    if who.kind is PartyKind.AGENT:
        agent, rest = AgentId(who.id), Instant(done.ended_at + 60 * SECOND)
        happened += [
            facts.AgentState(at=done.answered_at, agent=agent, state=facts.AgentPhase.TALKING),
            facts.AgentState(at=done.ended_at, agent=agent, state=facts.AgentPhase.WRAP_UP),
            facts.AgentState(at=rest, agent=agent, state=facts.AgentPhase.READY),
        ]
    return happened
