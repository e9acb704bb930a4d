"""Lists as Excel workbooks, by XlsxWriter (the extra ``[excel]``): row after row, whatever their number.

The writer keeps one row in memory and the rest in a temporary file. Text is written as text and never looked into: no
formula, no link, no number. What a spreadsheet could still take for one when somebody edits the cell has the same
apostrophe as in CSV, here as a property of the cell. Where a sheet of Excel is full, another goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Final

from callcenter.errors import MissingExtra, UsageError
from callcenter.model.cells import is_risky, reads_as_number

Value = str | int | None

SHEET_ROWS: Final = 1_048_576
"""Rows of a sheet, the headings included."""
LONGEST: Final = 32_767
"""Signs of a cell; longer text is cut and ends in three points."""
_EXACT: Final = 10**15
"""Below this a number of Excel is exact; what is above is written as text."""
_SCALES: Final = {"money": (2, "0.00"), "length": (6, "0.000"), "count": (0, "0")}
"""Decimal places of what is counted in whole hao and microseconds, and how the cell shows it."""


def write_workbook(
    file: str | BinaryIO,
    title: str,
    heads: Sequence[str],
    forms: Sequence[str],
    rows: Iterable[Sequence[Value]],
    *,
    sheet_rows: int = SHEET_ROWS,
) -> int:
    """Write a list as a workbook and return how many rows it has.

    Args:
        file: A path, or a file open for writing bytes.
        title: Of the sheet.
        heads: Headings of the columns.
        forms: ``text``, ``count``, ``money`` (whole hao) or ``length`` (whole microseconds) of each column.
        rows: Cells, each in the form of its column; None is an empty cell.
        sheet_rows: Rows of a sheet before another begins.

    Raises:
        MissingExtra: When XlsxWriter is not installed.
        UsageError: E903, when the file cannot be written.
    """
    try:
        import xlsxwriter
        from xlsxwriter.exceptions import XlsxWriterException
    except ImportError as error:
        raise MissingExtra("excel", "excel") from error
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    try:
        # Opened here: a writer that finds at its end that it cannot write leaves its temporary files behind.
        with ExitStack() as stack:
            target = file if not isinstance(file, str) else stack.enter_context(Path(file).open("wb"))
            book = stack.enter_context(xlsxwriter.Workbook(target, options))
            return _Writer(book, title, heads, forms, sheet_rows).write(rows)
    except (XlsxWriterException, OSError, ValueError) as error:
        path = file if isinstance(file, str) else ""
        raise UsageError(
            "E903", path=path[:200], reason=getattr(error, "strerror", None) or str(error)[:200]
        ) from error


class _Writer:
    """A workbook that grows."""

    def __init__(self, book: Any, title: str, heads: Sequence[str], forms: Sequence[str], sheet_rows: int) -> None:
        self._book = book
        self._title, self._heads, self._forms = _name(title), heads, forms
        self._sheet_rows = sheet_rows
        add_format = book.add_format
        self._bold = add_format({"bold": True})
        self._guarded = add_format({"quote_prefix": True})
        self._numbers = {form: add_format({"num_format": shown}) for form, (_places, shown) in _SCALES.items()}
        self._sheets = 0

    def write(self, rows: Iterable[Sequence[Value]]) -> int:
        """Write all rows and return how many there were."""
        sheet, line, count = self._next_sheet(), 1, 0
        for row in rows:
            if line == self._sheet_rows:
                sheet, line = self._next_sheet(), 1
            for place, (cell, form) in enumerate(zip(row, self._forms, strict=True)):
                if cell is not None and cell != "":
                    self._cell(sheet, line, place, cell, form)
            line += 1
            count += 1
        return count

    def _next_sheet(self) -> Any:
        self._sheets += 1
        name = self._title if self._sheets == 1 else f"{self._title} {self._sheets}"
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for place, head in enumerate(self._heads):
            sheet.set_column(place, place, max(10, min(40, 2 * len(head) + 8)))
            sheet.write_string(0, place, head, self._bold)
        return sheet

    def _cell(self, sheet: Any, line: int, place: int, cell: str | int, form: str) -> None:
        if isinstance(cell, str) or abs(cell) >= _EXACT:
            text = str(cell)
            guard = self._guarded if is_risky(text) or reads_as_number(text) else None
            sheet.write_string(line, place, _cut(text), guard)
        else:
            number = cell if form == "count" else Decimal(cell).scaleb(-_SCALES[form][0])
            sheet.write_number(line, place, number, self._numbers[form])


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _name(title: str) -> str:
    """Return a title as Excel takes it for the name of a sheet."""
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:25] or "list"
