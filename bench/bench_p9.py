"""P9: call records — written a thousand to a commit, listed by day, summed by month — in SQLite.

The floor writes and reads the same rows of the same table by hand: tuples that are there already, no values made of them.
The peers have a table with the same columns and the same index: SQLAlchemy's Core and ORM, and peewee. The last rows
show what the covering index of the charges is worth: the month of one center, and of all of them, with and without it.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from bench.kernel import Row, interleaved, row

from callcenter.model.ids import AgentId, CallId, CenterId, GroupId
from callcenter.model.money import fen
from callcenter.model.records import CallRecord, ChargeKind, ChargeLine, Party, PartyKind, RecordOutcome
from callcenter.model.times import SECOND, Duration, Instant
from callcenter.model.tree import CallerClass
from callcenter.store import SqliteStore, rows

RECORDS, FULL = 30_000, 1_000_000
PEER = 5_000
BATCH = 1000
CENTERS = 20
DAY = 86_400 * SECOND
DAYS = 30
QUERIES = 200
REPEATS = 3


def records(count: int, first: int = 0) -> Iterator[CallRecord]:
    """Yield calls of a month, spread over some centers."""
    step = DAYS * DAY // count
    for number in range(first, first + count):
        at = Instant((number - first) * step)
        yield CallRecord(
            center=CenterId(f"c{number % CENTERS:02}"),
            call=CallId(f"call{number:08}"),
            ref="",
            access_number="95990001",
            caller=f"0139{number % 10**8:08}",
            name="",
            caller_class=CallerClass.NORMAL,
            group=GroupId("sales"),
            party=Party(kind=PartyKind.AGENT, id=AgentId(f"CC{number % 50:04}")),
            phone="013900000001",
            outcome=RecordOutcome.ANSWERED,
            reason="",
            queued_at=at,
            answered_at=Instant(at + 9 * SECOND),
            ended_at=Instant(at + 200 * SECOND),
            wait=Duration(9 * SECOND),
            talk=Duration(191 * SECOND),
        )


def batches(items: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(items, BATCH)):
        yield batch


def write_ours(store: SqliteStore, made: list[CallRecord]) -> int:
    for batch in batches(iter(made)):
        with store.transaction() as tx:
            for record in batch:
                tx.records.add_call(record)
    return len(made)


def write_floor(store: SqliteStore, made: list[rows.Row]) -> int:
    connection = store._session._connection
    insert = rows.CALL.insert("?")
    for batch in batches(iter(made)):
        connection.execute("BEGIN IMMEDIATE")
        for values in batch:
            connection.execute(insert, values)
        connection.execute("COMMIT")
    return len(made)


def read_ours(store: SqliteStore) -> int:
    found = 0
    for number in range(QUERIES):
        start = number % DAYS * DAY
        with store.transaction() as tx:
            found += len(tx.records.calls(CenterId(f"c{number % CENTERS:02}"), Instant(start), Instant(start + DAY)))
    return found


def read_floor(store: SqliteStore) -> int:
    connection, query, found = store._session._connection, rows.CALL.between("?"), 0
    for number in range(QUERIES):
        start = number % DAYS * DAY
        connection.execute("BEGIN IMMEDIATE")
        found += len(connection.execute(query, (f"c{number % CENTERS:02}", start, start + DAY)).fetchall())
        connection.execute("ROLLBACK")
    return found


# ---------------------------------------------------------------- peers


def core(folder: str, made: list[rows.Row], work: ExitStack) -> tuple[Callable[[], int], Callable[[], int]] | None:
    """Return how SQLAlchemy's Core writes and reads."""
    try:
        import sqlalchemy as sa
    except ImportError:
        return None
    engine = sa.create_engine(f"sqlite:///{folder}/core.db")
    work.callback(engine.dispose)
    table = _table(sa, sa.MetaData())
    _make(sa, engine, table)
    names = [column.name for column in table.columns if column.name != "seq"]

    def write() -> int:
        for batch in batches(iter(made)):
            with engine.begin() as connection:
                for values in batch:
                    connection.execute(table.insert(), dict(zip(names, values, strict=True)))
        return len(made)

    def read() -> int:
        found = 0
        for number in range(QUERIES):
            start = number % DAYS * DAY
            with engine.connect() as connection:
                where = (table.c.center == f"c{number % CENTERS:02}", table.c.queued_at >= start)
                query = table.select().where(*where, table.c.queued_at < start + DAY)
                found += len(connection.execute(query.order_by(table.c.queued_at, table.c.call)).fetchall())
        return found

    return write, read


def orm(folder: str, made: list[rows.Row], work: ExitStack) -> tuple[Callable[[], int], Callable[[], int]] | None:
    """Return how SQLAlchemy's ORM writes and reads."""
    try:
        import sqlalchemy as sa
        from sqlalchemy.orm import Session, registry
    except ImportError:
        return None
    engine = sa.create_engine(f"sqlite:///{folder}/orm.db")
    work.callback(engine.dispose)
    mapping = registry()
    table = _table(sa, mapping.metadata)

    class Call:
        def __init__(self, values: dict[str, Any]) -> None:
            for name, value in values.items():
                setattr(self, name, value)

    mapping.map_imperatively(Call, table)
    _make(sa, engine, table)
    names = [column.name for column in table.columns if column.name != "seq"]

    def write() -> int:
        for batch in batches(iter(made)):
            with Session(engine) as session:
                session.add_all([Call(dict(zip(names, values, strict=True))) for values in batch])
                session.commit()
        return len(made)

    def read() -> int:
        found = 0
        for number in range(QUERIES):
            start = number % DAYS * DAY
            with Session(engine) as session:
                where = (table.c.center == f"c{number % CENTERS:02}", table.c.queued_at >= start)
                query = sa.select(Call).where(*where, table.c.queued_at < start + DAY)
                found += len(session.scalars(query.order_by(table.c.queued_at, table.c.call)).all())
        return found

    return write, read


def _table(sa: Any, metadata: Any) -> Any:
    whole = {"queued_at", "answered_at", "ended_at", "wait", "talk"}
    names = [name.strip() for name in rows.CALL._columns.split(",")]
    kinds = [sa.Column(name, sa.BigInteger if name in whole else sa.Text) for name in names]
    return sa.Table("call_record", metadata, sa.Column("seq", sa.Integer, primary_key=True), *kinds)


def _make(sa: Any, engine: Any, table: Any) -> None:
    table.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE INDEX call_record_list ON call_record (center, queued_at, call)"))
        connection.commit()
        connection.connection.driver_connection.execute("PRAGMA journal_mode = WAL")


def peewee(folder: str, made: list[rows.Row], work: ExitStack) -> tuple[Callable[[], int], Callable[[], int]] | None:
    """Return how peewee writes and reads."""
    try:
        import peewee as pw
    except ImportError:
        return None
    database: Any = pw.SqliteDatabase(f"{folder}/peewee.db", pragmas={"journal_mode": "wal", "synchronous": 2})
    work.callback(database.close)
    whole = {"queued_at", "answered_at", "ended_at", "wait", "talk"}
    names = [name.strip() for name in rows.CALL._columns.split(",")]
    fields: dict[str, Any] = {
        name: pw.BigIntegerField(null=True) if name in whole else pw.TextField(null=True) for name in names
    }
    meta = type("Meta", (), {"database": database, "table_name": "call_record"})
    call: Any = type("Call", (pw.Model,), {**fields, "Meta": meta})
    database.create_tables([call])
    connection: sqlite3.Connection = database.connection()
    connection.execute("CREATE INDEX call_record_list ON call_record (center, queued_at, call)")

    def write() -> int:
        for batch in batches(iter(made)):
            with database.atomic():
                for values in batch:
                    call.insert(dict(zip(names, values, strict=True))).execute()
        return len(made)

    def read() -> int:
        found = 0
        for number in range(QUERIES):
            start = number % DAYS * DAY
            query = call.select().where(
                (call.center == f"c{number % CENTERS:02}") & (call.queued_at >= start) & (call.queued_at < start + DAY)
            )
            found += len(list(query.order_by(call.queued_at, call.call)))
        return found

    return write, read


# ---------------------------------------------------------------- totals


def lines(count: int) -> Iterator[ChargeLine]:
    """Yield charges of a month, spread over some centers."""
    step = DAYS * DAY // count
    for number in range(count):
        at = Instant(number * step)
        yield ChargeLine(
            key=f"call:c{number:08}:1",
            kind=ChargeKind.CALL,
            center=CenterId(f"c{number % CENTERS:02}"),
            caller="013900001111",
            access_number="95990001",
            agent_phone="013900000001",
            ring_at=at,
            answered_at=at,
            ended_at=Instant(at + 60 * SECOND),
            seconds=60,
            amount=fen(12),
        )


ALL_CENTERS = "SELECT center, count(*), sum(seconds), sum(hao) FROM charge {} GROUP BY center"
UNINDEXED = "SELECT count(*), sum(seconds), sum(hao) FROM charge NOT INDEXED WHERE center = 'c03' AND kind = 'call'"


def totals(folder: str, count: int) -> list[Row]:
    """Return what the totals of a month take."""
    store = SqliteStore(f"{folder}/totals.db")
    for batch in batches(lines(count)):
        with store.transaction() as tx:
            for line in batch:
                tx.records.add_charge(line)
    connection: sqlite3.Connection = store._session._connection
    month = (Instant(0), Instant(DAYS * DAY))

    def ours() -> int:
        with store.transaction() as tx:
            return tx.records.charged(CenterId("c03"), ChargeKind.CALL, *month).lines

    ways = {
        "ours: a center's month, one total": ours,
        "floor: without the index": lambda: connection.execute(UNINDEXED).fetchone()[0],
        "all centers' month, by the index": lambda: len(
            connection.execute(ALL_CENTERS.format("INDEXED BY charge_total")).fetchall()
        ),
        "all centers' month, without": lambda: len(connection.execute(ALL_CENTERS.format("NOT INDEXED")).fetchall()),
    }
    found = interleaved(ways, REPEATS)
    base = {"ours": found["floor: without the index"][0], "all": found["all centers' month, without"][0]}
    rows_made = [
        row(
            "P9",
            what,
            count,
            seconds,
            ratio=base["all" if what.startswith("all") else "ours"] / seconds,
            ratio_to="scan",
        )
        for what, (seconds, _came) in found.items()
    ]
    store.close()
    return rows_made


def run(*, full: bool = False) -> list[Row]:
    """Return one row for each way; ``ratio`` is how many times as fast ours is as that way, of ours its speed in floors."""
    count = FULL if full else RECORDS
    found: list[Row] = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as work:
        stores = [SqliteStore(str(Path(folder) / name)) for name in ("ours.db", "floor.db")]
        for store in stores:
            work.callback(store.close)
        made = list(records(count))
        tuples = [rows.call_row(record) for record in made]
        found += _against(
            "write",
            count,
            {"ours": lambda: write_ours(stores[0], made), "floor": lambda: write_floor(stores[1], tuples)},
            turns=1 if full else REPEATS,
        )
        read_rows = _against(
            "list a day",
            QUERIES,
            {"ours": lambda: read_ours(stores[0]), "floor": lambda: read_floor(stores[1])},
            REPEATS,
        )
        few = tuples[: count if full else PEER]
        for name, peer in (("Core", core), ("ORM", orm), ("peewee", peewee)):
            ways = peer(folder, few, work)
            if ways is not None:
                found.append(
                    _peer(f"SQLAlchemy {name}" if name != "peewee" else name, "write", len(few), ways[0], found[0])
                )
                ways[1]()
        found += read_rows
        found += totals(folder, count)
    return found


def _against(what: str, count: int, ways: dict[str, Callable[[], int]], turns: int) -> list[Row]:
    taken = interleaved(ways, turns)
    floor = taken["floor"][0]
    return [
        row(
            "P9",
            f"{name}: {what}",
            count,
            seconds,
            ratio=floor / seconds,
            ratio_to="floor",
            goal="≥ 0.7 floors" if name == "ours" else "",
        )
        for name, (seconds, _came) in taken.items()
    ]


def _peer(name: str, what: str, count: int, work: Callable[[], int], ours: Row) -> Row:
    seconds = interleaved({name: work}, 1)[name][0]
    made = row("P9", f"{name}: {what}", count, seconds, ratio_to="ours", goal="≥ 1.3" if "Core" in name else "")
    return {**made, "ratio": ours["per_second"] / made["per_second"]}
