"""P12: the durable event log — one, a hundred and a thousand events to a commit — against a bare loop of fsync.

The floor appends the same bodies to a file and asks for the disk after each group: no key, no number, nothing that
finds an event again. Ours are rows of the journal in SQLite, deduplicated by key and numbered for each center; where a
server is installed, of PostgreSQL as well.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from bench.kernel import Row, interleaved, row

from callcenter.model.ids import CenterId
from callcenter.model.times import Instant
from callcenter.ports import Store
from callcenter.store import SqliteStore

GROUPS = {1: 500, 100: 20_000, 1000: 50_000}
BODY = (
    '{"at":1230543540000000,"call":"node1.17.4711","caller":"013900001111","dialled":"95990001","kind":"CallOffered"}'
)
CENTER = CenterId("demo")
REPEATS = 3


def ours(store: Store, group: int, count: int, turn: list[int]) -> int:
    first = turn[0]
    turn[0] += count
    for start in range(first, first + count, group):
        with store.transaction() as tx:
            append = tx.journal.append
            for number in range(start, start + group):
                append(CENTER, f"node1.17.{number}", Instant(number), "CallOffered", BODY)
    return count


def floor(path: str, group: int, count: int) -> int:
    line = BODY.encode() + b"\n"
    with Path(path).open("ab", buffering=0) as file:
        for _ in range(0, count, group):
            file.write(line * group)
            os.fsync(file.fileno())
    return count


def _postgres(work: ExitStack) -> Store | None:
    with suppress(ImportError):
        from tests.postgres_server import missing, server

        if not missing():
            from callcenter.store.postgres import PostgresStore

            store = PostgresStore(work.enter_context(server(in_memory=False)).dsn)
            work.callback(store.close)
            return store
    return None


def run() -> list[Row]:
    """Return one row for each way and group."""
    found: list[Row] = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as work:
        sqlite = SqliteStore(str(Path(folder) / "log.db"))
        work.callback(sqlite.close)
        stores: dict[str, Store] = {"ours, SQLite": sqlite}
        postgres = _postgres(work)
        if postgres is not None:
            stores["ours, PostgreSQL"] = postgres
        turn = [0]
        for group, count in GROUPS.items():
            ways: dict[str, Callable[[], int]] = {
                name: lambda store=store, group=group, count=count: ours(store, group, count, turn)  # type: ignore[misc]
                for name, store in stores.items()
            }
            ways["fsync loop"] = lambda group=group, count=count: floor(f"{folder}/log", group, count)  # type: ignore[misc]
            found += _rows(group, count, interleaved(ways, REPEATS))
    return found


def _rows(group: int, count: int, taken: dict[str, tuple[float, int]]) -> list[dict[str, Any]]:
    bare = taken["fsync loop"][0]
    goal = {"ours, SQLite": "≥ 80,000/s"} if group == 100 else {}
    return [
        row(
            "P12",
            f"{name}: {group} to a commit",
            count,
            seconds,
            ratio=bare / seconds,
            ratio_to="fsync loop",
            goal=goal.get(name, ""),
        )
        for name, (seconds, _came) in taken.items()
    ]
