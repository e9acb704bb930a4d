"""Offers: phones reserved and rung for a caller, each offer with its one end, and the caller who wants one again."""

from __future__ import annotations

from typing import Final

from callcenter.engine.agent_steps import Told
from callcenter.engine.agents import Input, tell_station
from callcenter.engine.floor import Floor, Group, move
from callcenter.engine.play import wait_music
from callcenter.engine.states import NO_OFFERS, Call, CallState, Credit, Leg, Offer, Station, TimerKind, Visit
from callcenter.model.commands import CreditPurpose
from callcenter.model.events import Cause
from callcenter.model.facts import AgentPhase, OfferOutcome
from callcenter.model.ids import LegId, OfferId
from callcenter.model.made import commands, facts
from callcenter.model.records import PartyKind
from callcenter.model.times import Duration, Instant
from callcenter.model.tree import CallerClass
from callcenter.model.value import maker, value
from callcenter.routing.ringing import rests_while_ringing

_READY: Final = AgentPhase.READY
_NORMAL: Final = CallerClass.NORMAL
_RING: Final = TimerKind.RING
_leg, _offer, _told = maker(Leg), maker(Offer), maker(Told)


@value
class Pick:
    """A station chosen for a caller, and why: the ranking's key and how many could have been chosen."""

    station: Station
    key: tuple[int, ...] = ()
    field: int = 1


make_pick = maker(Pick)


def reserve(floor: Floor, call: Call, group: Group, picks: list[Pick]) -> None:
    """Keep stations for a caller from this moment on: nobody else is given them, and the pointer moves (3.3)."""
    visit = call.visit
    assert visit is not None
    for pick in picks:
        station = pick.station
        if floor.in_use(station.phone):  # another of this caller's picks is reached by the same phone
            continue
        offer = _offer(
            id=OfferId(floor.name(call, "O")),
            call=call.id,
            group=visit.group,
            station=station.id,
            phone=station.phone,
            key=pick.key,
            field=pick.field,
        )
        if call.offers:
            call.offers[offer.id] = offer
        else:
            call.offers = {offer.id: offer}
        station.offer, station.call = offer.id, call.id
        station.reserved = True
        floor.promise(station.phone)
        if visit.offered:
            visit.offered.add(station.id)
        else:
            visit.offered = {station.id}
        if visit.group in station.groups:  # not so when a caller is sent to an agent of another group
            group.memory.last_offered = station.id
            group.memory.after = station.groups[visit.group].index + 1


def begin(floor: Floor, call: Call, group: Group) -> None:
    """Ring the stations that are reserved for a caller, once the money is held."""
    visit = call.visit
    assert visit is not None
    if visit.hungry and rests_while_ringing(group.config.ring):
        group.line.remove(visit.ticket)
        group.ringing.add(visit.ticket)
        visit.hungry = False
        if not group.line:
            floor.hungry.pop(visit.group, None)
    if call.credit is Credit.HELD:
        ring_reserved(floor, call)
    else:
        call.credit = Credit.ASKED
        move(call, CallState.RESERVED)
        floor.order(
            commands.AskCredit(call=call.id, purpose=CreditPurpose.RING, caller=call.caller, called=call.dialled)
        )


def ring_reserved(floor: Floor, call: Call) -> None:
    """Ring the phones that are chosen and do not ring yet; those that may no longer be rung are left out."""
    visit = call.visit
    assert visit is not None
    group = floor.groups[visit.group]
    for offer in [offer for offer in call.offers.values() if offer.leg is None]:
        station = floor.stations[offer.station]
        if _may_ring(floor, station, offer):
            _ring(floor, call, group, visit, offer, station)
        else:
            floor.unpromise(offer.phone)
            station.reserved = False
            station.offer = station.call = None
            floor.refresh(station)
            _forget(call, offer)
    _set_ring_again(floor, call, group, visit)
    if call.offers:
        move(call, CallState.RINGING)
        wait_music(floor, call, group.config.ring_back or group.config.hold_music)
    else:
        hunger(floor, call)


def _may_ring(floor: Floor, station: Station, offer: Offer) -> bool:
    """Tell whether a phone that was promised may ring now, of a station that may have another one meanwhile."""
    if station.phone != offer.phone:
        floor.unpromise(offer.phone)
        return station.phase is _READY and station.reserved and not floor.in_use(station.phone)
    return station.phase is _READY and station.reserved and station.phone not in floor.phones


def _ring(floor: Floor, call: Call, group: Group, visit: Visit, offer: Offer, station: Station) -> None:
    leg = _leg(
        id=LegId(floor.name(call, "L")),
        call=call.id,
        number=station.phone,
        party=station.party,
        offer=offer.id,
        ring_at=floor.now,
    )
    offer.leg = leg.id
    floor.add_leg(leg)
    timeout = _ring_time(floor, group, visit, station)
    floor.tell(
        facts.AgentOffered(
            at=floor.now,
            call=call.id,
            offer=offer.id,
            group=visit.group,
            party=station.party,
            phone=station.phone,
            ranking=group.config.ranking,
            key=offer.key,
            field=offer.field,
        )
    )
    tell_station(floor, station, Input.OFFER)
    if station.party.kind is PartyKind.AGENT:
        _pop(floor, call, group, offer, station)
    floor.order(commands.Dial(call=call.id, leg=leg.id, number=leg.number, caller_id=call.caller, timeout=timeout))
    floor.set(_RING, leg.id, Instant(floor.now + timeout))


def _ring_time(floor: Floor, group: Group, visit: Visit, station: Station) -> Duration:
    own = station.agent.ring_timeout if station.agent is not None else None
    full = own or group.config.ring_timeout
    if group.config.restart or visit.ring_until <= floor.now:
        visit.ring_until = Instant(floor.now + full)
        return full
    return Duration(min(full, visit.ring_until - floor.now))


def _pop(floor: Floor, call: Call, group: Group, offer: Offer, station: Station) -> None:
    """Tell the agent's client who calls, before the phone rings (3.5)."""
    assert station.agent is not None
    vip = group.vips.get(call.matched)
    pop = commands.ScreenPop(
        call=call.id,
        offer=offer.id,
        caller=call.caller,
        caller_class=vip.caller_class if vip else _NORMAL,
        name=vip.name if vip else "",
        group=group.config.id,
        path=call.position.path if call.position is not None else (),
        wait=Duration(floor.now - call.waits_from),
    )
    floor.order(commands.NotifyAgent(agent=station.agent.id, pop=pop))
    floor.tell(facts.ScreenPopped(at=floor.now, agent=station.agent.id, pop=pop))


def _set_ring_again(floor: Floor, call: Call, group: Group, visit: Visit) -> None:
    """Let the caller be looked at again when its next phone, or its next tier, may join the ringing."""
    if group.config.ring.interval:
        visit.next_due = Instant(floor.now + group.config.ring.interval)
    look_again_later(floor, call, group, visit)


def look_again_later(floor: Floor, call: Call, group: Group, visit: Visit) -> None:
    """Set the timer of the next moment at which one more phone may join those that ring, if there is one.

    A tier that nobody is in, or that opens before the next phone is due, does not hide the moments after it.
    """
    moments = [visit.next_due] if visit.next_due > floor.now else []
    wait = group.config.tier_wait
    if wait:
        tier = (floor.now - visit.entered_at) // wait + 1
        if any(member.tier >= tier for member in group.config.members):
            moments.append(Instant(visit.entered_at + tier * wait))
    if moments:
        floor.set(TimerKind.RING_AGAIN, call.id, min(moments))


# ---------------------------------------------------------------- ends of offers


def end_offer(floor: Floor, call: Call, offer: Offer, outcome: OfferOutcome, cause: Cause, entry: Input) -> None:
    """Give an offer its one end; its station goes on, its leg is hung up unless it is gone already."""
    station = floor.stations[offer.station]
    _forget(call, offer)
    if offer.leg is None:  # reserved, never rung: nothing to tell
        station.reserved = False
        station.offer = station.call = None
        floor.unpromise(offer.phone)
        floor.refresh(station)
        return
    floor.cancel(_RING, offer.leg)
    floor.tell(
        facts.OfferEnded(at=floor.now, call=call.id, offer=offer.id, party=station.party, outcome=outcome, cause=cause)
    )
    leg = floor.legs.get(offer.leg)
    if leg is not None and outcome is not OfferOutcome.ANSWERED:
        floor.hang_up_leg(leg, cause)
    if call.visit is not None:
        call.visit.last_ended = floor.now
    tell_station(floor, station, entry, _told(cause=cause))


def _forget(call: Call, offer: Offer) -> None:
    """Let a call hold an offer no more; what was kept for offers goes with the last one."""
    del call.offers[offer.id]
    if not call.offers:
        call.offers = NO_OFFERS


def withdraw_all(floor: Floor, call: Call, cause: Cause = Cause.CALLER_LEFT, but: OfferId | None = None) -> None:
    """Cancel every ringing of a call, each exactly once (V5)."""
    if not call.offers:
        return
    for offer in [offer for offer in call.offers.values() if offer.id != but]:
        end_offer(floor, call, offer, OfferOutcome.CANCELLED, cause, Input.OFFER_GONE)


def hunger(floor: Floor, call: Call) -> None:
    """Let a caller for whom nothing rings want a phone again, in its old place."""
    visit = call.visit
    assert visit is not None
    move(call, CallState.WAITING)
    group = floor.groups[visit.group]
    if not visit.queued:
        tell_queued(floor, call, group, visit)
    if not visit.hungry:
        group.ringing.remove(visit.ticket)
        group.line.add(visit.ticket)
        visit.hungry = True
    floor.hungry[visit.group] = group
    wait_music(floor, call, group.config.hold_music)


def tell_queued(floor: Floor, call: Call, group: Group, visit: Visit) -> None:
    """Tell that a caller has come into a group, and how many stand before it."""
    visit.queued = True
    ticket = visit.ticket
    position = group.line.ahead(ticket) + group.ringing.ahead(ticket) + 1
    floor.tell(
        facts.Queued(at=floor.now, call=call.id, group=visit.group, position=position, caller_class=ticket.caller_class)
    )
