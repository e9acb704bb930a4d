"""What is said when a store cannot be trusted, and what stands then."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.store.shelf import ACT, DEMO, charge_one, code_of, folder

from callcenter.billing.accounts import center_account
from callcenter.billing.entries import call_entry, opening_entry, top_up_entry
from callcenter.billing.ledger import Outcome
from callcenter.compat import override
from callcenter.errors import StoreError, UsageError
from callcenter.model.ids import CenterId
from callcenter.model.money import fen
from callcenter.model.times import Instant
from callcenter.model.value import changed
from callcenter.store import SqliteStore
from callcenter.store.sqlite.session import typed
from callcenter.testing.conformance.base import record, session


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


@pytest.mark.parametrize(
    ("statement", "number", "code"),
    [
        ("BEGIN", sqlite3.SQLITE_BUSY, "E402"),
        ("INSERT INTO entry", sqlite3.SQLITE_FULL, "E401"),
        ("SELECT", sqlite3.SQLITE_IOERR | (1 << 8), "E407"),
        ("INSERT INTO entry", sqlite3.SQLITE_IOERR, "E407"),
        ("COMMIT", sqlite3.SQLITE_FULL, "E401"),
        ("COMMIT", sqlite3.SQLITE_BUSY, "E402"),
    ],
)
@pytest.mark.parametrize("rolls_back", [False, True])
def test_a_failure_is_typed_and_leaves_nothing(
    path: str, statement: str, number: int, code: str, *, rolls_back: bool
) -> None:
    """Full, busy, unreachable: whether or not SQLite rolled back by itself, the step can be repeated."""
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


@pytest.mark.parametrize("number", [sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CORRUPT | (2 << 8)])
def test_a_damaged_store_is_not_written_to_any_more(path: str, number: int) -> None:
    """F17: E403 at the first sign of it, and from then on."""
    store = SqliteStore(path, connect=faulty)
    connection = store._session._connection
    assert isinstance(connection, Faulty)
    connection.fail, connection.code = "SELECT", number
    for _time in range(2):
        with pytest.raises(StoreError) as caught:
            charge_one(store)
        assert code_of(caught.value) == "E403"
        connection.fail = ""
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
