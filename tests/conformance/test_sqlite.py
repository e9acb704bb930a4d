"""The SQLite store keeps every promise."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from callcenter.compat import override
from callcenter.ports import Store
from callcenter.store import SqliteStore
from callcenter.testing.conformance import StoreConformance


class TestSqliteStore(StoreConformance):
    """All suites, each store in a file of its own."""

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def folder(cls, tmp_path_factory: pytest.TempPathFactory) -> None:
        cls.place = tmp_path_factory.mktemp("stores")
        cls.numbers = itertools.count()

    place: Path
    numbers: itertools.count[int]

    @override
    def make(self) -> Store:
        return SqliteStore(str(self.place / f"{next(self.numbers)}.db"))
