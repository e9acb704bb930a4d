"""The trail tells what was done to itself: ``callcenter audit`` names the first bad row."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from callcenter.center.office import Office
from callcenter.cli import main
from callcenter.model.times import Instant
from callcenter.ports_people import AuditAct, TrailFilter
from callcenter.store import SqliteStore, rows_people

ACTS = [AuditAct(at=Instant(at), who="anna", role="platform", tenant="platform", what=f"act{at}") for at in range(1, 6)]


def kept(path: Path, acts: list[AuditAct]) -> str:
    """Write acts into a new store, and return its address."""
    store = SqliteStore(str(path))
    Office(store).load({"schema": 1}, Instant(0))
    with store.transaction() as tx:
        for act in acts:
            tx.trail.append(act)
    store.close()
    return f"sqlite:{path}"


def tampered(path: Path, *statements: str) -> None:
    """Change the file past the library, with the triggers out of the way."""
    with sqlite3.connect(path) as raw:
        for name in ("trail_no_update", "trail_no_delete", "trail_in_order"):
            raw.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            raw.execute(statement)
    raw.close()


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        ("UPDATE trail SET reason = 'other' WHERE seq = 3", "3"),
        ("UPDATE trail SET hash = lower(hash) || '0' WHERE seq = 2", "2"),
        ("DELETE FROM trail WHERE seq = 2", "3"),
        ("UPDATE trail SET seq = 9 WHERE seq = 5", "9"),
        ("DELETE FROM trail WHERE seq = 1", "2"),
    ],
)
def test_audit_names_the_first_bad_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], statement: str, row: str
) -> None:
    """Edited, taken out, moved: exit 1, and the row is named with what it says."""
    address = kept(tmp_path / "x.db", ACTS)
    assert main(["audit", "--store", address]) == 0
    tampered(tmp_path / "x.db", statement)
    capsys.readouterr()
    assert main(["audit", "--store", address]) == 1
    assert f"row {row} of the audit trail (anna act" in capsys.readouterr().out


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail SET who = 'x'",
        "DELETE FROM trail",
        "INSERT OR REPLACE INTO trail SELECT * FROM trail WHERE seq = 1",
    ],
)
def test_the_database_refuses_to_change_the_trail(tmp_path: Path, statement: str) -> None:
    """Neither a change nor a removal nor a row out of its order, by anybody."""
    kept(tmp_path / "x.db", ACTS)
    with sqlite3.connect(tmp_path / "x.db") as raw, pytest.raises(sqlite3.IntegrityError, match="trail"):
        raw.execute(statement)
    raw.close()


def test_lists_of_the_trail_come_from_indices(tmp_path: Path) -> None:
    """No filter walks the whole table: few rows are found by their index, many are met soon from where the page begins."""
    store = SqliteStore(str(tmp_path / "x.db"))
    asked: list[str] = []
    connection = store._session._connection
    filters = (
        TrailFilter(who="a"),
        TrailFilter(what="a"),
        TrailFilter(target="a"),
        TrailFilter(since=Instant(1), until=Instant(9)),
        TrailFilter(under="reseller:west"),
    )
    with store.transaction() as tx:
        connection.set_trace_callback(asked.append)
        for wanted in filters:
            tx.trail.rows(wanted, 50, below=9)
            tx.trail.count(wanted)
        connection.set_trace_callback(None)
    assert len(asked) == 2 * len(filters) + 2
    for sql in asked:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert not [step for step in plan if step.startswith("SCAN trail")], (sql, plan)
    store.close()


def test_many_rows_and_few_are_the_same_rows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whichever way SQLite goes, pages of a tenant and of a time have the same rows in the same order."""
    store = SqliteStore(str(tmp_path / "x.db"))
    tenants = ("reseller:a", "reseller:b", "reseller:a/center:x")
    with store.transaction() as tx:
        for at in range(30):
            tx.trail.append(AuditAct(at=Instant(at), who="anna", role="", tenant=tenants[at % 3], what="edit"))
        found = []
        for few in (0, 2000):
            monkeypatch.setattr(rows_people, "FEW", few)
            found.append(
                [
                    [row.seq for row in tx.trail.rows(wanted, 5, below=below, above=above)]
                    for wanted in (TrailFilter(under="reseller:a"), TrailFilter(since=Instant(3), until=Instant(20)))
                    for below, above in ((None, None), (18, None), (None, 7))
                ]
            )
    assert found[0] == found[1]
    assert found[0][0] == [30, 28, 27, 25, 24]
    store.close()
