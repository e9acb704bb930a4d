"""What SQLite itself holds true, and how the file is opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store.shelf import ACT, DEMO, code_of, folder, raw

from callcenter.billing.accounts import center_account
from callcenter.billing.entries import call_entry
from callcenter.billing.ledger import EntryKind, Outcome
from callcenter.errors import StoreError
from callcenter.model.money import fen
from callcenter.model.records import ChargeKind
from callcenter.model.times import Instant
from callcenter.model.value import changed
from callcenter.store import SqliteStore
from callcenter.store.sqlite.migrations import APPLICATION_ID, MIGRATIONS, migrate, version_of
from callcenter.store.sqlite.schema import APPEND_ONLY
from callcenter.testing.conformance.base import charge
from callcenter.testing.conformance.transactions import fill_some


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with folder() as made:
        yield made


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "books.db")


@pytest.fixture
def store(path: str) -> Iterator[SqliteStore]:
    opened = SqliteStore(path)
    yield opened
    opened.close()


@pytest.fixture(name="raw")
def raw_connection(store: SqliteStore) -> Iterator[sqlite3.Connection]:
    """A connection past the library, to a store with something of everything."""
    with store.transaction() as parts:
        fill_some(parts)
    connection = raw(store)
    yield connection
    connection.close()


# ---------------------------------------------------------------- what the database holds true


@pytest.mark.parametrize("table", [*APPEND_ONLY, "voicemail"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET rowid = rowid", "UPDATE {} SET {} = {}"])
def test_books_only_grow(raw: sqlite3.Connection, table: str, statement: str) -> None:
    """Rows of the books, the journal and the records are neither changed nor removed, by anybody."""
    column = raw.execute("SELECT name FROM pragma_table_info(?) LIMIT 1", (table,)).fetchone()[0]
    without_rowid = table in {"leg", "journal"}
    sql = statement.format(table, column, column)
    if "rowid" in sql and without_rowid:
        sql = f"UPDATE {table} SET {column} = {column}"
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(sql)


@pytest.mark.parametrize(
    ("legs", "message"),
    [
        ([], "sum to zero"),
        ([(1, 5)], "sum to zero"),
        ([(1, 5), (2, -4)], "sum to zero"),
        ([(1, 5), (1, -5)], "UNIQUE"),
    ],
)
def test_the_database_refuses_an_entry_that_is_not_double(
    raw: sqlite3.Connection, legs: list[tuple[int, int]], message: str
) -> None:
    """Too few legs, a sum that is not zero, an account twice: the trigger of the schema stops it."""
    with pytest.raises(sqlite3.IntegrityError, match=message):
        write_entry(raw, 99, legs)


def write_entry(raw: sqlite3.Connection, seq: int, legs: list[tuple[int, int]], at: int = 0) -> None:
    raw.execute("BEGIN IMMEDIATE")
    try:
        for place, (account, hao) in enumerate(legs):
            raw.execute("INSERT INTO leg VALUES (?, ?, ?, ?, ?)", (seq, account, place, at, hao))
        raw.execute("INSERT INTO entry VALUES (?, ?, 'call', 0, 0, '', '', NULL)", (seq, f"raw:{seq}"))
        raw.execute("COMMIT")
    except sqlite3.Error:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        raise


def test_the_database_takes_an_entry_that_is_double(raw: sqlite3.Connection, store: SqliteStore) -> None:
    """The same way of writing, with legs that sum to zero; the balances follow by themselves."""
    account = center_account(DEMO)
    with store.transaction() as parts:
        before = parts.ledger.balance(account)
    number = raw.execute("SELECT number FROM account WHERE id = ?", (account,)).fetchone()[0]
    other = raw.execute("SELECT number FROM account WHERE id <> ?", (account,)).fetchone()[0]
    write_entry(raw, 99, [(number, 500), (other, -500)])
    with store.transaction() as parts:
        assert parts.ledger.balance(account) == before + fen(5)


def test_a_leg_is_effective_with_its_entry(raw: sqlite3.Connection) -> None:
    """Statements read the legs' instants: they are the entry's."""
    with pytest.raises(sqlite3.IntegrityError, match="sum to zero"):
        write_entry(raw, 99, [(1, 5), (2, -5)], at=1)


def test_legs_without_an_entry_do_not_commit(raw: sqlite3.Connection) -> None:
    """The foreign key waits for the commit, and then refuses it."""
    raw.execute("BEGIN IMMEDIATE")
    raw.execute("INSERT INTO leg VALUES (99, 1, 0, 0, 5)")
    raw.execute("INSERT INTO leg VALUES (99, 2, 1, 0, -5)")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        raw.execute("COMMIT")


def test_an_entry_that_stands_takes_no_more_legs(raw: sqlite3.Connection) -> None:
    """Not even two that sum to zero."""
    with pytest.raises(sqlite3.IntegrityError, match="takes no more legs"):
        raw.execute("INSERT INTO leg VALUES (1, 3, 7, 0, 0)")


@pytest.mark.parametrize("kind", EntryKind)
def test_every_kind_of_entry_is_known_to_the_schema(store: SqliteStore, kind: EntryKind) -> None:
    """The list of the CHECK is that of the enum."""
    entry = changed(call_entry("call:c:1", DEMO, fen(1), Instant(0), ACT), kind=kind)
    with store.transaction() as parts:
        assert parts.ledger.post(entry).outcome is Outcome.CREATED


@pytest.mark.parametrize("kind", ChargeKind)
def test_every_kind_of_charge_is_known_to_the_schema(store: SqliteStore, kind: ChargeKind) -> None:
    """The list of the CHECK is that of the enum."""
    with store.transaction() as parts:
        assert parts.records.add_charge(charge(kind=kind))


def test_columns_keep_their_types(raw: sqlite3.Connection) -> None:
    """STRICT: a fraction of a hao, or text, does not get in."""
    for wrong in (1.5, "abc"):
        with pytest.raises(sqlite3.IntegrityError):
            raw.execute("INSERT INTO leg VALUES (99, 1, 0, 0, ?)", (wrong,))


def test_month_totals_and_lists_come_from_indices(store: SqliteStore) -> None:
    """No query of a center and a range walks a whole table, and the total reads nothing but its index."""
    asked: list[str] = []
    connection = store._session._connection
    connection.set_trace_callback(asked.append)
    with store.transaction() as parts:
        span = (DEMO, Instant(0), Instant(9))
        parts.records.calls(*span)
        parts.records.sessions(*span)
        parts.records.charges(*span)
        parts.records.rejected(*span)
        parts.records.charged(DEMO, ChargeKind.CALL, Instant(0), Instant(9))
        parts.holds.held(center_account(DEMO), Instant(0))
        parts.ledger.entries(center_account(DEMO), Instant(0), Instant(9))
        parts.ledger.balance_before(center_account(DEMO), Instant(9))
    connection.set_trace_callback(None)
    queries = [sql for sql in asked if sql.startswith("SELECT")]
    assert len(queries) == 8
    for sql in queries:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert not [step for step in plan if step.startswith("SCAN")], (sql, plan)
        if "sum(" in sql:
            assert "COVERING INDEX" in plan[-1], plan


# ---------------------------------------------------------------- opening


def test_the_file_is_opened_so_that_a_commit_is_durable(store: SqliteStore) -> None:
    """WAL, FULL, foreign keys on: read back from the connection."""
    connection = store._session._connection
    found = {
        pragma: connection.execute(f"PRAGMA {pragma}").fetchone()[0]
        for pragma in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "busy_timeout")
    }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": 10_000,
    }


def test_a_place_that_cannot_keep_the_promises_is_refused() -> None:
    """In memory there is no write-ahead log: E409 names the pragma, what was found and what is needed."""
    with pytest.raises(StoreError) as caught:
        SqliteStore(":memory:")
    assert code_of(caught.value) == "E409"
    assert caught.value.fields == {"pragma": "journal_mode", "found": "memory", "wanted": "WAL"}


def test_a_store_is_there_for_the_next_process(path: str) -> None:
    """Closed and opened again it has the same content, and counts on."""
    first = SqliteStore(path)
    with first.transaction() as parts:
        fill_some(parts)
    text = first.dump()
    first.close()
    second = SqliteStore(path)
    assert second.dump() == text
    with second.transaction() as parts:
        assert parts.journal.append(DEMO, "k2", Instant(2), "", "") == 2
        assert parts.ledger.post(call_entry("call:d:1", DEMO, fen(1), Instant(0), ACT)).outcome is Outcome.CREATED
    assert second.check() == ()
    second.close()


def test_two_stores_on_one_file_see_each_other(path: str) -> None:
    """Numbers, accounts and balances of another process are met, none is given twice."""
    first, second = SqliteStore(path), SqliteStore(path)
    for number, one in enumerate((first, second, first, second)):
        with one.transaction() as parts:
            assert parts.journal.append(DEMO, f"k{number}", Instant(0), "", "") == number + 1
            parts.ledger.post(call_entry(f"call:c:{number}", DEMO, fen(1), Instant(0), ACT))
            assert parts.ledger.balance(center_account(DEMO)) == fen(-number - 1)
    assert first.dump() == second.dump()
    first.close()
    second.close()


def test_a_store_of_a_newer_library_is_refused(path: str) -> None:
    """E405 with both versions, and the file is left as it is."""
    SqliteStore(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 9")
    connection.close()
    with pytest.raises(StoreError) as caught:
        SqliteStore(path)
    assert code_of(caught.value) == "E405"
    assert caught.value.fields == {"found": 9, "known": len(MIGRATIONS)}


def test_a_file_of_another_program_is_refused(path: str, tmp_path: Path) -> None:
    """E414 for its database and for what is no database at all; nothing is written into it."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    text = tmp_path / "notes.txt"
    text.write_text("these are my notes\n" * 100, encoding="utf-8")
    for file in (path, str(text)):
        before = Path(file).read_bytes()
        with pytest.raises(StoreError) as caught:
            SqliteStore(file)
        assert code_of(caught.value) == "E414"
        assert Path(file).read_bytes()[100:] == before[100:]


@pytest.mark.parametrize("name", ["no/such/folder/books.db", "."])
def test_a_place_that_cannot_be_opened_is_named(tmp_path: Path, name: str) -> None:
    """E407 with the reason."""
    with pytest.raises(StoreError) as caught:
        SqliteStore(str(tmp_path / name))
    assert code_of(caught.value) == "E407"


def test_a_migration_is_whole_or_not_at_all(path: str) -> None:
    """A step that fails leaves the older schema; the next opening goes on from there."""
    connection = sqlite3.connect(path, isolation_level=None)

    def half(step: sqlite3.Connection) -> None:
        step.execute("CREATE TABLE half (x)")
        message = "the power went"
        raise RuntimeError(message)

    def whole(step: sqlite3.Connection) -> None:
        step.execute("CREATE TABLE whole (x)")

    with pytest.raises(RuntimeError):
        migrate(connection, (*MIGRATIONS, ("later", half)))
    assert version_of(connection) == len(MIGRATIONS)
    assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").fetchone() == (0,)
    migrate(connection, (*MIGRATIONS, ("later", whole)))
    migrate(connection, (*MIGRATIONS, ("later", whole)))
    assert connection.execute("SELECT name FROM migration ORDER BY number").fetchall() == [
        *((name,) for name, _step in MIGRATIONS),
        ("later",),
    ]
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    connection.close()


# ---------------------------------------------------------------- the cache


def test_an_edited_balance_shows(raw: sqlite3.Connection, store: SqliteStore) -> None:
    """F17: the cache is in the dump beside the entries, and loading the dump finds the true sum."""
    raw.execute("UPDATE account SET hao = hao + 1 WHERE id = 'center:demo'")
    with store.transaction() as parts:
        cached = parts.ledger.balance(center_account(DEMO))
        assert cached != parts.ledger.balance_before(center_account(DEMO), Instant(10**9))
