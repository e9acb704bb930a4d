"""Promises about the books that other systems were seen to break: nothing is read that somebody else may change."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from tests.store.shelf import ACT, DEMO, folder, raw

from callcenter.billing.accounts import center_account
from callcenter.billing.entries import deduction_entry
from callcenter.model.money import fen
from callcenter.store import SqliteStore


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    with folder() as place:
        made = SqliteStore(str(place / "books.db"))
        yield made
        made.close()


def test_a_balance_that_was_read_is_nobody_elses_to_change(store: SqliteStore) -> None:
    """4.2: from the begin of a transaction on, before it has written anything, no other process may write."""
    account = center_account(DEMO)
    other = raw(store)
    other.execute("PRAGMA busy_timeout = 0")
    with store.transaction() as parts:
        assert parts.ledger.balance(account) == fen(0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        parts.ledger.post(deduction_entry("d1", account, fen(5), ACT))
    other.execute("BEGIN IMMEDIATE")
    assert other.execute("SELECT hao FROM account WHERE id = ?", (account,)).fetchall() == [(-500,)]
    other.execute("ROLLBACK")
    other.close()
