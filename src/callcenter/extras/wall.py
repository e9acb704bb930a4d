"""The wallboard on a terminal, by textual (the extra ``[wall]``): a trace replayed, faster than it happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from callcenter.errors import MissingExtra
from callcenter.texts import Language

if TYPE_CHECKING:
    from callcenter.extras.wall_screen import Wall


class Numbers(Protocol):
    """Figures of the floor that hear the lines of a trace.

    Attributes:
        now: The moment they stand at, milliseconds from the start.
    """

    now: int

    def hear(self, row: Mapping[str, Any], /) -> None:
        """Take a line of the trace in."""


def wall_app(
    rows: Sequence[Mapping[str, Any]],
    language: Language,
    numbers: Numbers,
    table_of: Callable[[], Iterable[Sequence[str]]],
    clock: Callable[[int], str],
    *,
    speed: float = 1.0,
) -> Wall:
    """Return the program that replays a trace.

    Args:
        rows: The lines of the trace.
        language: Of the headings.
        numbers: What hears the lines.
        table_of: Gives the rows of the board as the numbers stand.
        clock: Writes a moment.
        speed: How many times as fast as it happened.

    Raises:
        MissingExtra: When textual is not installed.
    """
    try:
        from callcenter.extras.wall_screen import Wall
    except ImportError as error:
        raise MissingExtra("wallboard", "wall") from error
    return Wall(rows, language, numbers, table_of, clock, speed)
