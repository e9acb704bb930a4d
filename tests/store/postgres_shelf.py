"""A store on the server of the tests, and what the tests of it share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.postgres_server import Shelf

from callcenter.model.times import Duration

if TYPE_CHECKING:
    from callcenter.ports import Lease
    from callcenter.store.postgres import PostgresStore

LONG = Duration(60_000_000)


@contextmanager
def opened(shelf: Shelf, schema: str, leases: tuple[Lease, ...] | None = None, **more: Any) -> Iterator[PostgresStore]:
    """Open a store over a connection of its own, and close it."""
    from callcenter.store.postgres import PostgresStore

    store = PostgresStore(more.pop("dsn", shelf.dsn), schema=schema, leases=leases, **more)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def past_the_library(shelf: Shelf, schema: str) -> Iterator[Any]:
    """Open a connection of somebody who does not use the library."""
    import psycopg

    with psycopg.connect(shelf.dsn, autocommit=True, options=f"-c search_path={schema}") as connection:
        yield connection
