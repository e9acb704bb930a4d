"""The screen of the wallboard. Keys: space stops and goes on, the arrows change the speed, q leaves.

Imported by :mod:`callcenter.extras.wall` when a wallboard is asked for: the module needs textual.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from textual.app import App, ComposeResult
from textual.widgets import DataTable, Footer, Static

from callcenter.compat import override
from callcenter.texts import Language, say

if TYPE_CHECKING:
    from callcenter.extras.wall import Numbers

_TICK: Final = 0.2
"""Seconds between two looks."""
_COLUMNS: Final = ("group", "waiting", "longest_wait_s", "sl", "sl2", "agents")


class Wall(App[None]):
    """Feeds the numbers line by line and shows them; the arguments are those of ``wall_app``."""

    def __init__(
        self,
        rows: Sequence[Mapping[str, Any]],
        language: Language,
        numbers: Numbers,
        table_of: Callable[[], Iterable[Sequence[str]]],
        clock: Callable[[int], str],
        speed: float,
    ) -> None:
        super().__init__()
        self.rows = rows
        self.language = language
        self.numbers = numbers
        self.table_of = table_of
        self.clock = clock
        self.speed = speed
        self.paused = False
        self.at = 0.0
        self.place = 0
        for key, action in (("space", "pause"), ("right", "faster"), ("left", "slower"), ("q", "quit")):
            self.bind(key, action, description=say(f"wall.{action}", language))

    @override
    def compose(self) -> ComposeResult:
        """Return what is on the screen."""
        yield Static(id="clock")
        yield DataTable(id="groups", show_cursor=False)
        yield Footer()

    def on_mount(self) -> None:
        """Begin."""
        self.query_one(DataTable).add_columns(*(say(f"column.{name}", self.language) for name in _COLUMNS))
        self.show()
        self.set_interval(_TICK, self.tick)

    def tick(self) -> None:
        """Go on by one look."""
        if not self.paused:
            self.go_to(self.at + _TICK * self.speed)

    def go_to(self, at: float) -> None:
        """Take in all that happened until a moment, and show it."""
        last = float(self.rows[-1]["t"]) if self.rows else 0.0
        self.at = min(at, last)
        while self.place < len(self.rows) and self.rows[self.place]["t"] <= self.at:
            self.numbers.hear(self.rows[self.place])
            self.place += 1
        self.numbers.now = round(self.at * 1000)
        self.show()

    def show(self) -> None:
        """Write the figures anew."""
        title = say("wall.title", self.language, clock=self.clock(self.numbers.now))
        self.query_one("#clock", Static).update(title)
        table = self.query_one(DataTable)
        table.clear()
        table.add_rows(self.table_of())

    def action_pause(self) -> None:
        """Stop, or go on."""
        self.paused = not self.paused

    def action_faster(self) -> None:
        """Double the speed."""
        self.speed *= 2

    def action_slower(self) -> None:
        """Halve the speed."""
        self.speed /= 2
