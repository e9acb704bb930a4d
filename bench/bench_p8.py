"""P8: postings to the ledger in SQLite, a thousand to a commit and each with its own, every commit durable.

The floor writes the same rows into the same schema, triggers and all: a look for the key, two legs, the entry. It builds
no entry, checks no sum and answers nothing. The peer is SQLAlchemy's ORM with the same tables as mapped classes and
without triggers. The growth row posts to a store that has many entries already.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from callcenter.billing.accounts import Account, center_account, revenue_account
from callcenter.billing.entries import Act, call_entry
from callcenter.billing.ledger import Entry, Outcome
from callcenter.model.ids import CenterId
from callcenter.model.money import fen
from callcenter.model.records import ChargeKind
from callcenter.model.times import SECOND, Instant
from callcenter.store import SqliteStore

BATCHED, EACH, PEER = 20_000, 500, 3_000
HISTORY, FULL_HISTORY = 100_000, 1_000_000
BATCH = 1000
CENTERS = 100
ACT = Act(at=Instant(0))
REPEATS = 3


def entries(first: int, count: int) -> list[Entry]:
    """Return charges of talks, spread over some centers."""
    return [
        call_entry(f"call:c{n:08}:1", CenterId(f"c{n % CENTERS:03}"), fen(12), Instant(n * SECOND), ACT)
        for n in range(first, first + count)
    ]


def ours(store: SqliteStore, made: list[Entry], batch: int) -> int:
    """Post entries as a job does: many of them in one go, single ones one by one."""
    count = 0
    for start in range(0, len(made), batch):
        with store.transaction() as tx:
            some = made[start : start + batch]
            postings = tx.ledger.post_all(some) if batch > 1 else [tx.ledger.post(entry) for entry in some]
            count += sum(posting.outcome is Outcome.CREATED for posting in postings)
    return count


def accounts(store: SqliteStore) -> dict[Account, int]:
    connection = store._session._connection
    names = [center_account(CenterId(f"c{n:03}")) for n in range(CENTERS)]
    connection.executemany(
        "INSERT OR IGNORE INTO account (id) VALUES (?)",
        ((name,) for name in (*names, revenue_account(ChargeKind.CALL))),
    )
    return {Account(name): number for name, number in connection.execute("SELECT id, number FROM account")}


def floor(store: SqliteStore, made: list[Entry], batch: int) -> int:
    connection = store._session._connection
    numbers = accounts(store)
    rows = [
        (entry.key, entry.effective_at, [(numbers[account], amount.hao) for account, amount in entry.legs])
        for entry in made
    ]
    seq = connection.execute("SELECT coalesce(max(seq), 0) FROM entry").fetchone()[0]
    for start in range(0, len(rows), batch):
        connection.execute("BEGIN IMMEDIATE")
        for key, at, legs in rows[start : start + batch]:
            seq += 1
            if connection.execute("SELECT 1 FROM entry WHERE key = ?", (key,)).fetchone():
                continue
            connection.executemany(
                "INSERT INTO leg (entry, place, account, effective_at, hao) VALUES (?, ?, ?, ?, ?)",
                [(seq, place, number, at, hao) for place, (number, hao) in enumerate(legs)],
            )
            connection.execute(
                "INSERT INTO entry (seq, key, kind, effective_at, recorded_at, actor, reason, because)"
                " VALUES (?, ?, 'call', ?, 0, 'system', '', NULL)",
                (seq, key, at),
            )
        connection.execute("COMMIT")
    return len(rows)


def orm(path: str, made: Iterable[Entry], batch: int) -> int:
    from bench import orm_books

    engine = orm_books.books(path)
    try:
        return orm_books.post(engine, made, batch, lines=False)
    finally:
        engine.dispose()


def timed(work: Callable[[], int], expected: int) -> float:
    gc.collect()
    begin = time.perf_counter()
    assert work() == expected
    return time.perf_counter() - begin


def run(*, full: bool = False) -> list[dict[str, Any]]:
    """Return one row for each way; ``ratio`` of ours is its speed in floors, of the peer how many times as fast ours is."""
    found: list[dict[str, Any]] = []

    def note(what: str, count: int, seconds: float, ratio: float, ratio_to: str, goal: str = "") -> None:
        found.append(
            {
                "id": "P8",
                "what": what,
                "n": count,
                "seconds": seconds,
                "per_second": count / seconds,
                "ratio": ratio,
                "ratio_to": ratio_to,
                "goal": goal,
            }
        )

    with tempfile.TemporaryDirectory() as folder:
        for name, count, batch in (("1000 to a commit", BATCHED, BATCH), ("each its own commit", EACH, 1)):
            ours_s, floor_s = [], []
            stores = [SqliteStore(str(Path(folder) / f"{who}-{batch}.db")) for who in ("floor", "ours")]
            for turn in range(REPEATS):
                made = entries(turn * count, count)
                floor_s.append(timed(lambda: floor(stores[0], made, batch), count))  # noqa: B023 - run at once
                ours_s.append(timed(lambda: ours(stores[1], made, batch), count))  # noqa: B023
            for store in stores:
                store.close()
            bare, mine = sorted(floor_s)[REPEATS // 2], sorted(ours_s)[REPEATS // 2]
            note(f"floor: {name}", count, bare, 1.0, "floor")
            note(f"ours: {name}", count, mine, bare / mine, "floor", "≥ 0.65 floors")
            found += _peer(folder, name, batch, count / mine)
        found.append(_growth(folder, FULL_HISTORY if full else HISTORY))
    return found


def _peer(folder: str, name: str, batch: int, per_second: float) -> list[dict[str, Any]]:
    count = PEER if batch > 1 else EACH
    made = entries(0, count)
    try:
        seconds = timed(lambda: orm(str(Path(folder) / f"orm-{batch}.db"), made, batch), count)
    except ImportError:
        return []
    rate = count / seconds
    return [
        {
            "id": "P8",
            "what": f"SQLAlchemy ORM: {name}",
            "n": count,
            "seconds": seconds,
            "per_second": rate,
            "ratio": per_second / rate,
            "ratio_to": "ours",
            "goal": "ours ≥ 20 times" if batch > 1 else "",
        }
    ]


def _growth(folder: str, history: int) -> dict[str, Any]:
    """Return the row of a store that has a history, in CPU time: what matters is the work, not who else is on the disk."""
    seconds = []
    for before in (1000, history):
        store = SqliteStore(str(Path(folder) / f"growth-{before}.db"))
        floor(store, entries(0, before), BATCH)
        turns = []
        for turn in range(REPEATS):
            made = entries(before + turn * BATCH * 5, BATCH * 5)
            gc.collect()
            begin = time.process_time()
            ours(store, made, BATCH)
            turns.append(time.process_time() - begin)
        seconds.append(sorted(turns)[REPEATS // 2])
        store.close()
    return {
        "id": "P8",
        "what": f"ours: after {history:,} entries, CPU",
        "n": BATCH * 5,
        "seconds": seconds[1],
        "per_second": BATCH * 5 / seconds[1],
        "ratio": seconds[1] / seconds[0],
        "ratio_to": "time after 1 000",
        "goal": "≤ 1.5",
    }


def main() -> None:
    for row in run():
        print(f"{row['what']:<44}{row['n']:>10,}{row['seconds']:>10.3f}{row['per_second']:>14,.0f}{row['ratio']:>9.2f}")


if __name__ == "__main__":
    main()
