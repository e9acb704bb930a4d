"""A table of calls as CSV: ``call_id,caller,called,answered_at,ended_at`` and what is written back beside them.

Rows are read one by one and kept as they came; one that cannot be used says why and is left out, the others go on.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Final

from callcenter.billing.usage import Usage
from callcenter.errors import FileError, UsageError, ValueRefused
from callcenter.files.reader import listed, nearest
from callcenter.model.times import Instant, parse_instant
from callcenter.model.value import value

COLUMNS: Final = ("call_id", "caller", "called", "answered_at", "ended_at")


@value
class Row:
    """A row of the table as it came.

    Attributes:
        line: Its first line in the file, from 1.
        cells: In the order of the header.
        problem: Why it cannot be read as a row at all; None when it can.
    """

    line: int
    cells: tuple[str, ...]
    problem: UsageError | None = None


class CallTable:
    """A CSV of calls: its header, then its rows.

    Args:
        lines: The lines of the file with their ends, as an open text file gives them.
        name: What to call the file in errors.

    Raises:
        FileError: E471, when the header lacks a column or there is none.
    """

    __slots__ = ("_places", "_reader", "header")

    def __init__(self, lines: Iterable[str], name: str) -> None:
        self._reader: Final = csv.reader(lines, strict=True)
        try:
            header = next(self._reader, [])
        except csv.Error:
            header = []
        self.header: Final = tuple(cell.removeprefix("\ufeff").strip() for cell in header)
        for column in COLUMNS:
            if column not in self.header:
                near = nearest(column, self.header)
                raise FileError("E471", f"{name}:1", column=column, near=near, known=listed(COLUMNS))
        self._places: Final = [self.header.index(column) for column in COLUMNS]

    def rows(self) -> Iterator[Row]:
        """Yield the rows; empty lines are none."""
        while True:
            line = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Row(line=line, cells=(), problem=UsageError("E472", reason=str(error)))
                continue
            if cells:
                yield self._row(line, tuple(cells))

    def _row(self, line: int, cells: tuple[str, ...]) -> Row:
        if len(cells) == len(self.header):
            return Row(line=line, cells=cells)
        problem = UsageError("E473", found=len(cells), expected=len(self.header))
        return Row(line=line, cells=cells, problem=problem)

    def call_id(self, row: Row) -> str:
        """Return the call id of a row, ``?`` when it has none."""
        place = self._places[0]
        return (row.cells[place] if place < len(row.cells) else "") or "?"

    def usage(self, row: Row) -> Usage:
        """Return what is rated of a row. Without ``answered_at`` the call was not answered, whatever its end says.

        Raises:
            UsageError: E472 or E473 for a row that is none, E474 for a missing time, E703 for an unreadable one.
        """
        if row.problem is not None:
            raise row.problem
        _, caller, called, answered, ended = (row.cells[place] for place in self._places)
        if not answered.strip():
            return Usage(answered_at=None, ended_at=None, caller=caller, called=called)
        return Usage(
            answered_at=parse_instant(answered.strip()), ended_at=_instant(ended), caller=caller, called=called
        )

    def answer(self, row: Row) -> Usage:
        """Return what a longest talk is worked out from: answer and numbers; the end does not matter.

        Raises:
            UsageError: E472 or E473 for a row that is none, E474 when it was not answered, E703.
        """
        if row.problem is not None:
            raise row.problem
        _, caller, called, answered, _ = (row.cells[place] for place in self._places)
        at = _instant(answered, "answered_at")
        return Usage(answered_at=at, ended_at=at, caller=caller, called=called)


def _instant(text: str, column: str = "ended_at") -> Instant:
    if not text.strip():
        raise ValueRefused("E474", column=column)
    return parse_instant(text.strip())
