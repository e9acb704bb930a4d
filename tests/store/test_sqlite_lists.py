"""What the lists read: pages and totals come from indices that have all their columns, and older stores get them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store.shelf import ACT, DEMO, folder

from callcenter.billing.accounts import center_account, reseller_account
from callcenter.billing.entries import deduction_entry, refund_entry, top_up_entry
from callcenter.model.facts import RejectReason
from callcenter.model.ids import AgentId, CenterId, GroupId, ResellerId
from callcenter.model.listing import (
    BookFilter,
    CallFilter,
    ChargeFilter,
    Direction,
    Place,
    RejectedFilter,
    SessionFilter,
    Slice,
    TimeSort,
)
from callcenter.model.money import fen
from callcenter.model.records import ChargeKind, RecordOutcome
from callcenter.model.times import Instant
from callcenter.ports import Transaction
from callcenter.store import MemoryStore, SqliteStore
from callcenter.store.sqlite import session
from callcenter.store.sqlite.migrations import MIGRATIONS, migrate
from callcenter.testing.conformance.base import charged, paid_in
from callcenter.testing.conformance.transactions import fill_some

START, END = Instant(0), Instant(99)
CENTERS = (DEMO, CenterId("other"))
BEHIND = Place(sort="time", content=9, at=Instant(9), name="c9", center=DEMO, number=9)


@pytest.fixture
def path() -> Iterator[str]:
    with folder() as made:
        yield str(Path(made) / "books.db")


@pytest.fixture
def store(path: str) -> Iterator[SqliteStore]:
    opened = SqliteStore(path)
    yield opened
    opened.close()


def plans(store: SqliteStore, ask: object) -> list[tuple[str, list[str]]]:
    """Return each query that an act runs, with the steps of its plan."""
    assert callable(ask)
    asked: list[str] = []
    connection = store._session._connection
    with store.transaction() as parts:
        connection.set_trace_callback(asked.append)
        ask(parts)
        connection.set_trace_callback(None)
        queries = [text for text in asked if text.startswith("SELECT")]
        return [(text, [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}")]) for text in queries]


SLICES: list[Slice[TimeSort]] = [
    Slice(),
    Slice(direction=Direction.OLDEST_FIRST),
    Slice(after=BEHIND),
    Slice(before=BEHIND),
    Slice(offset=100),
]


@pytest.mark.parametrize("part", SLICES)
def test_a_page_is_found_in_an_index_alone(store: SqliteStore, part: Slice[TimeSort]) -> None:
    """No row of the table is read to find it, nothing is sorted but equal instants, whatever the filter asks."""
    filters = [
        ("calls", CallFilter(centers=CENTERS, start=START, end=END)),
        ("calls", CallFilter(centers=CENTERS, group=GroupId("1"), agent=AgentId("CC1"), outcome=RecordOutcome.MISSED)),
        ("calls", CallFilter(centers=CENTERS, caller="1", phone="2", access_number="3", without_extensions=())),
        ("charges", ChargeFilter(centers=CENTERS, start=START, end=END)),
        ("charges", ChargeFilter(centers=CENTERS, caller="1", phone="2", access_number="3")),
        ("sessions", SessionFilter(centers=CENTERS, agent=AgentId("CC1"), group=GroupId("1"), phone="1")),
        ("rejected", RejectedFilter(centers=CENTERS, caller="1", access_number="2", reason=RejectReason.OVER_CAP)),
        ("adjustments", BookFilter(accounts=(center_account(DEMO),), kinds=("top_up",), operator="anna")),
    ]
    for name, wanted in filters:
        for text, steps in plans(store, lambda parts, name=name, ask=wanted: getattr(parts.lists, name)(ask, part)):
            found = [step for step in steps if step.startswith(("SEARCH", "SCAN"))]
            own = "PRIMARY KEY" if name == "adjustments" else "COVERING INDEX"
            assert own in found[0], (text, steps)
            assert not [step for step in steps if step == "USE TEMP B-TREE FOR ORDER BY"], (text, steps)


def test_entries_come_by_the_index_of_their_account(store: SqliteStore) -> None:
    """A statement's page reads the legs of its range, in their order."""
    wanted = BookFilter(accounts=(center_account(DEMO),), start=Instant(0))
    for text, steps in plans(store, lambda parts: parts.lists.entries(wanted, Slice(after=BEHIND))):
        assert "leg USING COVERING INDEX leg_of_account" in steps[1], (text, steps)
        assert "USE TEMP B-TREE FOR ORDER BY" not in steps


def test_totals_read_nothing_but_an_index(store: SqliteStore) -> None:
    """Of one center and month: a range of one index."""

    def totals(parts: Transaction) -> None:
        parts.lists.call_totals(CallFilter(centers=CENTERS, start=START, end=END))
        parts.lists.call_totals(
            CallFilter(centers=CENTERS, group=GroupId("1"), without_extensions=(), start=START, end=END)
        )
        parts.lists.charge_totals(ChargeFilter(centers=CENTERS, start=START, end=END))
        parts.lists.charge_totals(ChargeFilter(centers=CENTERS, kind=ChargeKind.CALL, caller="1", start=START, end=END))
        parts.lists.phone_sums(ChargeFilter(centers=CENTERS, start=START, end=END))
        parts.lists.session_totals(SessionFilter(centers=CENTERS, agent=AgentId("CC1"), start=START, end=END))
        parts.lists.rejected_count(RejectedFilter(centers=CENTERS, caller="1", start=START, end=END))

    found = plans(store, totals)
    assert len(found) == 8
    for text, steps in found:
        own = [step for step in steps if step.startswith(("SEARCH", "SCAN")) and "json_each" not in step]
        assert any("COVERING INDEX" in step for step in own), (text, steps)
        assert not [step for step in own if step.startswith("SCAN") and "each" not in step], (text, steps)


def test_an_older_store_gets_its_adjustments(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The balances that they found are counted again from the legs, as a store that has always had them says."""
    with monkeypatch.context() as older:
        older.setattr(session, "migrate", lambda connection: migrate(connection, MIGRATIONS[:2]))
        first = SqliteStore(path)
    account, reseller = center_account(DEMO), reseller_account(ResellerId("west"))
    with first.transaction() as parts:
        parts.ledger.post(paid_in(fen(100)))
        parts.ledger.post(charged())
        parts.ledger.post(top_up_entry("r", reseller, fen(500), ACT))
        parts.ledger.post(top_up_entry("c", account, fen(70), ACT, source=reseller))
        parts.ledger.post(deduction_entry("d", account, fen(5), ACT))
        parts.ledger.post(refund_entry("f", reseller, fen(2), ACT))
    first.close()
    memory, second = MemoryStore(), SqliteStore(path)
    memory.load(second.dump())
    wanted = BookFilter(accounts=(account, reseller))
    with memory.transaction() as plain, second.transaction() as parts:
        expected = plain.lists.adjustments(wanted, Slice()).rows
        assert len(expected) == 5
        assert parts.lists.adjustments(wanted, Slice()).rows == expected
        parts.ledger.post(refund_entry("g", reseller, fen(1), ACT))
        assert parts.lists.adjustment_totals(wanted).lines == 6
    second.close()


@pytest.mark.parametrize("statement", ["DELETE FROM adjustment", "UPDATE adjustment SET before_hao = 0"])
def test_adjustments_only_grow(store: SqliteStore, statement: str) -> None:
    """As the books beside which they stand."""
    with store.transaction() as parts:
        fill_some(parts)
    connection = store._session._connection
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
