"""The SQLite store keeps every promise."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store.shelf import folder

from callcenter.compat import override
from callcenter.ports import Store
from callcenter.store import SqliteStore
from callcenter.testing.conformance import StoreConformance


class TestSqliteStore(StoreConformance):
    """All suites, each store in a file of its own."""

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def files(cls) -> Iterator[None]:
        cls.numbers = itertools.count()
        with folder() as cls.place:
            yield

    place: Path
    numbers: itertools.count[int]

    @override
    def make(self) -> Store:
        return SqliteStore(str(self.place / f"{next(self.numbers)}.db"))
