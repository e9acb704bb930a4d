"""Suites by which an adapter proves that it keeps the promises of :mod:`callcenter.ports`.

Each suite is a mixin for one port, and each promise a test named like it. There is one method to write::

    class TestMyStore(LedgerConformance, HoldsConformance):
        def make(self) -> Store:
            return MyStore(...)

``make`` returns a new, empty store each time; the suite closes it. :class:`StoreConformance` is all suites of a store
at once, :func:`promises_kept` runs a suite without a test runner. Plain asserts: ``pytest.register_assert_rewrite("callcenter.testing.conformance")`` in a conftest makes them
tell what differed.
"""

from __future__ import annotations

from callcenter.testing.conformance.base import promises_kept
from callcenter.testing.conformance.content import ContentConformance
from callcenter.testing.conformance.differential import DifferentialConformance
from callcenter.testing.conformance.flow import JournalConformance, OutboxConformance, ShelfConformance
from callcenter.testing.conformance.holds import HoldsConformance
from callcenter.testing.conformance.ledger import LedgerConformance
from callcenter.testing.conformance.lists import ListsConformance
from callcenter.testing.conformance.ownership import OwnershipConformance
from callcenter.testing.conformance.people import PeopleConformance, TrailConformance
from callcenter.testing.conformance.records import RecordsConformance
from callcenter.testing.conformance.transactions import TransactionConformance
from callcenter.testing.conformance.voice_files import VoiceFilesConformance


class StoreConformance(
    TransactionConformance,
    JournalConformance,
    OutboxConformance,
    LedgerConformance,
    HoldsConformance,
    RecordsConformance,
    ListsConformance,
    ShelfConformance,
    PeopleConformance,
    TrailConformance,
    ContentConformance,
    DifferentialConformance,
):
    """Everything that a store promises."""


__all__ = [
    "ContentConformance",
    "DifferentialConformance",
    "HoldsConformance",
    "JournalConformance",
    "LedgerConformance",
    "ListsConformance",
    "OutboxConformance",
    "OwnershipConformance",
    "PeopleConformance",
    "RecordsConformance",
    "ShelfConformance",
    "StoreConformance",
    "TrailConformance",
    "TransactionConformance",
    "VoiceFilesConformance",
    "promises_kept",
]
