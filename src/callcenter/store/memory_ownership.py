"""Which node a center belongs to, in one process: for tests, and the oracle of other adapters."""

from __future__ import annotations

from collections.abc import Callable

from callcenter.compat import override
from callcenter.model.ids import CenterId
from callcenter.model.times import Duration, Instant
from callcenter.model.value import changed
from callcenter.ports import Lease, Ownership


class MemoryOwnership(Ownership):
    """Leases by center; those that were given back stay for their number.

    Args:
        clock: Says what time it is.
    """

    def __init__(self, clock: Callable[[], Instant]) -> None:
        self._clock = clock
        self._leases: dict[CenterId, Lease] = {}
        self._free: set[CenterId] = set()

    @override
    def claim(self, center: CenterId, node: str, duration: Duration) -> Lease | None:
        """Take a center that is free."""
        now, stands = self._clock(), self._leases.get(center)
        if stands is not None and center not in self._free and stands.node != node and stands.until > now:
            return None
        number = 1 if stands is None else stands.number + 1
        lease = Lease(center=center, node=node, number=number, until=Instant(now + duration))
        self._leases[center] = lease
        self._free.discard(center)
        return lease

    @override
    def renew(self, lease: Lease, duration: Duration) -> Lease | None:
        """Prolong a lease."""
        stands = self._newest(lease)
        if stands is None:
            return None
        longer = changed(stands, until=Instant(max(stands.until, self._clock() + duration)))
        self._leases[lease.center] = longer
        return longer

    @override
    def release(self, lease: Lease) -> None:
        """Give a center back."""
        if self._newest(lease) is not None:
            self._free.add(lease.center)

    def _newest(self, lease: Lease) -> Lease | None:
        stands = self._leases.get(lease.center)
        if stands is None or lease.center in self._free:
            return None
        return stands if (stands.number, stands.node) == (lease.number, lease.node) else None

    @override
    def holder(self, center: CenterId) -> Lease | None:
        """Return who has a center."""
        stands = self._leases.get(center)
        return None if stands is None or center in self._free or stands.until <= self._clock() else stands

    @override
    def close(self) -> None:
        """Keep everything: there is nothing to let go of."""
