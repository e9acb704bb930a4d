"""A store in a file, and what the tests of it share."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from callcenter.billing.entries import Act, call_entry
from callcenter.billing.ledger import Outcome
from callcenter.errors import CallCenterError
from callcenter.model.ids import CenterId
from callcenter.model.money import fen
from callcenter.model.times import Instant
from callcenter.ports import Store
from callcenter.store import SqliteStore

DEMO = CenterId("demo")
ACT = Act(at=Instant(0))


@contextmanager
def folder() -> Iterator[Path]:
    """Make a folder in memory where there is one: what is tested here is order, and no test can see a disk sync."""
    memory = "/dev/shm"
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as name:
        yield Path(name)


def code_of(error: BaseException) -> str:
    """Return the code of an error of ours, which can also be said in Chinese."""
    assert isinstance(error, CallCenterError)
    assert error.message("zh")
    return error.code


def charge_one(store: Store) -> Outcome:
    """Post one charge of 12.00 in a transaction of its own."""
    with store.transaction() as parts:
        return parts.ledger.post(call_entry("call:c:1", DEMO, fen(12), Instant(0), ACT)).outcome


def raw(store: SqliteStore) -> sqlite3.Connection:
    """Open a connection of somebody who does not use the library."""
    connection = sqlite3.connect(store.path, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection
