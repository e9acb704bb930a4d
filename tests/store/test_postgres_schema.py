"""What PostgreSQL itself holds true, and how a schema is opened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from tests.postgres_server import Shelf
from tests.store.postgres_shelf import opened, past_the_library
from tests.store.shelf import ACT, DEMO, code_of

from callcenter.billing.accounts import center_account, reseller_account
from callcenter.billing.entries import Act, call_entry, deduction_entry, top_up_entry
from callcenter.billing.ledger import Entry
from callcenter.errors import CallCenterError, StoreError
from callcenter.model.ids import ResellerId
from callcenter.model.listing import BookFilter, Place, Slice, TimeSort
from callcenter.model.money import fen
from callcenter.model.records import ChargeKind
from callcenter.model.times import Instant
from callcenter.store import MemoryStore, SqliteStore
from callcenter.store.listing import CALLS, CHARGES, REJECTED, SESSIONS, Listing, places, ranged
from callcenter.store.paging import reading
from callcenter.testing.conformance.base import charge
from callcenter.testing.conformance.transactions import fill_some

if TYPE_CHECKING:
    from callcenter.store.postgres import PostgresStore

RECORDS = ("call_record", "work_session", "charge", "rejected_call", "voicemail")
APPEND_ONLY = ("entry", "leg", "journal", "shop", *RECORDS)

RESELLER = reseller_account(ResellerId("west"))
BEHIND = Place(sort="time", content=9, at=Instant(9), name="c9", center="demo", number=9)


@pytest.fixture
def schema(postgres: Shelf) -> str:
    return postgres.schema()


@pytest.fixture
def store(postgres: Shelf, schema: str) -> Iterator[PostgresStore]:
    with opened(postgres, schema) as one:
        with one.transaction() as parts:
            fill_some(parts)
        yield one


@pytest.fixture
def raw(postgres: Shelf, schema: str, store: PostgresStore) -> Iterator[Any]:
    with past_the_library(postgres, schema) as connection:
        yield connection


# ---------------------------------------------------------------- what the database holds true


@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {} = {}", "TRUNCATE {} CASCADE"])
def test_books_only_grow(raw: Any, statement: str) -> None:
    """Rows of append-only tables are neither changed nor removed, by anybody who writes through PostgreSQL."""
    import psycopg

    for table in APPEND_ONLY:
        column = raw.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND table_name = %s AND is_identity = 'NO' LIMIT 1",
            (table,),
        ).fetchone()[0]
        with pytest.raises(psycopg.errors.CheckViolation, match="append-only"):
            raw.execute(statement.format(table, column, column))


ENTRY = "INSERT INTO entry (key, kind, effective_at, recorded_at, actor, reason) VALUES ('k', 'call', 5, 5, '', '')"
LEG = "INSERT INTO leg (entry, account, place, effective_at, hao) SELECT max(seq), {} FROM entry"


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        ([ENTRY], "an entry has legs"),
        ([ENTRY, LEG.format("'a', 0, 5, 0")], "sum to zero"),
        ([ENTRY, LEG.format("'a', 0, 5, 1") + " UNION SELECT max(seq), 'b', 1, 5, -2 FROM entry"], "sum to zero"),
        ([ENTRY, LEG.format("'a', 0, 6, 1") + " UNION SELECT max(seq), 'b', 1, 6, -1 FROM entry"], "effective"),
        (
            [
                ENTRY,
                LEG.format("'a', 0, 5, 1") + " UNION SELECT max(seq), 'b', 1, 5, -1 FROM entry",
                LEG.format("'c', 2, 5, 1") + " UNION SELECT max(seq), 'd', 3, 5, -1 FROM entry",
            ],
            "no more legs",
        ),
        (["INSERT INTO leg VALUES (987654, 'a', 0, 5, 1), (987654, 'b', 1, 5, -1)"], "foreign key"),
        ([ENTRY.replace("'call'", "'gift'")], "entry_kind_check"),
        ([ENTRY.replace("'k'", "'topup:1'")], "entry_key_key"),
    ],
)
def test_entries_are_double_whoever_writes_them(raw: Any, statements: list[str], told: str) -> None:
    """Legs that do not sum to zero, too few or too many of them, another instant, no entry, a key that is taken."""
    import psycopg

    before = raw.execute("SELECT count(*), sum(hao) FROM leg").fetchone()
    with pytest.raises(psycopg.errors.IntegrityError, match=told):
        raw.execute(f"BEGIN; {'; '.join(statements)}; COMMIT")
    raw.execute("ROLLBACK")
    assert raw.execute("SELECT count(*), sum(hao) FROM leg").fetchone() == before


def test_balances_are_moved_by_the_database(raw: Any) -> None:
    """Whoever posts: the cache is the sum of the legs."""
    raw.execute("BEGIN")
    raw.execute(ENTRY)
    raw.execute(LEG.format("'center:demo', 0, 5, 100") + " UNION SELECT max(seq), 'cash', 1, 5, -100 FROM entry")
    raw.execute("COMMIT")
    wrong = raw.execute(
        "SELECT id FROM account GROUP BY id HAVING sum(hao) <> (SELECT sum(hao) FROM leg WHERE account = account.id)"
    ).fetchall()
    assert wrong == []


PLANS = {
    "leg_of_account": "SELECT sum(hao) FROM leg WHERE account = 'center:demo' AND effective_at < 5",
    "charge_total": (
        "SELECT count(*), sum(seconds), sum(hao) FROM charge"
        " WHERE center = 'demo' AND kind = 'call' AND at >= 1 AND at < 9"
    ),
    "call_record_total": (
        "SELECT count(*) FILTER (WHERE outcome = 'answered'), sum(wait), sum(talk) FROM call_record"
        " WHERE center = ANY('{demo}') AND queued_at >= 1 AND queued_at < 9"
    ),
    "adjustment_pkey": (
        "SELECT recorded_at, key, entry FROM adjustment WHERE account = 'center:demo' AND recorded_at < 9"
        " ORDER BY recorded_at DESC, key DESC LIMIT 51"
    ),
    "call_record_list": (
        "SELECT * FROM call_record WHERE center = 'demo' AND queued_at >= 1 AND queued_at < 9 ORDER BY queued_at, call"
    ),
    "charge_list": "SELECT * FROM charge WHERE center = 'demo' AND at >= 1 AND at < 9 ORDER BY at, key",
    "hold_open": "SELECT sum(hao) FROM hold WHERE account = 'center:demo' AND state = 'open' AND expires_at > 5",
    "entry_because": "SELECT * FROM entry WHERE because = 'call:c:1' ORDER BY seq",
}


AS_WELL = {"charge_total": "charge_list", "call_record_total": "call_record_list"}
"""An index of a list has the columns of its total too; among few rows it costs as little."""


@pytest.mark.parametrize("index", PLANS)
def test_lists_and_totals_have_their_index(raw: Any, index: str) -> None:
    """No scan of a table, and no sort of a list; totals are read from the index alone."""
    raw.execute("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_incremental_sort = off")
    raw.execute("SET enable_sort = off")
    plan = "\n".join(row[0] for row in raw.execute(f"EXPLAIN {PLANS[index]}").fetchall())
    assert any(f"using {name} on" in plan for name in (index, AS_WELL.get(index, index)))
    assert "Seq Scan" not in plan
    if index in {"leg_of_account", "charge_total", "call_record_total", "hold_open"}:
        assert "Index Only Scan" in plan


@pytest.mark.parametrize(("listing", "index"), [(CALLS, "call_record_list"), (CHARGES, "charge_list"),
                                                (SESSIONS, "work_session_list"), (REJECTED, "rejected_call_list")])  # fmt: skip
@pytest.mark.parametrize("part", [Slice[TimeSort](), Slice[TimeSort](before=BEHIND)])
def test_a_page_is_found_in_an_index_alone(raw: Any, listing: Listing, index: str, part: Slice[TimeSort]) -> None:
    """In its order: no row of the table is read to find it, nothing is sorted."""
    read = reading(part)
    asked = ranged(listing, read.span(Instant(0), Instant(99)), ("", ()))
    text, values = places(listing, "'demo'", asked, read)
    raw.execute("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off")
    raw.execute("SET enable_incremental_sort = off")
    found = raw.execute(f"EXPLAIN {text.replace('?', '%s')}".encode(), values).fetchall()
    plan = "\n".join(row[0] for row in found)
    assert "Index Only Scan" in plan
    assert f"using {index} on" in plan
    assert "Sort" not in plan


def test_an_older_store_gets_its_adjustments(postgres: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """The balances that they found are counted again from the legs, as a store that has always had them says."""
    from callcenter.store.postgres import migrations, session

    schema = postgres.schema()
    with past_the_library(postgres, schema) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
    older = migrations.MIGRATIONS[:2]
    with monkeypatch.context() as patched:
        patched.setattr(session, "migrate", lambda connection, name: migrations.migrate(connection, name, older))
        with opened(postgres, schema) as first, first.transaction() as parts:
            for entry in posted():
                parts.ledger.post(entry)
    memory = MemoryStore()
    with memory.transaction() as plain, opened(postgres, schema) as second, second.transaction() as parts:
        for entry in posted():
            plain.ledger.post(entry)
        wanted = BookFilter(accounts=(center_account(DEMO), RESELLER))
        expected = plain.lists.adjustments(wanted, Slice()).rows
        assert [one.before for one in expected] == [fen(65), fen(0), fen(0)]
        assert parts.lists.adjustments(wanted, Slice()).rows == expected


def posted() -> list[Entry]:
    """Return what a center paid, used, and was deducted."""
    return [
        top_up_entry("r", RESELLER, fen(500), Act(at=Instant(1))),
        top_up_entry("c", center_account(DEMO), fen(70), Act(at=Instant(2)), source=RESELLER),
        call_entry("call:c:1", DEMO, fen(5), Instant(1), ACT),
        deduction_entry("d", center_account(DEMO), fen(9), Act(at=Instant(3))),
    ]


# ---------------------------------------------------------------- opening


def test_the_settings_of_durability_are_asserted(postgres: Shelf, schema: str) -> None:
    """A server that acknowledges before the disk has it is refused: E416 names the setting."""
    from callcenter.store.postgres import PostgresStore

    def refused() -> tuple[str, object]:
        for _ in range(200):  # the server reads its configuration in its own time
            try:
                PostgresStore(postgres.dsn, schema=schema).close()
            except StoreError as error:
                return code_of(error), error.fields
        return "", {}

    with past_the_library(postgres, schema) as raw:
        raw.execute("ALTER SYSTEM SET full_page_writes = off")
        raw.execute("SELECT pg_reload_conf()")
        try:
            found = refused()
        finally:
            raw.execute("ALTER SYSTEM RESET full_page_writes")
            raw.execute("SELECT pg_reload_conf()")
    assert found == ("E416", {"setting": "full_page_writes", "found": "off", "wanted": "on"})


def test_a_commit_waits_for_the_disk(postgres: Shelf, schema: str) -> None:
    """Whatever the role or the database says: synchronous_commit is set to on by the session."""
    with opened(postgres, schema, dsn=f"{postgres.dsn} options='-c synchronous_commit=off'") as store:
        assert store._session._connection.execute("SHOW synchronous_commit").fetchone() == ("on",)


def test_a_store_of_a_newer_library_is_refused(postgres: Shelf) -> None:
    """E405 with both versions."""
    from callcenter.store.postgres import PostgresStore
    from callcenter.store.postgres.migrations import MIGRATIONS

    known = len(MIGRATIONS)
    PostgresStore(postgres.dsn, schema="newer").close()
    with past_the_library(postgres, "newer") as raw:
        raw.execute("INSERT INTO callcenter_migration VALUES (%s, 'from the future')", (known + 1,))
    with pytest.raises(StoreError) as caught:
        PostgresStore(postgres.dsn, schema="newer")
    assert code_of(caught.value) == "E405"
    assert caught.value.fields == {"found": known + 1, "known": known}


def test_a_schema_of_another_program_is_refused(postgres: Shelf) -> None:
    """E414, and nothing is written into it."""
    from callcenter.store.postgres import PostgresStore

    with past_the_library(postgres, "public") as raw:
        raw.execute("CREATE SCHEMA theirs; CREATE TABLE theirs.notes (x integer)")
        with pytest.raises(StoreError) as caught:
            PostgresStore(postgres.dsn, schema="theirs")
        assert code_of(caught.value) == "E414"
        found = raw.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'theirs'")
        assert found.fetchall() == [("notes",)]


@pytest.mark.parametrize("dsn", ["host=/nowhere dbname=none", "host=", "nonsense"])
def test_a_server_that_is_not_there_is_named(postgres: Shelf, dsn: str) -> None:
    """E407 with the reason, and no traceback of another library."""
    from callcenter.store.postgres import PostgresStore

    with pytest.raises(CallCenterError) as caught:
        PostgresStore(dsn)
    assert code_of(caught.value) == "E407"


def test_a_migration_is_whole_or_not_at_all(postgres: Shelf) -> None:
    """A step that fails leaves the older schema; the next opening goes on from there."""
    from callcenter.store.postgres.migrations import MIGRATIONS, migrate, version_of

    with past_the_library(postgres, "moved") as raw:

        def half(step: Any) -> None:
            step.execute("CREATE TABLE half (x integer)")
            message = "the power went"
            raise RuntimeError(message)

        with pytest.raises(RuntimeError):
            migrate(raw, "moved", (*MIGRATIONS, ("later", half)))
        assert version_of(raw, "moved") == len(MIGRATIONS)
        assert raw.execute("SELECT to_regclass('moved.half')").fetchone() == (None,)
        later = ("later", lambda step: step.execute("CREATE TABLE whole (x integer)"))
        for _time in range(2):
            migrate(raw, "moved", (*MIGRATIONS, later))
        assert version_of(raw, "moved") == len(MIGRATIONS) + 1


# ---------------------------------------------------------------- the same as other stores


def test_the_same_work_dumps_the_same_in_every_store(store: PostgresStore, tmp_path: Any) -> None:
    """Memory, SQLite and PostgreSQL: byte for byte, and each loads what another dumped."""
    memory, sqlite = MemoryStore(), SqliteStore(str(tmp_path / "books.db"))
    for one in (memory, sqlite):
        with one.transaction() as parts:
            fill_some(parts)
    assert store.dump() == memory.dump() == sqlite.dump()
    copy = MemoryStore()
    copy.load(store.dump())
    assert copy.dump() == store.dump()
    sqlite.close()


def test_an_edited_balance_shows(store: PostgresStore, raw: Any) -> None:
    """F17: the cache is in the dump beside the entries, and loading the dump finds the true sum."""
    before = store.dump()
    raw.execute("UPDATE account SET hao = hao + 1 WHERE id = 'center:demo'")
    assert store.dump() != before
    copy = MemoryStore()
    copy.load(store.dump())
    assert copy.dump() == before


def test_a_dump_is_of_one_moment_and_holds_nobody_up(postgres: Shelf, schema: str, store: PostgresStore) -> None:
    """What is committed while it is made is not in it; whoever writes does not wait."""
    before = store.dump()
    with opened(postgres, schema) as writer, store._session.look():
        store._session.read("SELECT 1 FROM note")
        with writer.transaction() as parts:
            parts.ledger.post(call_entry("call:d:1", DEMO, fen(1), Instant(0), ACT))
            parts.records.add_charge(charge("call:d:1", kind=ChargeKind.CALL))
        assert store._parts.ledger.balance(center_account(DEMO)) == fen(88)
    assert store.dump() != before
