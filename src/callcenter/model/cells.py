"""What a spreadsheet must not take for a formula, or for a number: one judgement for every file that people open in one.

A caller may call itself ``=HYPERLINK(...)``; Excel and its like run what begins so. And a telephone number read as a
number loses its leading zero. Text that could be mistaken is guarded: in CSV by an apostrophe before it, in a workbook
by the same apostrophe as a property of the cell, where nobody sees it.
"""

from __future__ import annotations

from typing import Final

APOSTROPHE: Final = "'"
_FORMULA: Final = frozenset("=+-@\t\r\n＝＋－＠")
_BLANKS: Final = " \u00a0\u3000\u200b\ufeff\x0b\x0c"
_DIGITS_KEPT: Final = 15
"""Digits that a spreadsheet keeps of a number."""


def is_risky(text: str) -> bool:
    """Return whether a program would do something with a text instead of showing it.

    Looked at is the first sign behind leading blanks; an apostrophe as well, so that a guard can be told from it.
    """
    first = text.lstrip(_BLANKS)[:1]
    return first in _FORMULA if first else False


def reads_as_number(text: str) -> bool:
    """Return whether a spreadsheet would make a number of a text, and another text of that number."""
    if not text.isascii():
        return False
    plain = text.strip()
    if not plain.isdigit():
        return _is_scientific(plain)
    return len(plain) > _DIGITS_KEPT or (len(plain) > 1 and plain[0] == "0")


def _is_scientific(text: str) -> bool:
    """Return whether digits, an E and digits stand there, as in the id of an agent ``1E5``."""
    head, e, tail = text.upper().partition("E")
    return bool(e) and head.replace(".", "", 1).isdigit() and tail.isdigit()


def safe_cell(text: str, *, numbers: bool = False) -> str:
    """Return a text as a cell of CSV shows it and runs nothing.

    Args:
        text: Any.
        numbers: Whether text that a spreadsheet would read as another number is guarded as well.
    """
    guarded = is_risky(text) or text.startswith(APOSTROPHE) or (numbers and reads_as_number(text))
    return APOSTROPHE + text if guarded else text


def plain_cell(cell: str) -> str:
    """Return the text that :func:`safe_cell` was given."""
    return cell.removeprefix(APOSTROPHE)
