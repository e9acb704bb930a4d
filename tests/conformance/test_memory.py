"""The memory store keeps every promise that does not outlast the process."""

from __future__ import annotations

from callcenter.compat import override
from callcenter.model.times import Duration, Instant
from callcenter.ports import Ownership, Store
from callcenter.store import MemoryOwnership, MemoryStore
from callcenter.testing.conformance import OwnershipConformance, StoreConformance


class TestMemoryStore(StoreConformance):
    """All suites."""

    @override
    def make(self) -> Store:
        return MemoryStore()


class TestMemoryOwnership(OwnershipConformance):
    """Its clock stands still until it is moved."""

    now = 0

    @override
    def make_ownership(self) -> Ownership:
        return MemoryOwnership(lambda: Instant(self.now))

    @override
    def let_pass(self, duration: Duration) -> None:
        self.now += duration
