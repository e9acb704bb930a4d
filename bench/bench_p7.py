"""P7: settlement of a month - 10 000 centers, 31 rents each - into a SQLite file, and how it grows with history.

The floor writes the same rows (entry, two legs, charge line) into the same schema with ``executemany`` and knows what
to write beforehand: no shop is read, no date worked out, no key looked up. The peer is SQLAlchemy's ORM with the same
tables as mapped classes, one commit for each 500 lines, without the triggers that keep balances. Ours is
``Office.settle`` from the shop in the store to the last commit. The last rows settle the next month of a store that has
months of entries already: what was posted before must not make it slower.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from callcenter.billing.entries import Act
from callcenter.billing.settlement import Due, due_entry
from callcenter.center.archive import Archive
from callcenter.center.office import Office
from callcenter.center.settling import planned
from callcenter.model.times import NEVER, Instant, parse_date
from callcenter.store import SqliteStore

CENTERS, FULL = 500, 10_000
TURNS = 3
LATE = Instant(1_400_000_000_000_000)
FAR = Instant(NEVER // 2)
FIRST = parse_date("2009-01-01")
BATCH = 500
MONTHS = 13


def shop(centers: int) -> dict[str, Any]:
    """Return centers with one seat each, from New Year 2009."""
    return {
        "schema": 1,
        "center": {
            f"c{number:05}": {
                "access_number": f"9{number:07}",
                "ivr": "hangup",
                "created": FIRST.isoformat(),
                "rent": {"seat_month_fen": "30000"},
                "agent": {"A": {"phone": "013900000001"}},
                "group": {"1": {"kind": "login", "members": ["A"]}},
            }
            for number in range(centers)
        },
    }


def founded(folder: str, name: str, centers: int) -> SqliteStore:
    store = SqliteStore(str(Path(folder) / name))
    Office(store).load(shop(centers), LATE)
    return store


def plan(store: SqliteStore, through: date) -> list[Due]:
    archive = Archive()
    with store.transaction() as tx:
        return planned(archive.histories(tx).values(), through)


def settle(store: SqliteStore, through: date) -> int:
    return len(Office(store).settle(through, clock=FAR, now=LATE).posted)


def rows(lines: list[Due]) -> list[tuple[int, Any, Due]]:
    act = Act(at=LATE)
    return [(seq, due_entry(line, act), line) for seq, line in enumerate(lines, 1)]


def floor(store: SqliteStore, lines: list[Due]) -> float:
    """Write the same rows by hand, and return the seconds that the writing took."""
    connection = store._session._connection
    made = rows(lines)
    names = sorted({account for _seq, entry, _line in made for account, _amount in entry.legs})
    begin = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO account (id) VALUES (?)", ((name,) for name in names))
    numbers = dict(connection.execute("SELECT id, number FROM account").fetchall())
    connection.execute("COMMIT")
    for start in range(0, len(made), BATCH):
        part = made[start : start + BATCH]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO leg (entry, place, account, effective_at, hao) VALUES (?, ?, ?, ?, ?)",
            (
                (seq, place, numbers[account], entry.effective_at, amount.hao)
                for seq, entry, _line in part
                for place, (account, amount) in enumerate(entry.legs)
            ),
        )
        connection.executemany(
            "INSERT INTO entry (seq, key, kind, effective_at, recorded_at, actor, reason, because)"
            " VALUES (?, ?, ?, ?, ?, ?, '', NULL)",
            (
                (seq, entry.key, "rent", entry.effective_at, entry.recorded_at, entry.actor)
                for seq, entry, _line in part
            ),
        )
        connection.executemany(
            "INSERT INTO charge (key, center, at, kind, caller, access_number, agent_phone, ring_at, answered_at,"
            " ended_at, seconds, hao) VALUES (?, ?, ?, 'rent', '', ?, ?, NULL, NULL, ?, 0, ?)",
            ((entry.key, line.center, line.at, "9", "9", line.at, line.amount.hao) for _seq, entry, line in part),
        )
        connection.execute("COMMIT")
    return time.perf_counter() - begin


def orm(path: str, lines: list[Due]) -> int:
    """Write the same rows as mapped objects."""
    from bench import orm_books

    engine = orm_books.books(path)
    entries = [entry for _seq, entry, _line in rows(lines)]
    try:
        return orm_books.post(engine, entries, BATCH, lines=True)
    finally:
        engine.dispose()


def timed(work: Callable[[], int]) -> tuple[float, int]:
    gc.collect()
    begin = time.perf_counter()
    count = work()
    return time.perf_counter() - begin, count


def run(*, full: bool = False) -> list[dict[str, Any]]:
    """Return one row for each way; ``ratio`` of ours is its time in floors, of the peer how many times as long it takes."""
    centers = FULL if full else CENTERS
    through = FIRST + timedelta(days=30)
    found: list[dict[str, Any]] = []

    def note(what: str, count: int, seconds: float, ratio: float, ratio_to: str, goal: str = "") -> None:
        found.append(
            {
                "id": "P7",
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
        bares, times = [], []
        lines: list[Due] = []
        for turn in range(TURNS):
            bottom = founded(folder, f"floor{turn}.db", centers)
            lines = sorted(plan(bottom, through), key=lambda line: (line.center, line.day))  # as ours does
            bares.append(floor(bottom, lines))
            bottom.close()
            mine = founded(folder, f"ours{turn}.db", centers)
            seconds, count = timed(lambda: settle(mine, through))  # noqa: B023 - run at once
            times.append(seconds)
            assert count == len(lines)
            mine.close()
        store = SqliteStore(str(Path(folder) / "ours0.db"))
        bare, ours = sorted(bares)[TURNS // 2], sorted(times)[TURNS // 2]
        note("floor: the same rows by hand", len(lines), bare, 1.0, "floor")
        note("ours: settle a month", len(lines), ours, ours / bare, "floors' time", "≤ 2 floors' time")
        again, count = timed(lambda: len(Office(store).settle(through, clock=FAR, now=LATE).already))
        note("ours: settle it again, nothing to post", count, again, again / bare, "floors' time")
        store.close()
        store = founded(folder, "months.db", centers // 2)
        months, last = [], FIRST - timedelta(days=1)
        for _ in range(MONTHS):
            begins, last = last + timedelta(days=1), last + timedelta(days=31)
            gc.collect()
            begin = time.process_time()  # the work and not the waiting for others
            count = settle_only(store, last, begins)
            months.append(time.process_time() - begin)
        early, late = sorted(months[1:4])[1], sorted(months[-3:])[1]
        note("ours: after a year of entries, CPU", count, late, late / early, "second month", "≤ 1.2")
        store.close()
        try:
            seconds, _count = timed(lambda: orm(str(Path(folder) / "orm.db"), lines))
        except ImportError:
            return found
        note("SQLAlchemy ORM, the same rows", len(lines), seconds, seconds / ours, "ours")
    return found


def settle_only(store: SqliteStore, through: date, since: date) -> int:
    """Settle the dates of one month, as a job that runs each month does."""
    return len(Office(store).settle(through, clock=FAR, now=LATE, since=since).posted)


def main() -> None:
    for row in run():
        print(f"{row['what']:<44}{row['n']:>10,}{row['seconds']:>10.3f}{row['per_second']:>14,.0f}{row['ratio']:>9.2f}")


if __name__ == "__main__":
    main()
