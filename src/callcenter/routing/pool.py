"""The free members of a group, kept so that the best one is found without looking at all.

Each ranking says how its members are kept (:class:`~callcenter.routing.ranking.Keeping`): by join order, by a key that
does not change while a member is free, by a draw, or not at all for rankings of the user's. Members are kept by tier,
lower tiers first. A pool yields its members best first; who asks stops at the first that suits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, Protocol

from callcenter.compat import override
from callcenter.routing.bitmap import Bitmap
from callcenter.routing.ordered import OrderedNumbers
from callcenter.routing.ranking import GroupMemory, Keeping, Key, MemberView, Ranking, scramble
from callcenter.routing.shares import Shares

_TRIES: Final = 4
"""Draws per free member before a pool that draws goes through all of them."""
_PLACES: Final = 32
"""Bits of a place in the join order, below those of a key."""


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
    """The free members of a group. A member's place, tier and weight do not change while it is in the pool.

    Args:
        ranking: How the best is found.

    Attributes:
        members: Who is free, by id.
    """

    __slots__ = ("_ranking", "_tiers", "members")

    def __init__(self, ranking: Ranking) -> None:
        self._ranking = ranking
        self._tiers: dict[int, Tier] = {}
        self.members: dict[str, MemberView] = {}

    def __len__(self) -> int:
        return len(self.members)

    def __contains__(self, id: object) -> bool:
        return id in self.members

    def of_tier(self, number: int) -> list[MemberView]:
        """Return the free members of a tier in join order."""
        return sorted((view for view in self.members.values() if view.tier == number), key=lambda view: view.index)

    def get(self, id: str) -> MemberView | None:
        """Return a member that is free, or None."""
        return self.members.get(id)

    def add(self, view: MemberView) -> None:
        """Let a member be chosen; one that is there changes nothing."""
        if view.id not in self.members:
            tier = self._tiers.get(view.tier)
            if tier is None:
                tier = self._tiers[view.tier] = keep(self._ranking)
                self._tiers = dict(sorted(self._tiers.items()))
            tier.add(view)
            self.members[view.id] = view

    def discard(self, id: str) -> None:
        """Let a member be chosen no more; one that is not there changes nothing."""
        view = self.members.pop(id, None)
        if view is not None:
            self._tiers[view.tier].remove(view)

    def tiers(self) -> Iterator[tuple[int, Tier]]:
        """Go through the tiers that have a free member, lowest first."""
        return ((number, tier) for number, tier in self._tiers.items() if len(tier))


def keep(ranking: Ranking) -> Tier:
    """Return an empty tier as a ranking wants it kept."""
    match ranking.keeping:
        case Keeping.JOIN_ORDER:
            return _ByJoinOrder(ranking)
        case Keeping.KEY:
            return _ByKey(ranking)
        case Keeping.DRAW:
            return _ByDraw()
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

    Key and place make one number, so that members are kept in the order of whole numbers.
    """

    __slots__ = ("_members", "_numbers", "_order", "_ranking")

    def __init__(self, ranking: Ranking) -> None:
        self._ranking = ranking
        self._order = OrderedNumbers()
        self._numbers: dict[str, int] = {}
        self._members: dict[int, tuple[MemberView, Key]] = {}

    @override
    def __len__(self) -> int:
        return len(self._members)

    @override
    def add(self, view: MemberView) -> None:
        key = self._ranking.key(view, _NO_MEMORY, 1)
        number = (key[0] << _PLACES) + view.index
        self._order.add(number)
        self._numbers[view.id] = number
        self._members[number] = (view, key)

    @override
    def remove(self, view: MemberView) -> None:
        number = self._numbers.pop(view.id)
        del self._members[number]
        self._order.remove(number)

    @override
    def best_first(self, memory: GroupMemory, size: int) -> Iterator[tuple[MemberView, Key]]:
        return map(self._members.__getitem__, self._order)


class _ByDraw(Tier):
    """Places in the join order; each draw takes any of them, all alike, whatever the order in which they came."""

    __slots__ = ("_places", "_views")

    def __init__(self) -> None:
        self._places = OrderedNumbers()
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
        places, count = self._places, len(self._views)
        return _drawn(self._views, memory.dice, lambda draw: places.nth(draw % count))


class _ByWeight(Tier):
    """Members by join order, each drawn in proportion to its weight."""

    __slots__ = ("_shares", "_views")

    def __init__(self) -> None:
        self._views: dict[int, MemberView] = {}
        self._shares = Shares()

    @override
    def __len__(self) -> int:
        return len(self._views)

    @override
    def add(self, view: MemberView) -> None:
        self._views[view.index] = view
        self._shares.change(view.index, _weight(view))

    @override
    def remove(self, view: MemberView) -> None:
        del self._views[view.index]
        self._shares.change(view.index, -_weight(view))

    @override
    def best_first(self, memory: GroupMemory, size: int) -> Iterator[tuple[MemberView, Key]]:
        shares = self._shares
        return _drawn(self._views, memory.dice, lambda draw: shares.owner(draw % shares.total))


def _weight(view: MemberView) -> int:
    return view.weight if view.weight > 0 else 1


def _drawn(
    views: Mapping[int, MemberView], dice: int, place_of: Callable[[int], int]
) -> Iterator[tuple[MemberView, Key]]:
    """Draw members until each has come once; who is not drawn in a fair number of tries comes in join order."""
    place = place_of(scramble(dice))
    yield views[place], (0,)
    drawn = {place}
    tries = _TRIES * len(views)
    for number in range(1, tries):
        place = place_of(scramble(dice + number))
        if place not in drawn:
            drawn.add(place)
            yield views[place], (number,)
    for place in sorted(views.keys() - drawn):
        yield views[place], (tries,)


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
