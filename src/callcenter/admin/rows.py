"""Lists inside a shop's TOML, edited entry by entry: VIPs, blacklists, extensions, members.

Such a list is one key of the shop and is written as a whole; what an entry says besides (a note, a key of a later
version) stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from callcenter.admin.turn import Turn, value_at
from callcenter.errors import UsageError
from callcenter.files.lines import path_text
from callcenter.model.directory import CenterStatus
from callcenter.model.ids import CenterId
from callcenter.texts import Word

Row = dict[str, Any]
Path = tuple[str, ...]


def rows_at(turn: Turn, path: Path, short: str = "") -> list[Row]:
    """Return the entries of a list as tables.

    Args:
        turn: The run.
        path: Where the list stands.
        short: What an entry is that stands there as plain text.
    """
    found = value_at(turn.job.data, path_text(path))
    entries: Sequence[Any] = found if isinstance(found, list | tuple) else ()
    return [dict(entry) if isinstance(entry, Mapping) else {short: entry} for entry in entries]


def write_rows(turn: Turn, path: Path, before: Sequence[Row], after: Sequence[Row]) -> None:
    """Write a list; the trail keeps the entries that differ, not the whole of it."""
    where = path_text(path)
    turn.change({where: list(after)})
    turn.note(
        before={where: [row for row in before if row not in after]},
        after={where: [row for row in after if row not in before]},
    )


def without_empty(row: Mapping[str, Any]) -> Row:
    """Return an entry without what is empty."""
    return {key: content for key, content in row.items() if content not in {"", None}}


def add_row(
    turn: Turn, path: Path, row: Row, same: Callable[[Row], bool], what: str, shown: str, short: str = ""
) -> None:
    """Add an entry at the end.

    Args:
        turn: The run.
        path: Where the list stands.
        row: The entry.
        same: Whether an entry is the same thing.
        what: Key of its word.
        shown: How a refusal names it.
        short: As in :func:`rows_at`.

    Raises:
        UsageError: E582, when it is there already.
    """
    rows = rows_at(turn, path, short)
    if any(map(same, rows)):
        raise UsageError("E582", what=Word(what), value=shown)
    write_rows(turn, path, rows, [*rows, row])


def edit_row(turn: Turn, path: Path, edits: Mapping[str, Any], same: Callable[[Row], bool], short: str = "") -> None:
    """Change keys of an entry; None leaves a key as it is, an empty text takes it away."""
    rows = rows_at(turn, path, short)
    set_ = {key: content for key, content in edits.items() if content is not None}
    write_rows(turn, path, rows, [without_empty({**row, **set_}) if same(row) else row for row in rows])


def remove_row(turn: Turn, path: Path, same: Callable[[Row], bool], short: str = "") -> None:
    """Take an entry away."""
    rows = rows_at(turn, path, short)
    write_rows(turn, path, rows, [row for row in rows if not same(row)])


def refuse_frozen(turn: Turn, center: CenterId) -> None:
    """Refuse what would change something of a frozen center beside the shop (P3b); the shop refuses it by itself.

    Raises:
        UsageError: E512.
    """
    if turn.whole.centers[center].status is CenterStatus.FROZEN:
        raise UsageError("E512", f"center.{center}", center=center)
