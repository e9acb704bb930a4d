"""The free members of a group, kept so that the best one is found without looking at all.

Each ranking says how its members are kept (:class:`~callcenter.routing.ranking.Keeping`): by join order, by a key that
does not change while a member is free, by a draw, or not at all for rankings of the user's. Members are kept by tier,
lower tiers first. A pool yields its members best first; who asks stops at the first that suits.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from heapq import heapify, heappop, heappush, merge
from typing import Final, Protocol, TypeAlias

from callcenter.compat import override
from callcenter.routing.bitmap import Bitmap
from callcenter.routing.ranking import GroupMemory, Keeping, Key, MemberView, Ranking, scramble

_TRIES: Final = 4
"""Draws per free member before a pool that draws goes through all of them."""
_SLACK: Final = 64
"""So many entries of a heap may be nobody's before it is looked at whether most are."""
_Entry: TypeAlias = tuple[Key, int, str]
"""Key, place in the join order, id: no two are alike."""


class Tier(Protocol):
    """The free members of one tier."""

    def add(self, view: MemberView) -> None:
        """Take a member in that is not there."""

    def remove(self, view: MemberView) -> None:
        """Let a member go that is there."""

    def best_first(self, memory: GroupMemory, size: int) -> Iterator[tuple[MemberView, Key]]:
        """Go through the members, best first, each with the key that says why."""

    def __len__(self) -> int:
        """Return how many there are."""


class Pool:
    """The free members of a group. A member's place and tier do not change while it is in the pool.

    Args:
        ranking: How the best is found.
    """

    __slots__ = ("_ranking", "_there", "_tiers")

    def __init__(self, ranking: Ranking) -> None:
        self._ranking = ranking
        self._tiers: dict[int, Tier] = {}
        self._there: dict[str, tuple[MemberView, int]] = {}

    def __len__(self) -> int:
        return len(self._there)

    def __contains__(self, id: object) -> bool:
        return id in self._there

    def of_tier(self, number: int) -> list[MemberView]:
        """Return the free members of a tier in join order."""
        return sorted((view for view, tier in self._there.values() if tier == number), key=lambda view: view.index)

    def get(self, id: str) -> MemberView | None:
        """Return a member that is free, or None."""
        found = self._there.get(id)
        return found[0] if found is not None else None

    def add(self, view: MemberView) -> None:
        """Let a member be chosen; one that is there changes nothing."""
        if view.id not in self._there:
            tier = self._tiers.get(view.tier)
            if tier is None:
                tier = self._tiers[view.tier] = keep(self._ranking)
                self._tiers = dict(sorted(self._tiers.items()))
            tier.add(view)
            self._there[view.id] = (view, view.tier)

    def discard(self, id: str) -> None:
        """Let a member be chosen no more; one that is not there changes nothing."""
        found = self._there.pop(id, None)
        if found is not None:
            view, number = found
            tier = self._tiers[number]
            tier.remove(view)
            if not len(tier):
                del self._tiers[number]

    def tiers(self) -> Iterator[tuple[int, Tier]]:
        """Go through the tiers that have a free member, lowest first."""
        return iter(self._tiers.items())


def keep(ranking: Ranking) -> Tier:
    """Return an empty tier as a ranking wants it kept."""
    match ranking.keeping:
        case Keeping.JOIN_ORDER:
            return _ByJoinOrder(ranking)
        case Keeping.KEY:
            return _ByKey(ranking)
        case Keeping.DRAW:
            return _ByDraw(ranking)
        case Keeping.WEIGHT:
            return _ByWeight()
        case Keeping.UNKNOWN:
            return _Unkept(ranking)


class _ByJoinOrder(Tier):
    """Places in the join order; the walk begins at the pointer and goes round."""

    __slots__ = ("_places", "_ranking", "_views")

    def __init__(self, ranking: Ranking) -> None:
        self._ranking = ranking
        self._places = Bitmap()
        self._views: dict[int, MemberView] = {}

    @override
    def __len__(self) -> int:
        return len(self._views)

    @override
    def add(self, view: MemberView) -> None:
        self._places.add(view.index)
        self._views[view.index] = view

    @override
    def remove(self, view: MemberView) -> None:
        del self._views[view.index]
        self._places.remove(view.index)

    @override
    def best_first(self, memory: GroupMemory, size: int) -> Iterator[tuple[MemberView, Key]]:
        key = self._ranking.key
        for place in self._places.round(memory.after % size if self._ranking.circles else 0):
            view = self._views[place]
            yield view, key(view, memory, size)


class _ByKey(Tier):
    """Members in the order of a key that does not change while they are free, then of joining.

    Most who come have the greatest key of all (who became idle now has been idle for the shortest): they stand in an
    ordered dictionary. Those who do not go into a heap from which members are taken lazily: an entry that is no longer
    the member's own is dropped when it comes to the top, and the heap is made anew when most of it is such.
    """

    __slots__ = ("_heap", "_last", "_others", "_ranking", "_run", "_views")

    def __init__(self, ranking: Ranking) -> None:
        self._ranking = ranking
        self._run: OrderedDict[str, _Entry] = OrderedDict()
        self._last: _Entry | None = None
        self._others: dict[str, _Entry] = {}
        self._heap: list[_Entry] = []
        self._views: dict[str, MemberView] = {}

    @override
    def __len__(self) -> int:
        return len(self._views)

    @override
    def add(self, view: MemberView) -> None:
        entry = (self._ranking.key(view, _NO_MEMORY, 1), view.index, view.id)
        self._views[view.id] = view
        if self._last is None or entry > self._last:
            self._run[view.id] = self._last = entry
        else:
            self._others[view.id] = entry
            heappush(self._heap, entry)

    @override
    def remove(self, view: MemberView) -> None:
        del self._views[view.id]
        if self._run.pop(view.id, None) is not None:
            if not self._run:
                self._last = None
            return
        del self._others[view.id]
        if len(self._heap) > 2 * len(self._others) + _SLACK:
            self._heap = list(self._others.values())
            heapify(self._heap)

    @override
    def best_first(self, memory: GroupMemory, size: int) -> Iterator[tuple[MemberView, Key]]:
        for key, _, id in merge(self._run.values(), self._lazily()) if self._others else self._run.values():
            yield self._views[id], key

    def _lazily(self) -> Iterator[_Entry]:
        """Go through the heap in order without taking from it, but for entries on top that are nobody's any more."""
        heap, others = self._heap, self._others
        while heap and others.get(heap[0][2]) is not heap[0]:
            heappop(heap)
        frontier = [(heap[0], 0)] if heap else []
        while frontier:
            entry, place = heappop(frontier)
            if others.get(entry[2]) is entry:
                yield entry
            for child in (2 * place + 1, 2 * place + 2):
                if child < len(heap):
                    heappush(frontier, (heap[child], child))


class _ByDraw(_ByJoinOrder):
    """Places in the join order; each draw takes any of them, all alike, whatever the order in which they came."""

    __slots__ = ()

    @override
    def best_first(self, memory: GroupMemory, size: int) -> Iterator[tuple[MemberView, Key]]:
        places, drawn = self._places, set[int]()
        tries = _TRIES * len(places)
        for number in range(tries):
            place = places.nth(scramble(memory.dice + number) % len(places))
            if place not in drawn:
                drawn.add(place)
                yield self._views[place], (number,)
        for place in [place for place in places.round(0) if place not in drawn]:
            yield self._views[place], (tries,)


class _ByWeight(Tier):
    """A tree of partial sums of the weights by join order (Fenwick 1994), so that a draw costs log n."""

    __slots__ = ("_sums", "_total", "_views", "_weights")

    def __init__(self) -> None:
        self._views: dict[int, MemberView] = {}
        self._weights: dict[int, int] = {}
        self._sums: list[int] = [0]
        self._total = 0

    @override
    def __len__(self) -> int:
        return len(self._views)

    @override
    def add(self, view: MemberView) -> None:
        while len(self._sums) <= view.index + 1:
            self._grow()
        self._views[view.index] = view
        self._weights[view.index] = max(1, view.weight)
        self._change(view.index, self._weights[view.index])

    @override
    def remove(self, view: MemberView) -> None:
        del self._views[view.index]
        self._change(view.index, -self._weights.pop(view.index))

    def _grow(self) -> None:
        """Append a leaf of weight 0: its node sums the leaves below it."""
        node = len(self._sums)
        below, total = node - 1, 0
        for _ in range((node & -node).bit_length() - 1):
            total += self._sums[below]
            below -= below & -below
        self._sums.append(total)

    def _change(self, index: int, by: int) -> None:
        self._total += by
        node = index + 1
        while node < len(self._sums):
            self._sums[node] += by
            node += node & -node

    def _find(self, draw: int) -> int:
        """Return the index in whose share a draw of 0 … total - 1 falls."""
        node, step = 0, 1 << (len(self._sums) - 1).bit_length()
        while step:
            following = node + step
            if following < len(self._sums) and self._sums[following] <= draw:
                node, draw = following, draw - self._sums[following]
            step >>= 1
        return node

    @override
    def best_first(self, memory: GroupMemory, size: int) -> Iterator[tuple[MemberView, Key]]:
        drawn = set[int]()
        for number in range(_TRIES * len(self._views)):
            index = self._find(scramble(memory.dice + number) % self._total)
            if index not in drawn:
                drawn.add(index)
                yield self._views[index], (number,)
        for index in sorted(self._views.keys() - drawn):
            yield self._views[index], (_TRIES * len(self._views),)


class _Unkept(Tier):
    """Members of a ranking whose key may change at any moment: all are looked at."""

    __slots__ = ("_members", "_ranking")

    def __init__(self, ranking: Ranking) -> None:
        self._ranking = ranking
        self._members: dict[str, MemberView] = {}

    @override
    def __len__(self) -> int:
        return len(self._members)

    @override
    def add(self, view: MemberView) -> None:
        self._members[view.id] = view

    @override
    def remove(self, view: MemberView) -> None:
        del self._members[view.id]

    @override
    def best_first(self, memory: GroupMemory, size: int) -> Iterator[tuple[MemberView, Key]]:
        keyed = [(self._ranking.key(view, memory, size), view.index, view) for view in self._members.values()]
        keyed.sort(key=lambda entry: entry[:2])
        for key, _, view in keyed:
            yield view, key


_NO_MEMORY: Final = GroupMemory()
