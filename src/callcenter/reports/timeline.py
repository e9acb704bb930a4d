"""The day as people would rather see it: each phone's hours, and each call from its arrival to its end.

Two readings of the same facts. A :class:`Lane` is the day of one phone, cut into stretches (free, rings, talks,
wrap-up …). A :class:`Journey` is the life of one call, with the instants at which it changed hands. Pictures are made
of them in :mod:`callcenter.reports.timeline_text` and :mod:`callcenter.reports.timeline_svg`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from typing import Final

from callcenter.model import facts
from callcenter.model.facts import AgentPhase, CallOutcome, Fact
from callcenter.model.ids import CallId, OfferId
from callcenter.model.money import Money
from callcenter.model.records import Party, PartyKind
from callcenter.model.times import Duration, Instant
from callcenter.model.value import changed, state, value


class Stretch(enum.Enum):
    """What a phone does for a while; the values are the words of the catalogue after ``timeline.``."""

    READY = "ready"
    NOT_READY = "not_ready"
    WRAP_UP = "wrap_up"
    RING = "ring"
    TALK = "talk"


STRENGTH: Final = {stretch: strength for strength, stretch in enumerate(Stretch)}
"""Which of two that fall into one cell of a picture is shown: the higher."""

_PHASES: Final = {
    AgentPhase.READY: Stretch.READY,
    AgentPhase.OFFERED: Stretch.READY,  # the ringing itself is drawn from the offer
    AgentPhase.TALKING: Stretch.READY,  # and the talk from the talk
    AgentPhase.NOT_READY: Stretch.NOT_READY,
    AgentPhase.BLOCKED: Stretch.NOT_READY,
    AgentPhase.WRAP_UP: Stretch.WRAP_UP,
}


@value
class Bar:
    """One stretch of a lane; ``call`` is None where no call is part of it."""

    stretch: Stretch
    start: Instant
    end: Instant
    call: CallId | None = None

    @property
    def length(self) -> Duration:
        """How long it lasts."""
        return Duration(self.end - self.start)


@value
class Lane:
    """The day of one phone: its bars, by their beginning."""

    party: Party
    phone: str
    bars: tuple[Bar, ...]

    def total(self, stretch: Stretch) -> Duration:
        """Return how long the phone did one thing."""
        return Duration(sum(bar.length for bar in self.bars if bar.stretch is stretch))


@value
class Journey:
    """The life of one call; an instant is None for what it did not come to.

    Attributes:
        answered_at: When the center answered, and the menu began.
        queued_at: When it was led to a group or a phone, and waiting began.
        ring_at: When the phone that answered, or else the last one, began to ring.
        talk_at: The answer of the phone.
        talk_end: The end of the (last) talk.
        ended_at: The end of the call.
        party: Who answered.
        amount: What its talks cost together; None when nothing was charged.
    """

    call: CallId
    caller: str
    offered_at: Instant
    answered_at: Instant | None = None
    queued_at: Instant | None = None
    ring_at: Instant | None = None
    talk_at: Instant | None = None
    talk_end: Instant | None = None
    ended_at: Instant | None = None
    party: Party | None = None
    seconds: int = 0
    amount: Money | None = None
    outcome: CallOutcome | None = None


@state
class _Lane:
    party: Party
    phone: str
    bars: list[Bar]
    phase: Stretch | None = None
    since: Instant = Instant(0)

    def enter(self, phase: Stretch | None, at: Instant) -> None:
        if self.phase is not None and at > self.since:
            self.bars.append(Bar(stretch=self.phase, start=self.since, end=at))
        self.phase, self.since = phase, at


class _Lanes:
    """Reads facts in their order and fills the lanes."""

    def __init__(self) -> None:
        self._lanes: dict[tuple[PartyKind, str], _Lane] = {}
        self._rings: dict[OfferId, tuple[_Lane, Instant]] = {}
        self._rung: set[tuple[CallId, PartyKind, str]] = set()

    def read(self, fact: Fact) -> None:
        """Take one fact."""
        match fact:
            case facts.AgentState(agent=agent, state=phase):
                party = Party(kind=PartyKind.AGENT, id=agent)
                self._lane(party, "").enter(_PHASES.get(phase), fact.at)
            case facts.AgentOffered(offer=offer, party=party, phone=phone):
                self._rings[offer] = (self._lane(party, phone), fact.at)
            case facts.OfferEnded(offer=offer, call=call, party=party) if offer in self._rings:
                lane, start = self._rings.pop(offer)
                lane.bars.append(Bar(stretch=Stretch.RING, start=start, end=fact.at, call=call))
                self._rung.add((call, party.kind, party.id))
            case facts.TalkEnded(talk=talk):
                lane = self._lane(talk.party, talk.phone)
                direct = (talk.call, talk.party.kind, talk.party.id) not in self._rung
                if direct:  # a phone dialled directly rings without an offer
                    ring = Bar(stretch=Stretch.RING, start=talk.ring_at, end=talk.answered_at, call=talk.call)
                    lane.bars.append(ring)
                talked = Bar(stretch=Stretch.TALK, start=talk.answered_at, end=talk.ended_at, call=talk.call)
                lane.bars.append(talked)
            case _:  # the rest tells nothing of phones
                return

    def _lane(self, party: Party, phone: str) -> _Lane:
        lane = self._lanes.setdefault((party.kind, party.id), _Lane(party=party, phone=phone, bars=[]))
        lane.phone = lane.phone or phone
        return lane

    def closed(self, until: Instant) -> tuple[Lane, ...]:
        """Return the lanes as they stand at the end of the day: agents first, then extensions, then numbers."""
        order = list(PartyKind)
        made = []
        for key in sorted(self._lanes, key=lambda key: (order.index(key[0]), key[1])):
            lane = self._lanes[key]
            lane.enter(None, until)
            bars = sorted(lane.bars, key=lambda bar: (bar.start, STRENGTH[bar.stretch]))
            made.append(Lane(party=lane.party, phone=lane.phone, bars=tuple(bars)))
        return tuple(made)


def lanes(happened: Iterable[Fact], until: Instant) -> tuple[Lane, ...]:
    """Return the day of each phone that took part.

    Args:
        happened: Facts in their order.
        until: The end of the day; what lasts then is drawn up to it.
    """
    reader = _Lanes()
    for fact in happened:
        reader.read(fact)
    return reader.closed(until)


def span_of(drawn: Sequence[Lane]) -> tuple[Instant, Instant] | None:
    """Return the first and last instant at which a call rang or was talked to; None when none was."""
    busy = [bar for lane in drawn for bar in lane.bars if bar.call is not None]
    if not busy:
        return None
    return min(bar.start for bar in busy), max(bar.end for bar in busy)


def journeys(happened: Iterable[Fact]) -> tuple[Journey, ...]:
    """Return the life of each call, in the order of arrival."""
    found: dict[CallId, Journey] = {}
    for fact in happened:
        call: CallId | None = getattr(fact, "call", None)
        if isinstance(fact, facts.CallOffered):
            found[fact.call] = Journey(call=fact.call, caller=fact.caller, offered_at=fact.at)
        elif call is not None and call in found:
            found[call] = _step(fact, found[call])
    return tuple(found.values())


def _step(fact: Fact, journey: Journey) -> Journey:
    """Return the life of a call with what a fact adds to it."""
    match fact:
        case facts.CallAnswered():
            return changed(journey, answered_at=fact.at)
        case facts.Routed() | facts.Queued() if journey.queued_at is None:
            return changed(journey, queued_at=fact.at)
        case facts.AgentOffered() if journey.talk_at is None:
            return changed(journey, ring_at=fact.at)
        case facts.Connected(party=party) if journey.party is None:
            return changed(journey, party=party)
        case facts.TalkEnded(talk=talk) if journey.talk_at is None:
            ring, answer, end = talk.ring_at, talk.answered_at, talk.ended_at
            return changed(journey, ring_at=ring, talk_at=answer, talk_end=end, party=talk.party)
        case facts.TalkEnded(talk=talk):
            return changed(journey, talk_end=talk.ended_at)
        case facts.Charged(seconds=seconds, amount=amount):
            total = amount if journey.amount is None else journey.amount + amount
            return changed(journey, amount=total, seconds=journey.seconds + seconds)
        case facts.CallEnded(outcome=outcome):
            return changed(journey, ended_at=fact.at, outcome=outcome)
        case _:
            return journey
