"""What SQLite itself holds true, how the file is opened, and what is said when it cannot be trusted."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from callcenter.billing.accounts import center_account
from callcenter.billing.entries import Act, call_entry, opening_entry, top_up_entry
from callcenter.billing.ledger import EntryKind, Outcome
from callcenter.compat import override
from callcenter.errors import CallCenterError, StoreError, UsageError
from callcenter.model.ids import CenterId
from callcenter.model.money import fen
from callcenter.model.records import ChargeKind
from callcenter.model.times import Instant
from callcenter.model.value import changed
from callcenter.store import SqliteStore
from callcenter.store.sqlite.migrations import APPLICATION_ID, MIGRATIONS, migrate, version_of
from callcenter.store.sqlite.schema import APPEND_ONLY
from callcenter.store.sqlite.session import typed
from callcenter.testing.conformance.base import charge, record, session
from callcenter.testing.conformance.transactions import fill_some

DEMO = CenterId("demo")
ACT = Act(at=Instant(0))


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "books.db")


@pytest.fixture
def store(path: str) -> Iterator[SqliteStore]:
    opened = SqliteStore(path)
    yield opened
    opened.close()


@pytest.fixture
def raw(store: SqliteStore) -> Iterator[sqlite3.Connection]:
    """A connection of somebody who does not use the library, to a store with something of everything."""
    with store.transaction() as parts:
        fill_some(parts)
    connection = sqlite3.connect(store.path, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    yield connection
    connection.close()


def code_of(error: BaseException) -> str:
    assert isinstance(error, CallCenterError)
    assert error.message("zh")
    return error.code


# ---------------------------------------------------------------- what the database holds true


@pytest.mark.parametrize("table", APPEND_ONLY)
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
        ([(1, 5), (1, -5)], "UNIQUE|sum to zero"),
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
            raw.execute("INSERT INTO leg VALUES (?, ?, ?, ?, ?)", (seq, place, account, at, hao))
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
    raw.execute("INSERT INTO leg VALUES (99, 0, 1, 0, 5)")
    raw.execute("INSERT INTO leg VALUES (99, 1, 2, 0, -5)")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        raw.execute("COMMIT")


def test_an_entry_that_stands_takes_no_more_legs(raw: sqlite3.Connection) -> None:
    """Not even two that sum to zero."""
    with pytest.raises(sqlite3.IntegrityError, match="takes no more legs"):
        raw.execute("INSERT INTO leg VALUES (1, 7, 3, 0, 0)")


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
            raw.execute("INSERT INTO leg VALUES (99, 0, 1, 0, ?)", (wrong,))


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


# ---------------------------------------------------------------- when it cannot be trusted


class Faulty(sqlite3.Connection):
    """A connection whose statements can be made to fail: before they run, or after."""

    fail: str = ""
    code: int = sqlite3.SQLITE_IOERR
    after: bool = False
    rolls_back: bool = False

    @override
    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if self.fail and sql.startswith(self.fail):
            if self.after:
                super().execute(sql, *values)
            if self.rolls_back:
                super().execute("ROLLBACK")
            error = sqlite3.OperationalError("injected")
            error.sqlite_errorcode = self.code
            raise error
        return super().execute(sql, *values)


def faulty(path: str, **_: Any) -> Faulty:
    return sqlite3.connect(path, isolation_level=None, factory=Faulty)


def charge_one(store: SqliteStore) -> Outcome:
    with store.transaction() as parts:
        return parts.ledger.post(call_entry("call:c:1", DEMO, fen(12), Instant(0), ACT)).outcome


@pytest.mark.parametrize(
    ("statement", "number", "code"),
    [
        ("BEGIN", sqlite3.SQLITE_BUSY, "E402"),
        ("INSERT INTO entry", sqlite3.SQLITE_FULL, "E401"),
        ("SELECT", sqlite3.SQLITE_CORRUPT, "E403"),
        ("SELECT", sqlite3.SQLITE_CORRUPT | (2 << 8), "E403"),
        ("INSERT INTO entry", sqlite3.SQLITE_IOERR, "E407"),
        ("COMMIT", sqlite3.SQLITE_FULL, "E401"),
        ("COMMIT", sqlite3.SQLITE_BUSY, "E402"),
    ],
)
@pytest.mark.parametrize("rolls_back", [False, True])
def test_a_failure_is_typed_and_leaves_nothing(
    path: str, statement: str, number: int, code: str, *, rolls_back: bool
) -> None:
    """Full, busy, corrupt, unreachable: whether or not SQLite rolled back by itself, the step can be repeated."""
    store = SqliteStore(path, connect=faulty)
    connection = store._session._connection
    assert isinstance(connection, Faulty)
    connection.fail, connection.code = statement, number
    connection.rolls_back = rolls_back and statement not in {"BEGIN", "SELECT"}
    with pytest.raises(StoreError) as caught:
        charge_one(store)
    assert code_of(caught.value) == code
    connection.fail = ""
    with store.transaction() as parts:
        assert parts.ledger.accounts() == ()
    assert charge_one(store) is Outcome.CREATED
    store.close()


@pytest.mark.parametrize("after", [False, True])
def test_an_unknown_outcome_is_found_out_by_opening_anew(path: str, *, after: bool) -> None:
    """F4: the commit fails and nobody knows. The store refuses to go on; opened anew, the same key posts once."""
    store = SqliteStore(path, connect=faulty)
    connection = store._session._connection
    assert isinstance(connection, Faulty)
    connection.fail, connection.after = "COMMIT", after
    with pytest.raises(StoreError) as caught:
        charge_one(store)
    assert code_of(caught.value) == "E406"
    connection.fail = ""
    with pytest.raises(StoreError) as again:
        charge_one(store)
    assert code_of(again.value) == "E406"
    store.close()
    anew = SqliteStore(path)
    assert charge_one(anew) is (Outcome.EXISTS if after else Outcome.CREATED)
    with anew.transaction() as parts:
        assert parts.ledger.balance(center_account(DEMO)) == fen(-12)
    anew.close()


def test_a_full_disk_takes_nothing_and_frees_the_way(path: str) -> None:
    """F14 for true: the file may not grow; E401, nothing of the step stands, and with space it goes on."""
    store = SqliteStore(path)
    connection = store._session._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    before = store.dump()
    with pytest.raises(StoreError) as caught:
        put_notes(store, ["x" * 500] * 1000)
    assert code_of(caught.value) == "E401"
    assert store.dump() == before
    connection.execute("PRAGMA max_page_count = 100000")
    assert charge_one(store) is Outcome.CREATED
    store.close()


def test_a_store_held_by_another_is_busy(path: str) -> None:
    """F15: E402 after the time-out, and nothing is lost."""
    store = SqliteStore(path)
    store._session._connection.execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError) as caught:
        charge_one(store)
    assert code_of(caught.value) == "E402"
    other.execute("ROLLBACK")
    other.close()
    assert charge_one(store) is Outcome.CREATED
    store.close()


def test_a_damaged_page_is_named(path: str) -> None:
    """F17: pages overwritten in the middle of the file are corruption, by the check or by the first read."""
    store = SqliteStore(path)
    with store.transaction() as parts:
        for number in range(2000):
            parts.ledger.post(call_entry(f"call:c:{number}", DEMO, fen(1), Instant(0), ACT))
    store.close()
    with Path(path).open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 30)
    with pytest.raises(StoreError) as caught:
        damaged(path)
    assert code_of(caught.value) == "E403"


def put_notes(store: SqliteStore, texts: list[str]) -> None:
    with store.transaction() as parts:
        for number, text in enumerate(texts):
            parts.notes.put(f"{number}", text)


def damaged(path: str) -> None:
    store = SqliteStore(path)
    try:
        store.dump()
    finally:
        store.close()


def test_an_edited_balance_shows(raw: sqlite3.Connection, store: SqliteStore) -> None:
    """F17: the cache is in the dump beside the entries, and loading the dump finds the true sum."""
    raw.execute("UPDATE account SET hao = hao + 1 WHERE id = 'center:demo'")
    with store.transaction() as parts:
        cached = parts.ledger.balance(center_account(DEMO))
        assert cached != parts.ledger.balance_before(center_account(DEMO), Instant(10**9))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fork_with_an_open_store_is_refused(store: SqliteStore) -> None:
    """F16: the child is told so by E404; the parent goes on."""
    child = os.fork()
    if child == 0:
        answer = 1
        try:
            charge_one(store)
        except StoreError as error:
            answer = 0 if error.code == "E404" else 2
        os._exit(answer)
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert charge_one(store) is Outcome.CREATED


@pytest.mark.parametrize("text", ["\ud800", "ab\udfff"])
def test_text_that_is_no_text_is_refused(store: SqliteStore, text: str) -> None:
    """A lone surrogate cannot be kept: E410, and the step is taken back."""
    before = store.dump()
    with pytest.raises(UsageError) as caught:
        put_notes(store, ["first", text])
    assert code_of(caught.value) == "E410"
    assert store.dump() == before


def test_a_number_beyond_64_bits_is_refused(store: SqliteStore) -> None:
    """E410."""
    with pytest.raises(UsageError) as caught, store.transaction() as parts:
        parts.records.add_call(record(at=1 << 63))
    assert code_of(caught.value) == "E410"


def test_another_thread_is_told_that_the_store_is_not_its_own(store: SqliteStore) -> None:
    """E408: a store belongs to the thread that opened it."""
    codes: list[str] = []

    def use() -> None:
        try:
            charge_one(store)
        except UsageError as error:
            codes.append(error.code)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert codes == ["E408"]


def test_errors_without_a_number_of_sqlite_are_typed_too() -> None:
    """What SQLite's module raises by itself is an unreachable store, not a traceback."""
    assert typed(sqlite3.OperationalError("?")).code == "E407"
    assert typed(sqlite3.InterfaceError("?")).code == "E408"


def test_every_commit_reaches_the_disk(path: str, tmp_path: Path) -> None:
    """Durability is not seen by killing: FULL syncs the log at each commit, so its file grows with each."""
    store = SqliteStore(path)
    sizes = []
    for number in range(5):
        with store.transaction() as parts:
            parts.ledger.post(top_up_entry(f"{number}", center_account(DEMO), fen(1), ACT))
        sizes.append(Path(f"{path}-wal").stat().st_size)
    assert sizes == sorted(set(sizes))
    store.close()


def test_records_of_every_kind_survive_a_hostile_text(store: SqliteStore) -> None:
    """Formula cells, control characters and right-to-left text are data."""
    hostile = "=1+1\t\r\n\x1b[31m\u202e'; DROP TABLE entry; --"
    with store.transaction() as parts:
        parts.records.add_call(changed(record(), caller=hostile, name=hostile))
        parts.records.add_session(changed(session(), address=hostile))
        parts.ledger.post(opening_entry(center_account(CenterId(hostile)), fen(1), Instant(0), ACT))
        assert parts.records.calls(DEMO, Instant(0), Instant(1))[0].caller == hostile
        assert parts.ledger.balance(center_account(CenterId(hostile))) == fen(1)
