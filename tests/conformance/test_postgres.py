"""The PostgreSQL store keeps every promise: alone, and as a node among others."""

from __future__ import annotations

from typing import ClassVar

import pytest
from tests.postgres_server import Shelf, need_postgres

from callcenter.compat import override
from callcenter.ports import Ownership, Store
from callcenter.testing.conformance import OwnershipConformance, StoreConformance


class OnServer:
    """What both ways share: a shelf with empty stores."""

    shelf_of_class: ClassVar[Shelf]

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def shelf(cls, postgres: Shelf) -> None:
        need_postgres()
        cls.shelf_of_class = postgres


class TestPostgresStore(OnServer, StoreConformance):
    """All suites, alone."""

    @override
    def make(self) -> Store:
        from callcenter.store.postgres import PostgresStore

        schema = self.shelf_of_class.schema()
        return PostgresStore("", schema=schema, connect=self.shelf_of_class.connect_to(schema))


class TestPostgresStoreOfNode(OnServer, StoreConformance):
    """All suites, in the way in which several nodes share a store."""

    @override
    def make(self) -> Store:
        from callcenter.store.postgres import PostgresStore

        schema = self.shelf_of_class.schema()
        return PostgresStore("", schema=schema, connect=self.shelf_of_class.connect_to(schema), leases=())


class TestPostgresOwnership(OnServer, OwnershipConformance):
    """By the clock of the server."""

    @override
    def make_ownership(self) -> Ownership:
        from callcenter.store.postgres import PostgresOwnership

        schema = self.shelf_of_class.schema()
        return PostgresOwnership("", schema=schema, connect=self.shelf_of_class.connect_to(schema))
