"""How a schema of a database becomes a store, and an older store a newer one: named steps, each whole or not at all.

PostgreSQL changes tables inside transactions, so a step and its record commit together. Several nodes may open a new
store at the same moment: they take turns by a lock, and all but the first find the work done. Steps are only added; a
store with more steps than this library knows is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import psycopg
from psycopg import sql

from callcenter.errors import StoreError
from callcenter.store.postgres.schema import first_schema
from callcenter.store.postgres.schema_lists import LISTS
from callcenter.store.postgres.schema_people import PEOPLE
from callcenter.store.postgres.schema_voicemail import VOICEMAILS

LOCK: Final = 0x43464C52
"""First half of the advisory locks of a store; the second half is its schema."""

Connection = psycopg.Connection[tuple[object, ...]]
Migration = Callable[[Connection], None]


def create_tables(connection: Connection) -> None:
    """Make the tables of the first version."""
    for statement in first_schema():
        connection.execute(statement.encode())


def create_people(connection: Connection) -> None:
    """Make the tables of log-ins, sessions and the audit trail."""
    for statement in PEOPLE:
        connection.execute(statement.encode())


def create_lists(connection: Connection) -> None:
    """Make the indices of the lists, and the adjustments beside the books."""
    for statement in LISTS:
        connection.execute(statement.encode())


def create_voicemails(connection: Connection) -> None:
    """Make the table of the messages that callers leave."""
    for statement in VOICEMAILS:
        connection.execute(statement.encode())


MIGRATIONS: Final[tuple[tuple[str, Migration], ...]] = (
    ("create_tables", create_tables),
    ("create_people", create_people),
    ("create_lists", create_lists),
    ("create_voicemails", create_voicemails),
)


def migrate(connection: Connection, schema: str, steps: tuple[tuple[str, Migration], ...] = MIGRATIONS) -> None:
    """Bring a schema to what this library needs.

    Args:
        connection: Open, in autocommit, outside a transaction, with the schema as its search path.
        schema: Its name.
        steps: (name, step) pairs in their order.

    Raises:
        StoreError: E405, when the schema has steps that this library does not know; E414, when it is another program's.
    """
    while True:
        applied = version_of(connection, schema)
        if applied > len(steps):
            raise StoreError("E405", found=applied, known=len(steps))
        if applied == len(steps):
            return
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (~LOCK, schema))
            if version_of(connection, schema) == applied:  # no other node was faster
                _apply(connection, schema, applied, *steps[applied])


def version_of(connection: Connection, schema: str) -> int:
    """Return how many steps a schema has had; 0 for one that is empty or not there.

    Raises:
        StoreError: E414, when it has tables of another program.
    """
    found = connection.execute(
        "SELECT count(*), count(*) FILTER (WHERE table_name = 'callcenter_migration')"
        " FROM information_schema.tables WHERE table_schema = %s",
        (schema,),
    ).fetchone()
    assert found is not None
    if found[0] and not found[1]:
        raise StoreError("E414")
    if not found[0]:
        return 0
    last = connection.execute("SELECT count(*)::integer FROM callcenter_migration").fetchone()
    assert last is not None
    assert isinstance(last[0], int)
    return last[0]


def _apply(connection: Connection, schema: str, applied: int, name: str, step: Migration) -> None:
    if applied == 0:
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
        connection.execute("CREATE TABLE callcenter_migration (number integer PRIMARY KEY, name text NOT NULL UNIQUE)")
    step(connection)
    connection.execute("INSERT INTO callcenter_migration VALUES (%s, %s)", (applied + 1, name))
