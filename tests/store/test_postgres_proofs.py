"""Figures of the proof for PostgreSQL: a full disk, a flipped byte anywhere, commits on the disk, kill -9."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from tests.postgres_server import Server, Shelf
from tests.store.days import checked_after_kills, day, dumps
from tests.store.postgres_shelf import opened, past_the_library
from tests.store.shelf import code_of
from tests.tiers import tier, told

from callcenter.errors import StoreError, UsageError


def test_every_commit_is_synced(postgres: Shelf) -> None:
    """The server counts how often it asked for the disk: at least once for each commit."""
    schema = postgres.schema()
    with opened(postgres, schema) as store, past_the_library(postgres, schema) as raw:

        def syncs() -> int:
            raw.execute("SELECT pg_stat_force_next_flush()" if raw.info.server_version >= 150000 else "SELECT 1")
            store._session._connection.execute("SELECT pg_stat_force_next_flush()")
            return int(raw.execute("SELECT wal_sync FROM pg_stat_wal").fetchone()[0])

        before = syncs()
        day(store, range(30))
        assert syncs() - before >= 30


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_killed_client_loses_nothing_that_it_acknowledged(
    postgres: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    """kill -9 at any moment: 300 times in the release tier."""
    from callcenter.store.postgres import PostgresStore

    schema = postgres.schema()
    made = checked_after_kills(lambda: PostgresStore(postgres.dsn, schema=schema), tier(4, 20, 300), 0.03)
    told(capsys, made)


# ---------------------------------------------------------------- F17


def test_a_flipped_byte_is_never_silently_wrong(postgres: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    """One byte of the files of the tables turned over, at 500 places: the pages have checksums, so it is a typed error
    when it is read, or it changes nothing that is read."""
    from callcenter.store.postgres import PostgresStore

    count, dice = tier(4, 20, 500), random.Random(17)
    found = {"error": 0, "harmless": 0}
    with past_the_library(postgres, "public") as raw:
        raw.execute("CREATE DATABASE whole TEMPLATE template0")
        dsn = postgres.dsn.replace("dbname=postgres", "dbname=whole")
        store = PostgresStore(dsn)
        day(store, range(12))
        before = store.dump()
        store.close()
        for number in range(count):
            raw.execute(f"CREATE DATABASE copy{number} TEMPLATE whole STRATEGY file_copy")
            flip_in(postgres.server, raw, number, dice)
            found[outcome(dsn.replace("whole", f"copy{number}"), before)] += 1
            raw.execute(f"DROP DATABASE copy{number} WITH (FORCE)")
    assert sum(found.values()) == count
    assert found["error"] > 0
    told(capsys, f"{count} bytes: {found}")


def flip_in(running: Server, raw: Any, number: int, dice: random.Random) -> None:
    """Turn a byte over in a file of a table or index of the store."""
    import psycopg

    dsn = running.dsn.replace("dbname=postgres", f"dbname=copy{number}")
    oid = raw.execute("SELECT oid FROM pg_database WHERE datname = %s", (f"copy{number}",)).fetchone()[0]
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "SELECT pg_relation_filepath(c.oid) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace"
            " WHERE nspname = 'callcenter' AND relkind IN ('r', 'i')"
        ).fetchall()
    files = [path for path in (running.data / row[0] for row in rows) if path.exists() and path.stat().st_size]
    assert all(path.parent.name == str(oid) for path in files)
    path = dice.choice(sorted(files))
    content = bytearray(path.read_bytes())
    content[dice.randrange(len(content))] ^= dice.randrange(1, 256)
    path.write_bytes(content)


def outcome(dsn: str, before: str) -> str:
    """Return what became of reading everything: an error with a code, or what it was."""
    from callcenter.store.postgres import PostgresStore

    store = None
    with suppress(StoreError, UsageError):
        try:
            store = PostgresStore(dsn)
            assert store.dump() == before
            assert store.check() == ()
            return "harmless"
        finally:
            if store is not None:
                store.close()
    return "error"


# ---------------------------------------------------------------- F14


@contextmanager
def small_disk(place: Path, size_kb: int) -> Iterator[None]:
    """Mount a disk of a size; skip where nobody may."""
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={size_kb}k,mode=0777", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("NOT TESTED HERE: only root that may mount can make a small disk; the error itself is tested")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


def test_a_disk_that_is_full_at_any_size_loses_nothing(postgres: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    """The tables on a disk with less and less room: E401, what was acknowledged stands and nothing else; when there is
    room again, the same store goes on, and ends as if the disk had never been full."""
    from callcenter.store.postgres import PostgresStore

    sizes, events, bulk = tier(2, 10, 200), 40, 8_000
    expected = dumps(events, bulk)
    running = postgres.server
    place = running.folder / "small"
    with small_disk(place, 8_000), past_the_library(postgres, "public") as raw:
        (place / "space").mkdir(mode=0o777)
        if running._user:
            os.chown(place / "space", running._user["user"], running._user["group"])
        raw.execute(f"CREATE TABLESPACE small LOCATION '{place}/space'")
        for number in range(sizes):
            schema = f"full{number}"
            store = PostgresStore(f"{running.dsn} options='-c default_tablespace=small'", schema=schema)
            fill(place / "ballast", 8 * (1 + number * 30 // sizes))
            acked: list[int] = []
            with pytest.raises(StoreError) as caught:
                day(store, range(events), bulk, acked.append)
            assert code_of(caught.value) == "E401"
            (place / "ballast").unlink()
            assert store.dump() == expected[len(acked)]
            day(store, range(events), bulk)
            assert store.dump() == expected[-1]
            assert store.check() == ()
            store.close()
            raw.execute(f"DROP SCHEMA {schema} CASCADE")
            raw.execute("CHECKPOINT")
        raw.execute("DROP TABLESPACE small")
    told(capsys, f"full at {sizes} sizes")


def fill(ballast: Path, room_kb: int) -> None:
    """Leave so much room on the disk of a file."""
    status = os.statvfs(ballast.parent)
    free = status.f_bavail * status.f_frsize
    with ballast.open("wb") as file, suppress(OSError):
        file.write(b"\0" * (free - room_kb * 1024))
