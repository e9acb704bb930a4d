"""From how a center stood over time to what rent and minimum are judged by: dates, terms and seats (R1, R3).

Theory of operation. A history is what was configured, from an instant on each; its first entry also counts for all time
before it, because a shop is loaded later than its centers began. A date is open when the center was open at any moment
of it; the terms in force when a date begins are those of the date, so a change of the plan counts from the next one.
A last day that is told afterwards takes back the dates between. Removing a center from the shop closes it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from callcenter.billing.rent import nominal_run, owes_rent, seats_on
from callcenter.billing.rent_terms import RentTerms
from callcenter.billing.settlement import Stretch, Tenancy
from callcenter.model.directory import CallCenter, CenterStatus
from callcenter.model.ids import CenterId
from callcenter.model.times import Instant, Zone, zone
from callcenter.model.value import changed, value

_DAY: Final = timedelta(days=1)
Dates = tuple[date, date]
"""First and last date, both included."""


@value
class Terms:
    """How a center stood from an instant on: what rent and seats are judged by."""

    since: Instant
    center: CallCenter
    rent: RentTerms | None


class History:
    """How one center stood over time.

    Args:
        terms: At least one, ascending.
    """

    def __init__(self, terms: Sequence[Terms]) -> None:
        self.terms: Final = tuple(terms)
        self.zone: Final[Zone] = zone(self.terms[-1].center.timezone)
        self._changed_on: Final = [self.zone.day(each.since) for each in self.terms[1:]]
        self._seats: dict[tuple[int, ...], int] = {}
        self._plain = tuple(map(_ageless, self.terms))

    @property
    def now(self) -> CallCenter:
        """The center as it stands last."""
        return self.terms[-1].center

    def tenancy(self) -> Tenancy:
        """Return the stretches of dates on which rent and minimum are owed."""
        spans = self._open()
        stretches = [
            Stretch(first=first, last=None if last == date.max else last, terms=terms)
            for first, last, terms in self._planned()
            for first, last in _overlaps(spans, (first, last))
        ]
        return Tenancy(
            center=self.now.id,
            access_number=self.now.access_number,
            zone=self.zone,
            stretches=tuple(sorted(stretches, key=lambda stretch: stretch.first)),
        )

    def seats(self, day: date) -> int:
        """Return the seats that are paid for on a date: those in being at any moment of it before 03:00."""
        during = tuple(self._before_three(day))
        if all(self._plain[place] for place in during):
            found = self._seats.get(during)
            if found is None:
                found = self._seats[during] = seats_on(day, (self.terms[place].center for place in during))
            if all(owes_rent(self.terms[place].center, day) for place in during):
                return found
        states = (self.terms[place].center for place in during)
        return seats_on(day, (center for center in states if owes_rent(center, day)))

    def _before_three(self, day: date) -> Iterator[int]:
        """Yield the places of the terms in force at any moment of a date before 03:00."""
        place = bisect_left(self._changed_on, day)
        if place == len(self._changed_on) or self._changed_on[place] != day:
            yield place
            return
        begins, run = self.zone.at(day), nominal_run(self.zone, day)
        last = len(self.terms) - 1
        for place, terms in enumerate(self.terms):
            until = self.terms[place + 1].since if place < last else None
            if (place == 0 or terms.since < run) and (until is None or until > begins):
                yield place

    def _planned(self) -> Iterator[tuple[date, date, RentTerms]]:
        """Yield the dates on which each agreement counts: from the date after it was made."""
        made = [each for place, each in enumerate(self.terms) if not place or each.rent != self.terms[place - 1].rent]
        changes = [self.zone.day(terms.since) for terms in made[1:]]
        firsts = [date.min, *(day + _DAY for day in changes)]
        lasts = [*changes, date.max]
        for first, last, terms in zip(firsts, lasts, made, strict=True):
            if terms.rent is not None and first <= last:
                yield first, last, terms.rent

    def _open(self) -> list[Dates]:
        """Return the dates on which the center was open, ascending and apart."""
        begins = [date.min, *(self.zone.day(terms.since) for terms in self.terms[1:])]
        ends = [*(self.zone.day(Instant(terms.since - 1)) for terms in self.terms[1:]), date.max]
        spans: list[Dates] = []
        for since, until, terms in zip(begins, ends, self.terms, strict=True):
            center = terms.center
            last = _last_day(center)
            if last < since:
                spans = [span for each in spans for span in _without(each, (last + _DAY, since))]
            spans.append((max(since, center.created or since), min(until, last)))
        return _joined(spans)


def histories(
    versions: Iterable[tuple[Instant, Iterable[tuple[CallCenter, RentTerms | None]]]],
) -> dict[CenterId, History]:
    """Return the history of every center that was ever in a shop.

    Args:
        versions: Of each version of the shop the instant from which it stands, and its centers with their rents.
    """
    found: dict[CenterId, list[Terms]] = {}
    for at, centers in versions:
        seen: set[CenterId] = set()
        for center, rent in centers:
            seen.add(center.id)
            before = found.setdefault(center.id, [])
            if not before or (before[-1].center, before[-1].rent) != (center, rent):
                before.append(Terms(since=at, center=center, rent=rent))
        for gone in found.keys() - seen:
            last = found[gone][-1]
            if last.center.status is not CenterStatus.CLOSED:
                day = zone(last.center.timezone).day(at)
                closed = changed(last.center, status=CenterStatus.CLOSED, closed=min(day, _last_day(last.center)))
                found[gone].append(Terms(since=at, center=closed, rent=last.rent))
    return {center: History(terms) for center, terms in found.items()}


def _last_day(center: CallCenter) -> date:
    if center.closed is not None:
        return center.closed
    return date.min if center.status is CenterStatus.CLOSED else date.max


def _ageless(terms: Terms) -> bool:
    """Tell whether no seat of a center has days of its own: then the count is the same on each date."""
    return not any(
        agent.closed or (agent.created and agent.created != terms.center.created)
        for agent in terms.center.agents.values()
    )


def _without(span: Dates, gap: Dates) -> Iterator[Dates]:
    """Yield what is left of a span without a gap."""
    if gap[0] > gap[1] or gap[1] < span[0] or span[1] < gap[0]:
        yield span
        return
    if span[0] < gap[0]:
        yield span[0], gap[0] - _DAY
    if gap[1] < span[1]:
        yield gap[1] + _DAY, span[1]


def _overlaps(spans: Iterable[Dates], other: Dates) -> Iterator[Dates]:
    for span in spans:
        first, last = max(span[0], other[0]), min(span[1], other[1])
        if first <= last:
            yield first, last


def _joined(spans: Iterable[Dates]) -> list[Dates]:
    """Return spans sorted, those that meet made one, empty ones left out."""
    joined: list[Dates] = []
    for first, last in sorted(span for span in spans if span[0] <= span[1]):
        if joined and (joined[-1][1] == date.max or first <= joined[-1][1] + _DAY):
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined
