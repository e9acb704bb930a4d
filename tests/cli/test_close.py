"""`callcenter close`: what is left of a center goes back once it is closed and settled, and not before (P3)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.store.shelf import folder

from callcenter.cli import main
from callcenter.store import SqliteStore

SHOP = """
schema = 1
[reseller.west]
balance_fen = "1000.00"
[enterprise.acme]
reseller = "west"
[center.demo]
access_number = "95990001"
ivr = "hangup"
enterprise = "acme"
created = "2009-01-16"
balance_fen = "9000.00"
rent = { minimum_month_fen = "3100" }
"""
CLOSED = SHOP.replace("[center.demo]", '[center.demo]\nstatus = "closed"\nclosed = "2009-01-20"')
Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with folder() as made:
        yield made


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a command on a store with the shop in it: its exit code, and what it says."""
    monkeypatch.setenv("CALLCENTER_LANG", "en")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.toml").write_text(SHOP, "utf-8")

    def command(*words: str) -> tuple[int, Any]:
        capsys.readouterr()
        code = main([*words, "--store", "sqlite:s.db"])
        said = capsys.readouterr()
        text = said.out or said.err
        return code, json.loads(text) if "--json" in words else text

    assert command("load", "shop.toml")[0] == 0
    return command


def close(tmp_path: Path, run: Run) -> None:
    (tmp_path / "shop.toml").write_text(CLOSED, "utf-8")
    assert run("load", "shop.toml")[0] == 0


def test_step_by_step_to_the_end(tmp_path: Path, run: Run) -> None:
    """Not closed, not settled, then what is left goes to the reseller, once; a dry run posts nothing."""
    assert run("close", "--center", "demo")[1].startswith(
        "E535 center.demo → call center demo is not closed: set status"
    )
    close(tmp_path, run)
    code, said = run("close", "--center", "demo", "--dry-run", "--json")
    assert (code, said["refusal"], said["closed"]) == (1, "E537", "2009-01-20")
    assert "--through 2009-02-02" in said["reason"]
    assert run("settle", "--through", "2009-02-02")[0] == 0
    # 5 of 31 days of 3100.00: 500.00 leave the 9000.00
    assert run("close", "--center", "demo", "--dry-run") == (0, "8500.00 fen of demo would go back to reseller:west\n")
    done = run("close", "--center", "demo", "--remark", "end of contract")
    assert done == (0, "close:demo:2009-01-20: 8500.00 fen handed back to reseller:west; demo is done with\n")
    assert run("close", "--center", "demo")[1] == "close:demo:2009-01-20 was posted before; balance 0.00 fen\n"
    code, said = run("close", "--center", "demo", "--json")
    assert (code, said["outcome"], said["rest_fen"], said["refusal"]) == (0, "exists", "0.00", None)
    (row,) = [row for row in run("report", "resellers", "--json")[1] if row["reseller"] == "west"]
    assert row["balance_fen"] == "9500.00"
    assert run("audit")[0] == 0


def test_a_debt_is_told_and_stays(tmp_path: Path, run: Run) -> None:
    """Nothing is handed back of a balance at or below zero."""
    assert run("adjust", "--center", "demo", "--deduct", "--fen", "9000.00", "--ref", "d1")[0] == 0
    close(tmp_path, run)
    run("settle", "--through", "2009-02-02")
    code, said = run("close", "--center", "demo")
    assert (code, said.split(":")[0]) == (
        1,
        "E538 center.demo → call center demo has nothing to hand back (-500.00 fen)",
    )


def test_a_hold_is_waited_for(tmp_path: Path, run: Run) -> None:
    """Money that is held for a call may still have to be taken."""
    from callcenter.billing.accounts import center_account
    from callcenter.model.ids import CenterId
    from callcenter.model.money import ZERO, fen
    from callcenter.model.times import NEVER, Instant

    close(tmp_path, run)
    run("settle", "--through", "2009-02-02")
    store = SqliteStore(str(tmp_path / "s.db"))
    with store.transaction() as tx:
        tx.holds.place("hold:c1", center_account(CenterId("demo")), fen(12), Instant(0), NEVER, ZERO)
    store.close()
    code, said = run("close", "--center", "demo")
    assert (code, said[:4]) == (1, "E536")


def test_an_unknown_center_is_wrong_use(run: Run) -> None:
    """Exit 2, with those that there are."""
    code, said = run("close", "--center", "nobody")
    assert (code, said[:4]) == (2, "E531")
