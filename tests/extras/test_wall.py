"""The wallboard on a terminal: it replays a trace, by key and by clock. Needs the extra [wall]."""

from __future__ import annotations

import asyncio
import json
import sys

import pytest
from tests.scenarios.traces import run_trace

from callcenter.errors import MissingExtra
from callcenter.extras.wall import wall_app

ROWS = [json.loads(line) for line in run_trace("case-14-vip")]


def test_the_wall_replays_a_trace() -> None:
    """It begins empty, goes on as the clock goes, stops and goes on by keys, and ends with the trace."""
    pytest.importorskip("textual")
    from textual.widgets import DataTable

    async def story() -> None:
        app = wall_app(ROWS, "en", speed=0.001)
        async with app.run_test() as pilot:
            await pilot.press("space")
            app.go_to(12.0)  # type: ignore[attr-defined]
            table = app.query_one(DataTable)
            assert [str(cell) for cell in table.get_row_at(0)][:3] == ["1", "3", "12"]
            assert "talking 1" in str(table.get_row_at(0)[-1])
            app.go_to(10_000.0)  # type: ignore[attr-defined]
            assert app.at == ROWS[-1]["t"]  # type: ignore[attr-defined]
            assert [str(cell) for cell in table.get_row_at(0)][:2] == ["1", "0"]
            await pilot.press("right", "right", "left")
            assert app.speed == 0.002  # type: ignore[attr-defined]
            await pilot.press("q")

    asyncio.run(story())


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing package is one error that names the extra."""
    monkeypatch.setitem(sys.modules, "textual.app", None)
    with pytest.raises(MissingExtra, match=r"wall"):
        wall_app(ROWS, "en")
