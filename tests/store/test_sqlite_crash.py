"""A crash at any statement, many processes at once: everything or nothing, and each key once (F1, F11, F12, L11)."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.store.shelf import ACT, DEMO, folder
from tests.tiers import tier

from callcenter.billing.accounts import center_account, reseller_account
from callcenter.billing.entries import Act, call_entry, opening_entry, rent_entry, top_up_entry
from callcenter.billing.ledger import Guard, Outcome
from callcenter.compat import override
from callcenter.model.ids import CenterId, ResellerId
from callcenter.model.money import ZERO, fen
from callcenter.model.times import Instant, parse_date
from callcenter.ports import Store, Transaction
from callcenter.store import MemoryStore, SqliteStore
from callcenter.store.sqlite import session as sqlite_session
from callcenter.store.sqlite.migrations import MIGRATIONS, migrate
from callcenter.testing.conformance.base import ACCOUNT, CENTER, charge, record

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
FORK = multiprocessing.get_context("fork") if hasattr(os, "fork") else None

WEST = reseller_account(ResellerId("west"))
EVENTS = 5
STRIDE = tier(17, 2, 1)


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with folder() as made:
        yield made


class Doomed(sqlite3.Connection):
    """A connection that ends the process before its n-th statement."""

    left = -1

    def _count(self) -> None:
        if self.left == 0:
            os._exit(9)
        self.left -= 1

    @override
    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        self._count()
        return super().execute(sql, *values)

    @override
    def executemany(self, sql: str, *values: Any) -> sqlite3.Cursor:
        self._count()
        return super().executemany(sql, *values)


def doomed(path: str, **_: Any) -> Doomed:
    return sqlite3.connect(path, isolation_level=None, factory=Doomed)


def event(parts: Transaction, number: int) -> None:
    """What one event of a call writes: journal, hold, charge, record, command."""
    key = f"call:c{number}:1"
    if parts.journal.append(CENTER, key, Instant(number), "LegEnded", "{}") is None:
        return
    if number == 0:
        parts.ledger.post(opening_entry(ACCOUNT, fen(100), Instant(0), ACT))
    parts.holds.place(key, ACCOUNT, fen(12), Instant(number), Instant(99), ZERO)
    parts.ledger.post(call_entry(key, CENTER, fen(12), Instant(number), ACT))
    parts.holds.capture(key, fen(12))
    parts.records.add_call(record(f"c{number}", number))
    parts.records.add_charge(charge(key, number))
    parts.outbox.put(f"out{number}", CENTER, "HangUp")
    parts.outbox.mark_sent(f"out{number - 1}")


def day(store: Store) -> None:
    for number in range(EVENTS):
        with store.transaction() as parts:
            event(parts, number)


def crash(path: str, after: int, acked: str) -> None:
    """Do the day and die before a statement; what is acknowledged is written down first-hand."""
    store = SqliteStore(path, connect=doomed)
    connection = store._session._connection
    assert isinstance(connection, Doomed)
    connection.left = after
    with Path(acked).open("a", encoding="utf-8") as file:
        for number in range(EVENTS):
            with store.transaction() as parts:
                event(parts, number)
            file.write(f"{number}\n")
            file.flush()
    os._exit(0)


def test_a_crash_at_any_statement_leaves_everything_or_nothing(tmp_path: Path) -> None:
    """Before each statement of the day in turn: what was acknowledged stands, nothing is half done, and the day done
    again ends in the same store as a day without a crash."""
    undisturbed = MemoryStore()
    prefixes = [undisturbed.dump()]
    for number in range(EVENTS):
        with undisturbed.transaction() as parts:
            event(parts, number)
        prefixes.append(undisturbed.dump())
    codes: list[int] = []
    after = 0
    SqliteStore(str(tmp_path / "new.db")).close()
    while not codes or codes[-1] == 9:
        path, acked = str(tmp_path / f"{after}.db"), tmp_path / f"{after}.acked"
        acked.touch()
        shutil.copy(tmp_path / "new.db", path)
        codes.append(in_child(crash, path, after, str(acked)))
        store = SqliteStore(path)
        done = len(acked.read_text(encoding="utf-8").splitlines())
        assert store.dump() in prefixes[done : done + 2]
        day(store)
        assert store.dump() == prefixes[-1]
        assert store.check() == ()
        store.close()
        after += 1
    assert codes == [9] * (after - 1) + [0]
    assert after > 60  # the day really has that many statements


def an_older_store(path: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make a store as the first version of the library left it, with a day in it; return what it must come to."""
    after = MemoryStore()
    with monkeypatch.context() as older:
        older.setattr(sqlite_session, "migrate", lambda connection: migrate(connection, MIGRATIONS[:1]))
        store = SqliteStore(path)
    day(store)
    day(after)
    store.close()
    return after.dump()


def opens(path: str, after: int) -> None:
    """Open a store and die before a statement of the opening."""
    connection = doomed(path)
    connection.left = after
    SqliteStore(path, connect=lambda *_words, **_more: connection)
    os._exit(0)


def test_a_crash_at_any_statement_of_a_migration_is_gone_on_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older store is opened by this library, and the process dies before each statement in turn: the next opening
    goes on from there, with everything that was in it."""
    expected = an_older_store(str(tmp_path / "old.db"), monkeypatch)
    codes: list[int] = []
    after = 0
    while not codes or codes[-1] == 9:
        path = str(tmp_path / f"{after}.db")
        shutil.copy(tmp_path / "old.db", path)
        codes.append(in_child(opens, path, after))
        store = SqliteStore(path)
        assert store.dump() == expected
        assert store.check() == ()
        with store.transaction() as parts:
            event(parts, EVENTS)
        store.close()
        after += STRIDE if codes[-1] == 9 else 1
    assert set(codes[:-1]) == {9}
    assert after > 30  # the steps really have that many statements


def in_child(work: Any, *arguments: Any) -> int:
    child = os.fork()
    if child == 0:
        try:
            work(*arguments)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


# ---------------------------------------------------------------- many processes


def together(work: Any, path: str, processes: int) -> list[Any]:
    """Run a function of (path, number) in several processes at once."""
    assert FORK is not None
    with FORK.Pool(processes) as pool:
        return pool.starmap(work, [(path, number) for number in range(processes)])


def settle(path: str, _number: int) -> int:
    """Post the rent of ten centers and seven days; return how many lines were new."""
    store = SqliteStore(path)
    made = 0
    for number in range(10):
        for offset in range(1, 8):
            entry = rent_entry(
                CenterId(f"c{number}"), parse_date(f"2009-01-0{offset}"), fen("986.30"), Instant(offset), ACT
            )
            with store.transaction() as parts:
                made += parts.ledger.post(entry).outcome is Outcome.CREATED
    store.close()
    return made


def test_a_run_by_four_processes_posts_each_line_once(tmp_path: Path) -> None:
    """F11: the key keeps it, not a lock around the run."""
    path = str(tmp_path / "books.db")
    SqliteStore(path).close()
    assert sum(together(settle, path, 4)) == 70
    store = SqliteStore(path)
    with store.transaction() as parts:
        for number in range(10):
            assert parts.ledger.balance(center_account(CenterId(f"c{number}"))) == fen("-6904.10")
    store.close()


def spend(path: str, number: int) -> int:
    """Transfer one fen at a time from the reseller until it is refused; return how many went."""
    store = SqliteStore(path)
    went = 0
    while True:
        entry = top_up_entry(f"{number}-{went}", center_account(DEMO), fen(1), Act(at=Instant(0)), WEST)
        with store.transaction() as parts:
            posting = parts.ledger.post(entry, {WEST: Guard(floor=fen(-20))})
        if posting.outcome is not Outcome.CREATED:
            store.close()
            return went
        went += 1


def test_four_processes_never_spend_more_than_there_is(tmp_path: Path) -> None:
    """F12: balance 60 and limit 20 are exactly 80 transfers of one, whoever makes them."""
    path = str(tmp_path / "books.db")
    store = SqliteStore(path)
    with store.transaction() as parts:
        parts.ledger.post(opening_entry(WEST, fen(60), Instant(0), ACT))
    store.close()
    assert sum(together(spend, path, 4)) == 80
    store = SqliteStore(path)
    with store.transaction() as parts:
        assert parts.ledger.balance(WEST) == fen(-20)
        assert parts.ledger.balance(center_account(DEMO)) == fen(80)
    store.close()
