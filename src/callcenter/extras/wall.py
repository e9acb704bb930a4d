"""The wallboard on a terminal, by textual (the extra ``[wall]``): a trace replayed, faster than it happened.

Keys: space stops and goes on, the arrows change the speed, q leaves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from callcenter.compat import override
from callcenter.errors import MissingExtra
from callcenter.reports.floor_numbers import FloorNumbers
from callcenter.reports.wallboard import clock, wall_rows
from callcenter.texts import Language, say

if TYPE_CHECKING:
    from textual.app import App

_TICK: Final = 0.2
"""Seconds between two looks."""
_COLUMNS: Final = ("group", "waiting", "longest_wait_s", "sl", "sl2", "agents")


def wall_app(rows: Sequence[Mapping[str, Any]], language: Language, *, speed: float = 1.0) -> App[None]:
    """Return the program that replays a trace.

    Args:
        rows: The lines of the trace.
        language: Of the headings.
        speed: How many times as fast as it happened.

    Raises:
        MissingExtra: When textual is not installed.
    """
    try:
        from textual.app import App, ComposeResult
        from textual.widgets import DataTable, Footer, Static
    except ImportError as error:
        raise MissingExtra("wallboard", "wall") from error

    class Wall(App[None]):
        """Feeds the numbers line by line and shows them."""

        BINDINGS = [  # noqa: RUF012 - textual reads it from the class
            ("space", "pause", say("wall.pause", language)),
            ("right", "faster", say("wall.faster", language)),
            ("left", "slower", say("wall.slower", language)),
            ("q", "quit", say("wall.quit", language)),
        ]

        def __init__(self) -> None:
            super().__init__()
            self.numbers = FloorNumbers()
            self.speed = speed
            self.paused = False
            self.at = 0.0
            self.place = 0

        @override
        def compose(self) -> ComposeResult:
            """Return what is on the screen."""
            yield Static(id="clock")
            yield DataTable(id="groups", show_cursor=False)
            yield Footer()

        def on_mount(self) -> None:
            """Begin."""
            self.query_one(DataTable).add_columns(*(say(f"column.{name}", language) for name in _COLUMNS))
            self.show()
            self.set_interval(_TICK, self.tick)

        def tick(self) -> None:
            """Go on by one look."""
            if not self.paused:
                self.go_to(self.at + _TICK * self.speed)

        def go_to(self, at: float) -> None:
            """Take in all that happened until a moment, and show it."""
            last = float(rows[-1]["t"]) if rows else 0.0
            self.at = min(at, last)
            while self.place < len(rows) and rows[self.place]["t"] <= self.at:
                self.numbers.hear(rows[self.place])
                self.place += 1
            self.numbers.now = round(self.at * 1000)
            self.show()

        def show(self) -> None:
            """Write the figures anew."""
            self.query_one("#clock", Static).update(say("wall.title", language, clock=clock(self.numbers.now)))
            table = self.query_one(DataTable)
            table.clear()
            table.add_rows(wall_rows(self.numbers, language))

        def action_pause(self) -> None:
            """Stop, or go on."""
            self.paused = not self.paused

        def action_faster(self) -> None:
            """Double the speed."""
            self.speed *= 2

        def action_slower(self) -> None:
            """Halve the speed."""
            self.speed /= 2

    return Wall()
