"""Ring modes: how many phones ring for one caller, and when the next one begins.

A ring mode is a value that owns its whole behaviour; this is the only place that asks which one it is.
"""

from __future__ import annotations

from typing import Final

from callcenter.model.directory import RingKind, RingMode
from callcenter.model.times import Instant

_RESTS: Final = frozenset({RingKind.SINGLE, RingKind.SNAPSHOT})


def phones_wanted(ring: RingMode, ringing: int, *, next_due: Instant, now: Instant) -> int:
    """Return how many more phones should begin to ring for a caller now; the field may hold fewer.

    Args:
        ring: The group's ring mode.
        ringing: Phones that ring for this caller.
        next_due: When one more may begin although some ring (``progressive``).
        now: This moment.
    """
    everyone = 1 << 30
    match ring.kind:
        case RingKind.SINGLE:
            return 0 if ringing else 1
        case RingKind.ALL:
            return everyone
        case RingKind.SNAPSHOT:
            return 0 if ringing else everyone
        case RingKind.PARALLEL:
            return max(0, ring.count - ringing)
        case RingKind.PROGRESSIVE:
            return 1 if not ringing or now >= next_due else 0


def rests_while_ringing(ring: RingMode) -> bool:
    """Tell whether a caller wants no further phone as long as one rings, so that it need not be asked."""
    return ring.kind in _RESTS
