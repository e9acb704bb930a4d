"""`callcenter bill`: every amount of a month with its arithmetic, and the balance around it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.test_office import DAY, RATES, SHOP

from callcenter.cli import main
from callcenter.model.money import ZERO, fen


@pytest.fixture(autouse=True)
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CALLCENTER_LANG", "en")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.toml").write_text(SHOP + RATES, "utf-8")
    (tmp_path / "day.toml").write_text(DAY, "utf-8")
    for words in (
        ["load", "shop.toml"],
        ["simulate", "day.toml"],
        ["settle", "--through", "2009-02-02"],
        ["adjust", "--refund", "--center", "demo", "--call", "call:c1:1", "--fen", "4.00", "--ref", "r",
         "--at", "2009-01-25T12:00:00+08:00"],
    ):  # fmt: skip
        assert main([*words, "--store", "sqlite:s.db"]) == 0
    capsys.readouterr()


def bill(*words: str) -> int:
    return main(["bill", "--store", "sqlite:s.db", "--center", "demo", "--month", "2009-01", *words])


def test_each_line_has_its_arithmetic(capsys: pytest.CaptureFixture[str]) -> None:
    """The call by its plan, the rent by seats and price, the minimum by its share of the month."""
    assert bill() == 0
    shown = capsys.readouterr().out
    assert "61 s → 2 min × 12 fen = 24.00 fen" in shown
    assert shown.count("seats 1 × 986.30 fen a day = 986.30 fen") == 16
    assert "20000.00 fen × 16 / 31 days = 10322.58 fen; calls 24.00 fen; the rest is 10298.58 fen" in shown


def test_the_bill_as_json_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    """Before, paid in, every line and after: opening balance, call, rents, minimum, refund and its correction."""
    assert bill("--json") == 0
    found = json.loads(capsys.readouterr().out)
    total = sum((fen(line["fen"]) for line in found["lines"]), ZERO)
    assert str(total) == found["total_fen"]
    assert fen(found["before_fen"]) + fen(found["paid_fen"]) - total == fen(found["after_fen"])
    assert found["paid_fen"] == "504.00"
    assert [line["key"] for line in found["lines"]][-2:] == ["min:demo:2009-01", "min:demo:2009-01:because:refund:r"]
    assert found["lines"][-1]["working"] == ""


def test_an_empty_month_and_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    """A month without lines is a bill of nothing; a month or center that is none is named."""
    assert main(["bill", "--store", "sqlite:s.db", "--center", "demo", "--month", "2008-12"]) == 0
    assert main(["bill", "--store", "sqlite:s.db", "--center", "demo", "--month", "2008-13"]) == 2
    assert main(["bill", "--store", "sqlite:s.db", "--center", "nobody", "--month", "2008-12"]) == 2
    said = capsys.readouterr().err.splitlines()
    assert [line[:4] for line in said] == ["E708", "E907"]
    assert said[0].endswith("write YYYY-MM")


def test_a_plan_changed_afterwards_explains_no_line_wrongly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The working is of the plan in force at the answer, and stands only where it comes to what was posted."""
    (tmp_path / "shop.toml").write_text(SHOP.replace('rate = "flat12"', 'rate = "flat8"') + RATES, "utf-8")
    assert main(["load", "shop.toml", "--store", "sqlite:s.db"]) == 0
    assert bill() == 0
    assert "61 s → 2 min × 12 fen = 24.00 fen" in capsys.readouterr().out


def test_the_bill_on_paper(tmp_path: Path) -> None:
    """By the extra, with a font of the system."""
    pytest.importorskip("fpdf")
    if bill("--pdf", "b.pdf") == 0:  # 2: no font on this machine
        assert (tmp_path / "b.pdf").read_bytes().startswith(b"%PDF")
