"""The wallboard on a terminal: it replays a trace, by key and by clock. Needs the extra [wall]."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING

import pytest
from tests.scenarios.traces import run_trace

from callcenter.errors import MissingExtra
from callcenter.extras.wall import wall_app
from callcenter.reports.floor_numbers import FloorNumbers
from callcenter.reports.wallboard import clock, wall_rows

if TYPE_CHECKING:
    from callcenter.extras.wall_screen import Wall


def wall(speed: float = 1.0) -> Wall:
    numbers = FloorNumbers()
    return wall_app(ROWS, "en", numbers, lambda: wall_rows(numbers, "en"), clock, speed=speed)


ROWS = [json.loads(line) for line in run_trace("case-14-vip")]


def test_the_wall_replays_a_trace() -> None:
    """It begins empty, goes on as the clock goes, stops and goes on by keys, and ends with the trace."""
    pytest.importorskip("textual")
    from textual.widgets import DataTable

    async def story() -> None:
        app = wall(speed=0.001)
        async with app.run_test() as pilot:
            await pilot.press("space")
            app.go_to(12.0)
            table = app.query_one(DataTable)
            assert [str(cell) for cell in table.get_row_at(0)][:3] == ["1", "3", "12"]
            assert "talking 1" in str(table.get_row_at(0)[-1])
            app.go_to(10_000.0)
            assert app.at == ROWS[-1]["t"]
            assert [str(cell) for cell in table.get_row_at(0)][:2] == ["1", "0"]
            await pilot.press("right", "right", "left")
            assert app.speed == 0.002
            await pilot.press("q")

    asyncio.run(story())


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing package is one error that names the extra."""
    monkeypatch.delitem(sys.modules, "callcenter.extras.wall_screen", raising=False)
    monkeypatch.setitem(sys.modules, "textual.app", None)
    with pytest.raises(MissingExtra, match=r"wall"):
        wall()
