"""What works with a file works with a database: every command that takes ``--store``."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.postgres_server import Shelf
from tests.store.postgres_shelf import past_the_library

from callcenter.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def address(postgres: Shelf) -> str:
    """The address of a database of its own."""
    with past_the_library(postgres, "public") as raw:
        raw.execute("CREATE DATABASE day TEMPLATE template0")
    return f"postgres:{postgres.dsn.replace('dbname=postgres', 'dbname=day')}"


def output(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Return the exit code of a command, and what it printed."""
    code = main(["--lang", "en", *words])
    printed = capsys.readouterr()
    return code, printed.out + printed.err


def test_a_day_in_postgresql_is_a_day_in_sqlite(
    postgres: Shelf, address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Simulated, reported, settled, topped up and audited: the same words, and the same dump in the end."""
    from callcenter.store import SqliteStore
    from callcenter.store.postgres import PostgresStore

    code, told = output(capsys, "report", "charges", "--store", address)
    assert (code, told[:4]) == (2, "E905")  # a look makes no store
    file = tmp_path / "day.sqlite"
    pair = (address, f"sqlite:{file}")
    day = str(ROOT / "examples" / "guide-day.toml")
    center = "demo"
    for words in (
        ("simulate", day, "--store"),
        ("report", "charges", "--format", "csv", "--store"),
        ("settle", "--through", "2008-12-31", "--store"),
        ("topup", "--center", center, "--fen", "100", "--ref", "r1", "--at", "2009-01-02T10:00:00+08:00", "--store"),
        ("topup", "--center", center, "--fen", "100", "--ref", "r1", "--at", "2009-01-02T10:00:00+08:00", "--store"),
        ("report", "balance", "--format", "json", "--store"),
        ("audit", "--store"),
        ("simulate", day, "--store"),
    ):
        (code, ours), (expected, theirs) = (output(capsys, *words, one) for one in pair)
        assert (code, ours.replace(address, pair[1])) == (expected, theirs)
    store, other = PostgresStore(address.removeprefix("postgres:")), SqliteStore(str(file))
    assert store.check() == ()
    assert without_recorded(store.dump()) == without_recorded(other.dump())
    store.close()
    other.close()


def without_recorded(dump: str) -> str:
    """Return a dump without what tells when a command was given."""
    return re.sub(r'"(recorded_at|shop)":"?[^,"]*', "", dump)


def test_a_store_of_another_package_is_found_by_its_entry_point(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The word before the colon names it; a word that nobody knows is E904, an address that names nothing E905."""
    from callcenter.cli import stores

    asked: list[tuple[str, bool]] = []

    def open_elsewhere(rest: str, *, create: bool) -> None:
        asked.append((rest, create))

    found = {("callcenter.stores", "elsewhere"): [SimpleNamespace(load=lambda: open_elsewhere)]}
    monkeypatch.setattr(stores, "entry_points", lambda group, name: found.get((group, name), []))
    assert output(capsys, "report", "charges", "--store", "elsewhere:books")[1].startswith("E905")
    assert output(capsys, "report", "charges", "--store", "nowhere:books")[1].startswith("E904")
    assert asked == [("books", False)]
