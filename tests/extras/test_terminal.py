"""The extra [cli]: frames and bold headings where rich is installed, a plain refusal where it is not."""

from __future__ import annotations

import argparse
import sys

import pytest
from tests.reports.guide_day import CENTER, ZONE, charge_lines

from callcenter.cli.tables import print_report
from callcenter.errors import MissingExtra
from callcenter.extras.terminal import print_styled, print_table
from callcenter.reports.lists import charges
from callcenter.reports.table import plain_lines

TABLE = charges(charge_lines(), {CENTER: ZONE})


def arguments(**options: object) -> argparse.Namespace:
    return argparse.Namespace(**{"lang": "en", "json": False, "plain": False, **options})


def test_a_table_has_all_its_cells_and_its_totals(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever rich makes of it, nothing is lost: Chinese, square brackets and long keys included."""
    print_table("费用 [x]", ["key", "fen"], [["call:[bold]:1", "12.00"], ["租", "0.00"]], [False, True], "444.00 fen")
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("费用 [x]", "key", "call:[bold]:1", "12.00", "租", "444.00 fen"))


def test_styled_lines_are_the_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """Where colours cannot be shown the text stands as it is, unwrapped."""
    long = "a line that is longer than any terminal " * 10
    print_styled([("heading", "heading"), (long, "dim"), ("[plain]", "")])
    assert capsys.readouterr().out == f"heading\n{long}\n[plain]\n"


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says which extra to install."""
    monkeypatch.setitem(sys.modules, "rich.console", None)
    with pytest.raises(MissingExtra, match=r"install callfloor\[cli\]"):
        print_styled([])
    with pytest.raises(MissingExtra, match=r"install callfloor\[cli\]"):
        print_table("", [], [], [], "")


def test_without_the_package_a_report_is_plain(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A terminal without rich gets the same table without a frame."""
    monkeypatch.setitem(sys.modules, "rich.console", None)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    print_report(TABLE, arguments())
    assert capsys.readouterr().out.splitlines() == plain_lines(TABLE, "en")


def test_frames_are_for_terminals_only(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A pipe, and --plain, get text that can be cut and compared; a terminal gets a frame."""
    print_report(TABLE, arguments())
    piped = capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "200")
    print_report(TABLE, arguments(plain=True))
    assert capsys.readouterr().out == piped
    print_report(TABLE, arguments())
    framed = capsys.readouterr().out
    assert framed != piped
    assert "444.00 fen = 4.44 yuan" in framed
