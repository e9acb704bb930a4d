"""Ringing: who is chosen for whom, how phones are rung, and how offers end.

:func:`give_out` is the coupling of callers and stations. It walks the callers who want a phone in the one order over
all groups and gives each the best station there is, so after it no caller and station that suit each other are idle
(V10). It is called after every event. Reservation is at the choice: two callers of one instant never get one agent.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge

from callcenter.engine.agents import Input, Told, tell_station
from callcenter.engine.floor import Floor, Group, move
from callcenter.engine.play import wait_music
from callcenter.engine.states import Call, CallState, Credit, Leg, Offer, Station, TimerKind, Visit
from callcenter.model import commands, facts
from callcenter.model.commands import CreditPurpose
from callcenter.model.events import Cause
from callcenter.model.facts import AgentPhase, OfferOutcome
from callcenter.model.ids import LegId, OfferId
from callcenter.model.records import PartyKind
from callcenter.model.times import Duration, Instant
from callcenter.model.value import value
from callcenter.routing import MemberView, Ticket, phones_wanted
from callcenter.routing.line import Key
from callcenter.routing.pool import Tier
from callcenter.routing.ringing import rests_while_ringing

# ---------------------------------------------------------------- choosing


def give_out(floor: Floor) -> bool:
    """Give every caller who wants a phone the best station there is, in the order of the callers.

    Returns:
        Whether anybody was given one.
    """
    groups = [group for group in floor.hungry.values() if group.free]
    if not groups:
        return False
    chosen: list[tuple[Call, Group]] = []
    for group, ticket in _in_order(groups):
        call = floor.calls[ticket.call]
        picks = choose(floor, group, call)
        if picks:
            reserve(floor, call, group, picks)
            chosen.append((call, group))
            if not any(other.free for other in groups):
                break
    for call, group in chosen:
        begin(floor, call, group)
    return bool(chosen)


def _in_order(groups: list[Group]) -> Iterator[tuple[Group, Ticket]]:
    if len(groups) == 1:
        group = groups[0]
        return ((group, ticket) for ticket in group.line)
    merged = merge(*(_keyed(group) for group in groups), key=lambda entry: entry[0])
    return ((group, ticket) for _, group, ticket in merged)


def _keyed(group: Group) -> Iterator[tuple[Key, Group, Ticket]]:
    line = group.line
    return ((line.key(ticket), group, ticket) for ticket in line)


@value
class Pick:
    """A station chosen for a caller, and why: the ranking's key and how many could have been chosen."""

    station: Station
    key: tuple[int, ...] = ()
    field: int = 1


def choose(floor: Floor, group: Group, call: Call) -> list[Pick]:
    """Return who is to ring for a caller now, best first; nobody when nobody suits or it has enough.

    Nobody is offered a caller twice before everybody of the tier who can be offered was; the next tier follows when
    nothing rings; a round begins again after the retry delay (3.10.1).
    """
    visit = call.visit
    assert visit is not None
    ringing = len(call.offers)
    wanted = phones_wanted(group.config.ring, ringing, next_due=visit.next_due, now=floor.now)
    if not wanted or call.credit is Credit.ASKED:
        return []
    if group.ranking.counts:
        floor.begin_day(group)
    group.memory.dice = floor.roll()
    picks = _fresh(floor, group, call, visit, wanted)
    if picks or ringing or not _anybody_again(floor, group, call, visit):
        return picks
    if not _may_repeat(floor, group, call, visit):
        return []
    visit.offered.clear()
    visit.open_tier = -1
    return _fresh(floor, group, call, visit, wanted)


def _fresh(floor: Floor, group: Group, call: Call, visit: Visit, wanted: int) -> list[Pick]:
    """Return the best of the lowest tier that has somebody who suits and was not offered in this round."""
    opened = max(visit.open_tier, _tier_by_time(floor, group, visit))
    for tier, members in group.free.tiers():
        if call.offers and tier > opened:
            break
        picks: list[Pick] = []
        for view, key in _best_first(floor, group, call, tier, members):
            station = floor.stations[view.id]
            if view.id not in visit.offered and suits(station, call, visit):
                picks.append(Pick(station=station, key=(*key, view.index), field=len(group.free)))
                if len(picks) == wanted:
                    break
        if picks:
            visit.open_tier = max(opened, tier)
            return picks
    return []


def _best_first(
    floor: Floor, group: Group, call: Call, tier: int, members: Tier
) -> Iterator[tuple[MemberView, tuple[int, ...]]]:
    """Go through a tier in the order of the ranking, who spoke with the caller last first when the group is sticky.

    A ranking of the user's that fails stops nobody: the tier is then in join order, and the failure is told (V16).
    """
    last = group.free.get(floor.last_talk(call, group.config.sticky)) if group.sticky else None
    if last is not None and last.tier == tier:
        yield last, (0,)
    ranked = members.best_first(group.memory, group.size)
    while True:
        try:
            view, key = next(ranked)
        except StopIteration:
            return
        except Exception as error:  # noqa: BLE001 - code of the user's, which may raise anything
            name = group.config.ranking
            floor.tell(
                facts.RankingFailed(at=floor.now, group=group.config.id, ranking=name, reason=type(error).__name__)
            )
            yield from ((view, ()) for view in group.free.of_tier(tier))
            return
        if view is not last:
            yield view, key


def _anybody_again(floor: Floor, group: Group, call: Call, visit: Visit) -> bool:
    """Tell whether somebody who was offered in this round could be offered again."""
    return any(id in group.free and suits(floor.stations[id], call, visit) for id in visit.offered)


def suits(station: Station, call: Call, visit: Visit) -> bool:
    """Tell whether a free station may be offered a caller: not its own phone, and skilled enough."""
    if station.phone in {call.matched, call.caller}:
        return False
    if not visit.requires:
        return True
    skills = station.agent.skills if station.agent is not None else {}
    return all(skills.get(name, 0) >= level for name, level in visit.requires)


def _may_repeat(floor: Floor, group: Group, call: Call, visit: Visit) -> bool:
    again = Instant(visit.last_ended + group.config.retry_delay)
    if floor.now >= again:
        return True
    floor.set(TimerKind.RING_AGAIN, call.id, again)
    return False


def _tier_by_time(floor: Floor, group: Group, visit: Visit) -> int:
    """Return the highest tier that the wait alone has opened."""
    wait = group.config.tier_wait
    by_wait = int((floor.now - visit.entered_at) // wait) if wait else -1
    return max(by_wait, visit.aged_tier)


# ---------------------------------------------------------------- ringing


def reserve(floor: Floor, call: Call, group: Group, picks: list[Pick]) -> None:
    """Keep stations for a caller from this moment on: nobody else is given them, and the pointer moves (3.3)."""
    visit = call.visit
    assert visit is not None
    for pick in picks:
        station = pick.station
        offer = Offer(
            id=OfferId(floor.name(call, "O")),
            call=call.id,
            group=visit.group,
            station=station.id,
            key=pick.key,
            field=pick.field,
        )
        call.offers[offer.id] = offer
        station.offer, station.call = offer.id, call.id
        station.reserved = True
        floor.refresh(station)
        visit.offered.add(station.id)
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
        if station.phase is AgentPhase.READY and station.reserved:
            _ring(floor, call, group, visit, offer, station)
        else:
            station.reserved = False
            station.offer = station.call = None
            floor.refresh(station)
            del call.offers[offer.id]
    _set_ring_again(floor, call, group, visit)
    if call.offers:
        move(call, CallState.RINGING)
        wait_music(floor, call, group.config.ring_back or group.config.hold_music)
    else:
        hunger(floor, call)


def _ring(floor: Floor, call: Call, group: Group, visit: Visit, offer: Offer, station: Station) -> None:
    leg = Leg(
        id=LegId(floor.name(call, "L")),
        call=call.id,
        number=station.phone,
        party=station.party,
        offer=offer.id,
        dialled_at=floor.now,
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
    floor.set(TimerKind.RING, leg.id, Instant(floor.now + timeout))


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
        caller_class=floor.class_in(group, call),
        name=vip.name if vip else "",
        group=group.config.id,
        path=call.position.path if call.position is not None else (),
        wait=Duration(floor.now - call.waits_from),
    )
    floor.order(commands.NotifyAgent(agent=station.agent.id, pop=pop))
    floor.tell(facts.ScreenPopped(at=floor.now, agent=station.agent.id, pop=pop))


def _set_ring_again(floor: Floor, call: Call, group: Group, visit: Visit) -> None:
    """Let the caller be looked at again when its next phone, or its next tier, may join the ringing."""
    interval, wait = group.config.ring.interval, group.config.tier_wait
    if interval:
        visit.next_due = Instant(floor.now + interval)
        floor.set(TimerKind.RING_AGAIN, call.id, visit.next_due)
    elif wait:
        next_tier = (floor.now - visit.entered_at) // wait + 1
        floor.set(TimerKind.RING_AGAIN, call.id, Instant(visit.entered_at + next_tier * wait))


# ---------------------------------------------------------------- ends of offers


def end_offer(floor: Floor, call: Call, offer: Offer, outcome: OfferOutcome, cause: Cause, entry: Input) -> None:
    """Give an offer its one end; its station goes on, its leg is hung up unless it is gone already."""
    station = floor.stations[offer.station]
    del call.offers[offer.id]
    if offer.leg is None:  # reserved, never rung: nothing to tell
        station.reserved = False
        station.offer = station.call = None
        floor.refresh(station)
        return
    floor.cancel(TimerKind.RING, offer.leg)
    floor.tell(
        facts.OfferEnded(at=floor.now, call=call.id, offer=offer.id, party=station.party, outcome=outcome, cause=cause)
    )
    leg = floor.legs.get(offer.leg)
    if leg is not None and outcome is not OfferOutcome.ANSWERED:
        floor.hang_up_leg(leg, cause)
    if call.visit is not None:
        call.visit.last_ended = floor.now
    tell_station(floor, station, entry, Told(cause=cause))


def withdraw_all(floor: Floor, call: Call, cause: Cause = Cause.CALLER_LEFT, but: OfferId | None = None) -> None:
    """Cancel every ringing of a call, each exactly once (V5)."""
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
