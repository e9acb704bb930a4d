"""Rankings: in which order eligible members of a tier are offered a caller.

A ranking is a function from a member to a key; the lowest key is offered first, ties go by join order. Its memory is
explicit: the group's last offered member, and what each member did. The pointer of ``round_robin`` is the last
offered member's id, moved at offer time, so it survives members that come and go (3.3 of the routing design).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from callcenter.model.times import Instant
from callcenter.model.value import state

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


Ranking = Callable[[MemberView, GroupMemory, int], Key]
"""(member, memory, number of members) → key; lower is offered first."""


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


def by_chance(member: MemberView, memory: GroupMemory, size: int) -> Key:
    """Any member, all alike."""
    return (scramble(memory.dice + member.index),)


def weighted(member: MemberView, memory: GroupMemory, size: int) -> Key:
    """By chance in proportion to the weights: the key is a draw of an exponential with rate ``weight``.

    The least of independent exponentials falls to member i with probability weight_i / Σ weights (the race of
    exponentials). The logarithm is taken of an integer in fixed point, so that it is the same on every machine.
    """
    draw = scramble(memory.dice + member.index) | 1
    return (minus_log2(draw) // max(1, member.weight),)


RANKINGS: Final[Mapping[str, Ranking]] = {
    "round_robin": round_robin,
    "priority": priority,
    "longest_idle": longest_idle,
    "least_recent": least_recent,
    "fewest_calls": fewest_calls,
    "least_talk_time": least_talk_time,
    "random": by_chance,
    "weighted": weighted,
}


def scramble(seed: int) -> int:
    """Return 64 well mixed bits of a number (the finaliser of SplitMix64, Steele et al. 2014)."""
    mask = (1 << 64) - 1
    mixed = (seed + 0x9E3779B97F4A7C15) & mask
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & mask
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
    return mixed ^ (mixed >> 31)


def minus_log2(draw: int) -> int:
    """Return -log2(draw / 2**64) in units of 2**-40, by repeated squaring of integers.

    Args:
        draw: 1 to 2**64 - 1.
    """
    whole = draw.bit_length() - 1
    rest = draw << (63 - whole)  # 1.0 is 2**63
    fraction = 0
    for _ in range(40):
        rest = (rest * rest) >> 63
        bit = rest >> 64
        rest >>= bit
        fraction = (fraction << 1) | bit
    return ((64 - whole) << 40) - fraction
