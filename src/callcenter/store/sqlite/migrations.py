"""How a file becomes a store, and an older store a newer one: named steps, each whole or not at all.

A step and its record commit in one transaction, so that a crash in the middle leaves the older schema and the next
opening goes on from there. Steps are only added. A file with more steps than this library knows is refused.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Final

from callcenter.errors import StoreError
from callcenter.store.sqlite.schema import first_schema
from callcenter.store.sqlite.schema_lists import LISTS
from callcenter.store.sqlite.schema_people import PEOPLE
from callcenter.store.sqlite.schema_voicemail import VOICEMAILS

APPLICATION_ID: Final = 0x43464C52
"""``CFLR`` in the file's header: the mark of a store of ours."""

Migration = Callable[[sqlite3.Connection], None]


def create_tables(connection: sqlite3.Connection) -> None:
    """Make the tables of the first version."""
    for statement in first_schema():
        connection.execute(statement)


def create_people(connection: sqlite3.Connection) -> None:
    """Make the tables of log-ins, sessions and the audit trail."""
    for statement in PEOPLE:
        connection.execute(statement)


def create_lists(connection: sqlite3.Connection) -> None:
    """Make the indices of the lists, and the adjustments beside the books."""
    for statement in LISTS:
        connection.execute(statement)


def create_voicemails(connection: sqlite3.Connection) -> None:
    """Make the table of the messages that callers leave."""
    for statement in VOICEMAILS:
        connection.execute(statement)


MIGRATIONS: Final[tuple[tuple[str, Migration], ...]] = (
    ("create_tables", create_tables),
    ("create_people", create_people),
    ("create_lists", create_lists),
    ("create_voicemails", create_voicemails),
)


def migrate(connection: sqlite3.Connection, steps: tuple[tuple[str, Migration], ...] = MIGRATIONS) -> None:
    """Bring a file to the schema of this library.

    Args:
        connection: Open, in autocommit, outside a transaction.
        steps: (name, step) pairs in their order.

    Raises:
        StoreError: E405, when the file has steps that this library does not know; E414, when it is another program's.
    """
    while True:
        applied = version_of(connection)
        if applied > len(steps):
            raise StoreError("E405", found=applied, known=len(steps))
        if applied == len(steps):
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            if version_of(connection) == applied:  # no other process was faster
                _apply(connection, applied, *steps[applied])
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def version_of(connection: sqlite3.Connection) -> int:
    """Return how many steps a file has had; 0 for an empty one.

    Raises:
        StoreError: E414, when the file has tables of another program.
    """
    mark = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables and mark != APPLICATION_ID:
        raise StoreError("E414")
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _apply(connection: sqlite3.Connection, applied: int, name: str, step: Migration) -> None:
    if applied == 0:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT")
    step(connection)
    connection.execute("INSERT INTO migration VALUES (?, ?)", (applied + 1, name))
    connection.execute(f"PRAGMA user_version = {applied + 1}")
