"""The memory store keeps every promise that does not outlast the process."""

from __future__ import annotations

from callcenter.compat import override
from callcenter.ports import Store
from callcenter.store import MemoryStore
from callcenter.testing.conformance import StoreConformance


class TestMemoryStore(StoreConformance):
    """All suites."""

    @override
    def make(self) -> Store:
        return MemoryStore()
