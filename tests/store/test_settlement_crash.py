"""Settlement on a file by many processes, killed, run late, killed at every statement: each line once (F11, L11)."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.store.shelf import folder
from tests.tiers import tier

from callcenter.billing.accounts import center_account
from callcenter.center.office import Office
from callcenter.compat import override
from callcenter.model.ids import CenterId
from callcenter.model.money import fen
from callcenter.model.times import NEVER, Instant, parse_date
from callcenter.store import SqliteStore

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

FAR = Instant(NEVER // 2)
LATE = Instant(1_400_000_000_000_000)
JANUARY = parse_date("2009-01-31")
KILLED = 9


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with folder() as made:
        yield made


def shop(centers: int, plan: str = "FIXED_DAILY", minimum: str = "20000") -> dict[str, object]:
    """Return a shop of centers with one seat each, open since New Year."""

    def center(number: int) -> dict[str, object]:
        return {
            "access_number": f"9599{number:04}",
            "ivr": "hangup",
            "created": "2009-01-01",
            "balance_fen": "100000.00",
            "rent": {"plan": plan, "seat_month_fen": "30000", "minimum_month_fen": minimum},
            "agent": {"A": {"phone": "013900000001"}},
            "group": {"1": {"kind": "login", "members": ["A"]}},
        }

    return {"schema": 1, "center": {f"c{number:03}": center(number) for number in range(centers)}}


def founded(path: Path, data: dict[str, object]) -> str:
    store = SqliteStore(str(path))
    Office(store).load(data, LATE)
    store.close()
    return str(path)


def settle(path: str, through: str, seed: int = 0) -> None:
    """Settle in a process of its own, by steps of some days, so that several meet each other."""
    store = SqliteStore(path)
    office, dice = Office(store), random.Random(seed)
    day, last = parse_date("2009-01-01"), parse_date(through)
    while day < last:
        day = min(last, day + timedelta(days=dice.randrange(1, 12)))
        office.settle(day, clock=FAR, now=LATE)
    store.close()


def in_processes(path: str, through: str, processes: int, kills: int = 0, seed: int = 1) -> int:
    """Let some processes settle at once, end some of them with SIGKILL, start others in their place; count the kills."""
    context = multiprocessing.get_context("fork")
    dice = random.Random(seed)
    killed = 0

    def start(number: int) -> Any:
        process = context.Process(target=settle, args=(path, through, number))
        process.start()
        return process

    running = [start(number) for number in range(processes)]
    while killed < kills:
        time.sleep(dice.uniform(0.0, 0.05))
        place = dice.randrange(processes)
        if running[place].is_alive():
            os.kill(running[place].pid, signal.SIGKILL)
            killed += 1
        running[place].join()
        running[place] = start(100 + killed)
    for process in running:
        process.join()
        assert process.exitcode == 0
    return killed


def dumped(path: str) -> str:
    store = SqliteStore(path)
    text = store.dump()
    store.close()
    return text


def figures(path: str) -> tuple[int, int]:
    """Return how many rents a file has, and how many different ones; the audit must find nothing."""
    store = SqliteStore(path)
    assert store.check() == ()
    assert Office(store).audit().findings == ()
    store.close()
    connection = sqlite3.connect(path)
    rents = connection.execute("SELECT count(*), count(DISTINCT key) FROM entry WHERE kind = 'rent'").fetchone()
    lines = connection.execute("SELECT count(*) FROM charge WHERE kind = 'rent'").fetchone()
    connection.close()
    assert lines[0] == rents[0]
    return rents[0], rents[1]


@pytest.mark.parametrize(
    ("processes", "centers", "kills"),
    [
        (4, 12, 0),
        (4, 12, 8),
        pytest.param(8, 100, 0, marks=pytest.mark.deep),
        pytest.param(8, 100, 50, marks=pytest.mark.deep),
    ],
)
def test_many_processes_settle_each_line_once(processes: int, centers: int, kills: int, tmp_path: Path) -> None:
    """None doubled, none missing, and the books are those of one run, whoever was killed meanwhile."""
    path = founded(tmp_path / "many.db", shop(centers))
    shutil.copy(path, tmp_path / "one.db")
    assert in_processes(path, "2009-01-31", processes, kills) == kills
    assert figures(path) == (31 * centers, 31 * centers)
    settle(str(tmp_path / "one.db"), "2009-01-31")
    balances = []
    for name in (path, str(tmp_path / "one.db")):
        store = SqliteStore(name)
        with store.transaction() as tx:
            balances.append({account: tx.ledger.balance(account) for account in tx.ledger.accounts()})
        store.close()
    assert balances[0] == balances[1]


@pytest.mark.parametrize("plan", ["FIXED_DAILY", "EXACT_YEAR", "EXACT_MONTH"])
def test_four_hundred_days_are_caught_up_in_one_run(plan: str, tmp_path: Path) -> None:
    """Each missed date under its own date; the books are those of a run every few days."""
    data = shop(1, plan)
    late, daily = founded(tmp_path / "late.db", data), founded(tmp_path / "daily.db", data)
    first = parse_date("2009-01-01")
    last = first + timedelta(days=399)
    store = SqliteStore(late)
    done = Office(store).settle(last, clock=FAR, now=LATE)
    assert len([line for line in done.posted if line.kind.value == "rent"]) == 400
    assert len([line for line in done.posted if line.kind.value == "minimum"]) == 13
    if plan == "EXACT_YEAR":
        with store.transaction() as tx:
            account = center_account(CenterId("c000"))
            year = tx.ledger.entries(account, Instant(0), Instant(1_262_275_200_000_000))
            assert (
                sum(-entry.amount(account).hao for entry in year if entry.key.startswith("rent:")) == fen(360_000).hao
            )
    store.close()
    store = SqliteStore(daily)
    office = Office(store)
    for offset in (*range(0, 399, 19), 399):
        office.settle(first + timedelta(days=offset), clock=FAR, now=LATE)
    with store.transaction() as tx:
        by_day = {account: tx.ledger.balance(account) for account in tx.ledger.accounts()}
    store.close()
    store = SqliteStore(late)
    with store.transaction() as tx:
        assert {account: tx.ledger.balance(account) for account in tx.ledger.accounts()} == by_day
    store.close()


# ---------------------------------------------------------------- a crash at every statement


class Doomed(sqlite3.Connection):
    """A connection that ends the process before its n-th statement."""

    left = -1

    def _count(self) -> None:
        if self.left == 0:
            os._exit(KILLED)
        self.left -= 1

    @override
    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        self._count()
        return super().execute(sql, *values)

    @override
    def executemany(self, sql: str, *values: Any) -> sqlite3.Cursor:
        return super().executemany(sql, self._counted(*values))

    def _counted(self, rows: Iterable[Any]) -> Iterator[Any]:
        for row in rows:
            self._count()
            yield row


def doomed(path: str, **_: Any) -> Doomed:
    return sqlite3.connect(path, isolation_level=None, factory=Doomed)


def crash(path: str, after: int) -> None:
    store = SqliteStore(path, connect=doomed)
    connection = store._session._connection
    assert isinstance(connection, Doomed)
    connection.left = after
    settle_in_small_steps(store)
    os._exit(0)


def settle_in_small_steps(store: SqliteStore) -> None:
    office = Office(store)
    for day in ("2009-01-02", "2009-02-02"):
        office.settle(parse_date(day), clock=FAR, now=LATE)


def test_a_settlement_killed_at_any_statement_and_run_again_is_one_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """L11, L14: whatever stood when it died stays, the rest is posted; the store is byte for byte that of one run."""
    monkeypatch.setattr("callcenter.center.settling._BATCH", 9)
    path = founded(tmp_path / "new.db", shop(2))
    shutil.copy(path, tmp_path / "one.db")
    store = SqliteStore(str(tmp_path / "one.db"))
    settle_in_small_steps(store)
    store.close()
    whole = dumped(str(tmp_path / "one.db"))
    codes: list[int] = []
    after = 0
    while not codes or codes[-1] == KILLED:
        other = str(tmp_path / "crashed.db")
        for suffix in ("", "-wal", "-shm"):
            Path(other + suffix).unlink(missing_ok=True)
        shutil.copy(path, other)
        child = os.fork()
        if child == 0:
            try:
                crash(other, after)
            finally:
                os._exit(1)
        codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        store = SqliteStore(other)
        settle_in_small_steps(store)
        store.close()
        assert dumped(other) == whole, after
        after += STRIDE
    assert codes == [KILLED] * (len(codes) - 1) + [0]
    assert after > 200


STRIDE = tier(23, 11, 1)
"""The deep tier dies before every statement, the others before some."""
