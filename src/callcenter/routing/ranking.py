"""Rankings: in which order eligible members of a tier are offered a caller.

A ranking is a function from a member to a key; the lowest key is offered first, ties go by join order. Its memory is
explicit: the group's last offered member, and what each member did. The pointer of ``round_robin`` is the last
offered member's id, moved at offer time, so it survives members that come and go (3.3 of the routing design).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from callcenter.model.times import Instant
from callcenter.model.value import state, value
from callcenter.model.words import Word

Key = tuple[int, ...]


@state
class MemberView:
    """What a ranking may know of a member of a group.

    Attributes:
        id: Agent id (folded) or short number.
        index: Place in the join order, from 0.
        tier: Served before all higher tiers.
        weight: Of the ``weighted`` ranking.
        available_since: When it last became available; a ring that did not become a talk does not restart it.
        talk_ended: End of its last talk, or -1 for never.
        calls: Calls it answered today, over all groups.
        talked: Time it talked today, microseconds.
    """

    id: str
    index: int
    tier: int = 0
    weight: int = 1
    available_since: Instant = Instant(0)
    talk_ended: int = -1
    calls: int = 0
    talked: int = 0


@state
class GroupMemory:
    """What a group remembers for its ranking.

    Attributes:
        last_offered: Id of the member offered last, or ``""``.
        after: Index in the join order of the next member, kept when the last offered one is removed.
        dice: A number drawn for this decision, for rankings by chance.
    """

    last_offered: str = ""
    after: int = 0
    dice: int = 0


KeyOf = Callable[[MemberView, GroupMemory, int], Key]
"""(member, memory, number of members) → key; lower is offered first."""


class Keeping(Word):
    """How the free members of a ranking may be kept, so that the best is found without looking at all."""

    JOIN_ORDER = "join_order"
    KEY = "key"
    DRAW = "draw"
    WEIGHT = "weight"
    UNKNOWN = "unknown"


@value
class Ranking:
    """A ranking: a key, and how members are kept by it.

    Attributes:
        name: As a group names it.
        key: Lower is offered first; ties go by join order.
        keeping: ``KEY`` promises that the key is one number and does not change while a member is free; ``UNKNOWN``
            promises nothing.
        circles: Whether the walk in join order begins at the pointer (``round_robin``).
        counts: Whether the key looks at what members did today.
    """

    name: str
    key: KeyOf
    keeping: Keeping = Keeping.UNKNOWN
    circles: bool = False
    counts: bool = False


def round_robin(member: MemberView, memory: GroupMemory, size: int) -> Key:
    """The first available after the last offered, in join order."""
    return ((member.index - memory.after) % size,)


def priority(member: MemberView, memory: GroupMemory, size: int) -> Key:
    """Join order; every call starts at the top."""
    return (member.index,)


def longest_idle(member: MemberView, memory: GroupMemory, size: int) -> Key:
    """Who has been available for longest."""
    return (member.available_since,)


def least_recent(member: MemberView, memory: GroupMemory, size: int) -> Key:
    """Whose last talk ended first; who never talked comes first."""
    return (member.talk_ended,)


def fewest_calls(member: MemberView, memory: GroupMemory, size: int) -> Key:
    """Who answered the fewest calls since local midnight."""
    return (member.calls,)


def least_talk_time(member: MemberView, memory: GroupMemory, size: int) -> Key:
    """Who talked the least since local midnight."""
    return (member.talked,)


def drawn(member: MemberView, memory: GroupMemory, size: int) -> Key:
    """No key: the member is drawn, any alike (``random``) or in proportion to its weight (``weighted``)."""
    return ()


RANKINGS: Final[Mapping[str, Ranking]] = {
    ranking.name: ranking
    for ranking in (
        Ranking(name="round_robin", key=round_robin, keeping=Keeping.JOIN_ORDER, circles=True),
        Ranking(name="priority", key=priority, keeping=Keeping.JOIN_ORDER),
        Ranking(name="longest_idle", key=longest_idle, keeping=Keeping.KEY),
        Ranking(name="least_recent", key=least_recent, keeping=Keeping.KEY),
        Ranking(name="fewest_calls", key=fewest_calls, keeping=Keeping.KEY, counts=True),
        Ranking(name="least_talk_time", key=least_talk_time, keeping=Keeping.KEY, counts=True),
        Ranking(name="random", key=drawn, keeping=Keeping.DRAW),
        Ranking(name="weighted", key=drawn, keeping=Keeping.WEIGHT),
    )
}
"""The rankings of the house by name; ``sticky`` is any of them with the last agent first."""


def scramble(seed: int) -> int:
    """Return 64 well mixed bits of a number (the finaliser of SplitMix64, Steele et al. 2014)."""
    mask = (1 << 64) - 1
    mixed = (seed + 0x9E3779B97F4A7C15) & mask
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & mask
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
    return mixed ^ (mixed >> 31)
