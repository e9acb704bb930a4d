"""A report as a table: named columns of typed cells, which become CSV, JSON or lines for a terminal.

Every report is built once, as a :class:`Table`; how it looks is decided here and nowhere else. CSV and JSON carry the
public names of the columns, a table for people their headings in Chinese or English.
"""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from callcenter.model.money import Money
from callcenter.model.times import MILLISECOND, Duration, Instant, Zone
from callcenter.model.value import value
from callcenter.texts import Language, keys, say

Cell: TypeAlias = str | int | Money | None
"""Text (also of times), a count or a length in microseconds, money, or nothing."""


class Form(enum.Enum):
    """How a column is written."""

    TEXT = "text"
    COUNT = "count"
    LENGTH = "length"
    """Microseconds inside; seconds with three decimals outside."""
    MONEY = "money"

    @property
    def is_number(self) -> bool:
        """Whether cells stand to the right."""
        return self is not Form.TEXT


@value
class Column:
    """A column: its public name, and how its cells are written."""

    name: str
    form: Form = Form.TEXT


@value
class Table:
    """A report.

    Attributes:
        name: Key of its title in the catalogue, after ``report.``.
        rows: Each as long as ``columns``.
        totals: Fields of the sentence ``total.NAME``; empty for a report without totals.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[tuple[str, Cell], ...] = ()


def columns(names: str, **forms: Form) -> tuple[Column, ...]:
    """Return columns by their names in one text, with the forms of those that are no text."""
    return tuple(Column(name=name, form=forms.get(name, Form.TEXT)) for name in names.split())


def local_text(at: Instant | None, zone: Zone) -> str | None:
    """Return local wall time as reports write it, cut to the second: ``2008-12-29 17:39:27``."""
    return None if at is None else zone.local(at).strftime("%Y-%m-%d %H:%M:%S")


def seconds_text(length: Duration | int) -> str:
    """Return a length in seconds with three decimals, to the nearest."""
    thousandths = (length + MILLISECOND // 2) // MILLISECOND
    return f"{thousandths // 1000}.{thousandths % 1000:03}"


def written(cell: Cell, form: Form) -> str:
    """Return a cell as CSV and tables write it; nothing is empty text."""
    if cell is None:
        return ""
    return seconds_text(cell) if form is Form.LENGTH and isinstance(cell, int) else str(cell)


def csv_text(table: Table) -> str:
    """Return a report as CSV with a header, lines ended by a newline."""
    header = [column.name for column in table.columns]
    rows = ([written(cell, column.form) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows)
    return "".join(",".join(map(quoted, row)) + "\n" for row in (header, *rows))


def quoted(cell: str) -> str:
    """Return a cell in quotes where it needs them; the csv module leaves a lone carriage return without."""
    return '"{}"'.format(cell.replace('"', '""')) if _SPECIAL & set(cell) else cell


def json_rows(table: Table) -> list[dict[str, Any]]:
    """Return a report as plain data: counts as numbers, seconds as numbers, fen as text, what is missing as null."""
    return [
        {column.name: _plain(cell, column.form) for cell, column in zip(row, table.columns, strict=True)}
        for row in table.rows
    ]


def _plain(cell: Cell, form: Form) -> str | int | float | None:
    if form is Form.LENGTH and cell is not None:
        return float(written(cell, form))
    return str(cell) if isinstance(cell, Money) else cell


def title(table: Table, language: Language) -> str:
    """Return the title of a report."""
    return say(f"report.{table.name}", language)


def headings(table: Table, language: Language) -> list[str]:
    """Return the headings of the columns for people."""
    return [say(f"column.{column.name}", language) for column in table.columns]


def shown_rows(table: Table, language: Language) -> list[list[str]]:
    """Return the cells as people read them: states and kinds in words of their language, not codes."""
    return [
        [told(cell, column, language) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows
    ]


def told(cell: Cell, column: Column, language: Language) -> str:
    """Return a cell as people read it: a code in words."""
    key = f"cell.{column.name}.{cell}"
    return say(key, language) if key in _WORDS else written(cell, column.form)


def total_line(table: Table, language: Language) -> str:
    """Return the sentence of the totals; empty when the report has none."""
    if not table.totals:
        return ""
    return say(f"total.{table.name}", language, **dict(table.totals))


def plain_lines(table: Table, language: Language) -> list[str]:
    """Return a report as lines of text: title, headings, rows, totals, without colours or frames."""
    rows = [headings(table, language), *shown_rows(table, language)]
    numbers = [column.form.is_number for column in table.columns]
    body = aligned(rows, numbers) if table.rows else [say("report.empty", language)]
    foot = total_line(table, language)
    return [title(table, language), *body, *([foot] if foot and table.rows else [])]


_WORDS: Final = frozenset(key for key in keys() if key.startswith("cell."))
"""Cells that are codes and have words."""
_SPECIAL: Final = frozenset(',"\r\n')
_WIDE: Final = frozenset("WF")


def width(text: str) -> int:
    """Return how many cells of a terminal a text takes: Chinese signs take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in _WIDE else 1 for sign in text)


def aligned(rows: Sequence[Sequence[str]], numbers: Sequence[bool]) -> list[str]:
    """Return rows as lines whose columns stand under each other; numbers to the right."""
    widths = [max(width(row[place]) for row in rows) for place in range(len(numbers))]
    lines = []
    for row in rows:
        cells = []
        for cell, size, number in zip(row, widths, numbers, strict=True):
            gap = " " * (size - width(cell))
            cells.append(gap + cell if number else cell + gap)
        lines.append("  ".join(cells).rstrip())
    return lines
