"""Choosing: who is to ring for whom now.

:func:`give_out` is the coupling of callers and stations. It walks the callers who want a phone in the one order over
all groups and gives each the best station there is, so after it no caller and station that suit each other are idle
(V10). It is called after every event. Reservation is at the choice: two callers of one instant never get one agent.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from typing import Final

from callcenter.engine.floor import Floor, Group
from callcenter.engine.offers import Pick, begin, make_pick, reserve
from callcenter.engine.states import NOBODY, Call, Credit, Station, TimerKind, Visit
from callcenter.model.ids import LegId
from callcenter.model.made import facts
from callcenter.model.times import SECOND, Instant
from callcenter.routing import MemberView, Ticket, phones_wanted
from callcenter.routing.line import Key
from callcenter.routing.pool import Tier
from callcenter.routing.ranking import Keeping

_UNKNOWN: Final = Keeping.UNKNOWN
HUNG_UP: Final = SECOND
"""So long a new round waits for the phones of the last one to be put down; a switch that is late holds up nobody."""


def give_out(floor: Floor) -> bool:
    """Give every caller who wants a phone the best station there is, in the order of the callers.

    Returns:
        Whether anybody was given one.
    """
    groups = [group for group in floor.hungry.values() if group.free.members]
    if not groups:
        return False
    chosen: list[tuple[Call, Group]] = []
    for group, ticket in _in_order(groups):
        call = floor.calls[ticket.call]
        picks = choose(floor, group, call)
        if picks:
            reserve(floor, call, group, picks)
            chosen.append((call, group))
            if not _anybody_free(groups):
                break
    for call, group in chosen:
        begin(floor, call, group)
    return bool(chosen)


def _anybody_free(groups: list[Group]) -> bool:
    for group in groups:  # noqa: SIM110 - asked for every caller who is given a phone: a generator costs more
        if group.free.members:
            return True
    return False


def _in_order(groups: list[Group]) -> Iterator[tuple[Group, Ticket]]:
    if len(groups) == 1:
        group = groups[0]
        return ((group, ticket) for ticket in group.line)
    merged = merge(*(_keyed(group) for group in groups), key=lambda entry: entry[0])
    return ((group, ticket) for _, group, ticket in merged)


def _keyed(group: Group) -> Iterator[tuple[Key, Group, Ticket]]:
    line = group.line
    return ((line.key(ticket), group, ticket) for ticket in line)


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
    visit.offered = NOBODY
    visit.open_tier = -1
    return _fresh(floor, group, call, visit, wanted)


def _fresh(floor: Floor, group: Group, call: Call, visit: Visit, wanted: int) -> list[Pick]:
    """Return the best of the lowest tier that has somebody who suits and was not offered in this round."""
    opened = max(visit.open_tier, _tier_by_time(floor, group, visit))
    for tier, members in group.free.tiers():
        if call.offers and tier > opened:
            break
        picks: list[Pick] = []
        plain = not group.sticky and group.ranking.keeping is not _UNKNOWN
        ranked = (
            members.best_first(group.memory, group.size) if plain else _best_first(floor, group, call, tier, members)
        )
        for view, key in ranked:
            station = floor.stations[view.id]
            if view.id not in visit.offered and suits(station, call, visit):
                picks.append(make_pick(station=station, key=(*key, view.index), field=len(group.free.members)))
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
    if station.phone == call.matched or station.phone == call.caller:  # noqa: PLR1714 - a set of two costs more
        return False
    if not visit.requires:
        return True
    skills = station.agent.skills if station.agent is not None else {}
    return all(skills.get(name, 0) >= level for name, level in visit.requires)


def _may_repeat(floor: Floor, group: Group, call: Call, visit: Visit) -> bool:
    hung_up = HUNG_UP if _being_hung_up(floor, call, visit) else 0
    again = Instant(visit.last_ended + max(group.config.retry_delay, hung_up))
    if floor.now >= again:
        return True
    floor.set(TimerKind.RING_AGAIN, call.id, again)
    return False


def _being_hung_up(floor: Floor, call: Call, visit: Visit) -> bool:
    """Tell whether somebody of this round could be offered again but for its phone, which is just being put down.

    A ring that ran out ends a moment before its leg does. A new round that began in between would leave out the one
    who rang last, though it may be the first in order, or one of those who are to ring together.
    """
    for id in visit.offered:
        station = floor.stations.get(id)
        leg = floor.legs.get(floor.phones.get(station.phone, LegId(""))) if station is not None else None
        ending = leg is not None and leg.ending
        if ending and station is not None and floor.at_hand(station) and suits(station, call, visit):
            return True
    return False


def _tier_by_time(floor: Floor, group: Group, visit: Visit) -> int:
    """Return the highest tier that the wait alone has opened."""
    wait = group.config.tier_wait
    return max(int((floor.now - visit.entered_at) // wait), visit.aged_tier) if wait else visit.aged_tier
