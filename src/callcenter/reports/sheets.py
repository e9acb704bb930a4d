"""Lists on their way into files: rows as they come, so that a million of them need no more memory than one.

A :class:`Sheet` is a :class:`~callcenter.reports.table.Table` whose rows may pass but once. Files for programs carry
the public names of the columns and codes; files for people headings and words of their language. Text is guarded in
both, see :mod:`callcenter.model.cells`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from callcenter.model.cells import safe_cell
from callcenter.model.records import CallRecord, ChargeLine, VoicemailMessage, WorkSession
from callcenter.model.value import value
from callcenter.ports_lists import RejectedCall
from callcenter.reports import books, lists
from callcenter.reports.lists import Zones
from callcenter.reports.table import Cell, Column, Form, Table, columns, local_text, quoted, told, written
from callcenter.texts import Language, say

BOM: Final = "\ufeff"
"""By which Excel knows that a CSV is UTF-8."""
EVERY: Final = 1000
"""Rows between two notes of progress."""
REJECTED_COLUMNS: Final = columns("call center access_number caller reason at")


@value
class Sheet:
    """A list on its way into a file.

    Attributes:
        name: Key of its title in the catalogue, after ``report.``.
        rows: Each as long as ``columns``; may be gone through once.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[tuple[Cell, ...]]


def sheet_of(table: Table) -> Sheet:
    """Return a report as a sheet."""
    return Sheet(name=table.name, columns=table.columns, rows=table.rows)


def charges(lines: Iterable[ChargeLine], zones: Zones) -> Sheet:
    """Return the charge detail (通话费用明细)."""
    rows = (lists.charge_cells(line, zones[line.center]) for line in lines)
    return Sheet(name="charges", columns=lists.CHARGE_COLUMNS, rows=rows)


def calls(records: Iterable[CallRecord], zones: Zones) -> Sheet:
    """Return the call records (通话记录明细)."""
    rows = (lists.call_cells(record, zones[record.center]) for record in records)
    return Sheet(name="calls", columns=lists.CALL_COLUMNS, rows=rows)


def sessions(worked: Iterable[WorkSession], zones: Zones) -> Sheet:
    """Return the work sessions (坐席工作信息)."""
    rows = (lists.session_cells(session, zones[session.center]) for session in worked)
    return Sheet(name="sessions", columns=lists.SESSION_COLUMNS, rows=rows)


def voicemail(messages: Iterable[VoicemailMessage], zones: Zones) -> Sheet:
    """Return the messages that callers left."""
    rows = (lists.voicemail_cells(message, zones[message.center]) for message in messages)
    return Sheet(name="voicemail", columns=lists.VOICEMAIL_COLUMNS, rows=rows)


def rejected(refused: Iterable[RejectedCall], zones: Zones) -> Sheet:
    """Return the refused calls, each with its reason."""
    rows = (
        (one.call, one.center, one.dialled, one.caller, one.reason.value, local_text(one.at, zones[one.center]))
        for one in refused
    )
    return Sheet(name="rejected", columns=REJECTED_COLUMNS, rows=rows)


def adjustments(found: Iterable[books.Adjustment]) -> Sheet:
    """Return the adjustments of balances (充值记录)."""
    return Sheet(name="adjustments", columns=books.ADJUSTMENT_COLUMNS, rows=map(books.adjustment_cells, found))


def counted(sheet: Sheet, progress: Callable[[int], None]) -> Sheet:
    """Return a sheet that tells how many of its rows have passed, after every thousand and at the end."""

    def rows() -> Iterator[tuple[Cell, ...]]:
        passed = 0
        for passed, row in enumerate(sheet.rows, 1):
            yield row
            if passed % EVERY == 0:
                progress(passed)
        progress(passed)

    return Sheet(name=sheet.name, columns=sheet.columns, rows=rows())


def heads(sheet: Sheet, language: Language | None) -> list[str]:
    """Return the headings of a sheet: in a language, or the public names."""
    return [column.name if language is None else say(f"column.{column.name}", language) for column in sheet.columns]


def csv_lines(sheet: Sheet, language: Language | None = None, *, excel: bool = False) -> Iterator[str]:
    """Yield a sheet as lines of CSV, each ended by a newline, with one of headings first.

    Args:
        sheet: Its rows pass.
        language: Of headings and words; None: public names and codes.
        excel: Whether Excel is to open it: with a mark of UTF-8, and with guards on numbers that it would change.
    """
    yield (BOM if excel else "") + _line(heads(sheet, language))
    for row in sheet.rows:
        pairs = zip(row, sheet.columns, strict=True)
        yield _line(
            safe_cell(_words(cell, column, language), numbers=excel)
            if column.form is Form.TEXT
            else written(cell, column.form)
            for cell, column in pairs
        )


def _words(cell: Cell, column: Column, language: Language | None) -> str:
    return written(cell, column.form) if language is None else told(cell, column, language)


def _line(cells: Iterable[str]) -> str:
    return ",".join(map(quoted, cells)) + "\n"


def workbook_rows(sheet: Sheet, language: Language | None) -> Iterator[tuple[str | int | None, ...]]:
    """Yield rows as a workbook takes them: text, whole counts, and money (hao) and lengths (microseconds) as they are."""
    for row in sheet.rows:
        yield tuple(_raw(cell, column, language) for cell, column in zip(row, sheet.columns, strict=True))


def _raw(cell: Cell, column: Column, language: Language | None) -> str | int | None:
    if cell is None or column.form is Form.TEXT:
        return _words(cell, column, language)
    return cell if isinstance(cell, (int, str)) else cell.hao
