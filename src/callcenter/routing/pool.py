"""The free members of a group, kept so that the best one is found without looking at all.

Each ranking says how its members are kept (:class:`~callcenter.routing.ranking.Keeping`): by join order, by a key that
does not change while a member is free, by a draw, or not at all for rankings of the user's. Members are kept by tier,
lower tiers first. A pool yields its members best first; who asks stops at the first that suits.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Final, Protocol

from callcenter.compat import override
from callcenter.routing.ranking import GroupMemory, Keeping, Key, MemberView, Ranking, scramble

_TRIES: Final = 4
"""Draws per free member before a pool that draws goes through all of them."""


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
    """Indices in order; the walk begins at the pointer and goes round."""

    __slots__ = ("_indices", "_ranking", "_views")

    def __init__(self, ranking: Ranking) -> None:
        self._ranking = ranking
        self._indices: list[int] = []
        self._views: dict[int, MemberView] = {}

    @override
    def __len__(self) -> int:
        return len(self._indices)

    @override
    def add(self, view: MemberView) -> None:
        insort(self._indices, view.index)
        self._views[view.index] = view

    @override
    def remove(self, view: MemberView) -> None:
        del self._views[view.index]
        del self._indices[bisect_left(self._indices, view.index)]

    @override
    def best_first(self, memory: GroupMemory, size: int) -> Iterator[tuple[MemberView, Key]]:
        indices, key = self._indices, self._ranking.key
        start = bisect_left(indices, memory.after % size) if self._ranking.circles else 0
        for place in range(start, start + len(indices)):
            view = self._views[indices[place % len(indices)]]
            yield view, key(view, memory, size)


class _ByKey(Tier):
    """Members in the order of a key that does not change while they are free, then of joining."""

    __slots__ = ("_keys", "_order", "_ranking", "_views")

    def __init__(self, ranking: Ranking) -> None:
        self._ranking = ranking
        self._order: list[tuple[Key, int, str]] = []
        self._keys: dict[str, tuple[Key, int, str]] = {}
        self._views: dict[str, MemberView] = {}

    @override
    def __len__(self) -> int:
        return len(self._order)

    @override
    def add(self, view: MemberView) -> None:
        entry = (self._ranking.key(view, _NO_MEMORY, 1), view.index, view.id)
        insort(self._order, entry)
        self._keys[view.id] = entry
        self._views[view.id] = view

    @override
    def remove(self, view: MemberView) -> None:
        del self._order[bisect_left(self._order, self._keys.pop(view.id))]
        del self._views[view.id]

    @override
    def best_first(self, memory: GroupMemory, size: int) -> Iterator[tuple[MemberView, Key]]:
        for key, _, id in self._order:
            yield self._views[id], key


class _ByDraw(_ByJoinOrder):
    """Indices in order; each draw takes any of them, all alike, whatever the order in which they came."""

    __slots__ = ()

    @override
    def best_first(self, memory: GroupMemory, size: int) -> Iterator[tuple[MemberView, Key]]:
        indices, drawn = self._indices, set[int]()
        for number in range(_TRIES * len(indices)):
            index = indices[scramble(memory.dice + number) % len(indices)]
            if index not in drawn:
                drawn.add(index)
                yield self._views[index], (number,)
        for index in [index for index in indices if index not in drawn]:
            yield self._views[index], (_TRIES * len(indices),)


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
